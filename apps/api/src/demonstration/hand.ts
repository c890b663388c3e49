/** Somebody at the REST API: asks as a browser would, with a session's cookie and the door's origin. */
export class Hand {
  private cookie = '';

  constructor(
    readonly name: string,
    private readonly origin: string,
  ) {}

  async signIn(password: string): Promise<void> {
    const answer = await this.send('POST', '/auth/sign-in', { username: this.name, password });
    this.cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** The answer's body. Throws with method, path, status and the API's own words. */
  async ask<T = unknown>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.send(method, path, body, headers);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  /** For an act that is to be refused: the code of the refusal. */
  async isRefused(method: string, path: string, body?: object): Promise<string> {
    const answer = await this.fetch(method, path, body, {});
    const { code } = (await answer.json()) as { code?: string };
    if (answer.ok || !code) throw new Error(`${method} ${path} was not refused`);
    return code;
  }

  private async send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await this.fetch(method, path, body, headers);
    if (!answer.ok) throw new Error(`${method} ${path} as ${this.name}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    return answer;
  }

  private fetch(method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        origin: this.origin,
        ...(this.cookie && { cookie: this.cookie }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  }
}
