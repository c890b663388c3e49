import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

export interface RealAnswer {
  code: number;
  warnings: string[];
  body: Record<string, unknown>;
}
export type RealCluster = (method: string, path: string, body?: unknown, type?: string) => Promise<RealAnswer>;

/** A real API server to compare with; undefined where none is named. Only a testbed's administrator (a client certificate) is understood. */
export function realCluster(kubeconfig = process.env.FAIRLEAD_TEST_KUBECONFIG): RealCluster | undefined {
  if (!kubeconfig) return undefined;
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
  };
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const pem = (data: string): Buffer => Buffer.from(data, 'base64');
  const agent = new Agent({ keepAlive: true });
  const credentials = {
    agent,
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  };
  return (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': type };
      const sent = request(`${cluster.server}${path}`, { ...credentials, method, headers }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString();
          // What is not served at all is answered in plain text.
          const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
          const warnings = [response.headers.warning ?? []].flat().map((each) => String(each));
          resolve({ code: response.statusCode ?? 0, warnings, body });
        });
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    });
}
