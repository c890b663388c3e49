import { programs } from '../commands/programs.js';
import type { Image, ServerKind } from '../images/images.js';
import type { Container } from '../pod.js';
import type { Scene } from '../scenes/scene.js';

/** What a container will do once it is started. */
export type Plan =
  | { is: 'serve'; kind: ServerKind; ports: readonly number[]; listensAfterMs: number; endsAfterMs: number; deaf: boolean }
  | { is: 'run'; argv: readonly string[] }
  | { is: 'end'; afterMs: number; exitCode: number; words: string; oom: boolean }
  | { is: 'not found'; name: string };

const entrypoints = /(^|\/)(docker-)?entrypoint\.sh$|(^|\/)(tini|dumb-init|catatonit)$/;
const languages =
  /^(python[\d.]*|node|java|ruby|php|go|deno|bun|npm|npx|yarn|pnpm|gunicorn|uvicorn|flask|dotnet|rails|puma|celery|mix|cargo|apache2-foreground)$/;
const nowhere = /missing|non-?existent|does-?not-?exist|no-?such/;

/** The words it is started with: the pod's, or the image's. */
export const commandLine = (image: Image, { command, args }: Pick<Container, 'command' | 'args'>): string[] => [
  ...(command?.length ? command : image.command),
  ...(args?.length ? args : command?.length ? [] : image.args),
];

export function planOf(
  image: Image,
  container: Container,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  scene: Scene | undefined,
): Plan {
  switch (scene?.is) {
    case 'crash':
      return { is: 'end', afterMs: scene.afterMs, exitCode: scene.exitCode, words: scene.words, oom: false };
    case 'complete':
      return { is: 'end', afterMs: scene.afterMs, exitCode: 0, words: scene.words, oom: false };
    case 'oom':
      return { is: 'end', afterMs: scene.afterMs, exitCode: 137, words: '', oom: true };
    case 'bad-command':
      return { is: 'not found', name: argv[0] ?? 'app' };
    default:
      break;
  }
  const serve = (kind: ServerKind, ports: readonly number[]): Plan => ({
    is: 'serve',
    kind,
    ports,
    listensAfterMs: scene?.is === 'slow-start' ? scene.forMs : kind === 'postgres' || kind === 'mysql' ? 1200 : 100,
    endsAfterMs: kind === 'postgres' || kind === 'mysql' ? 400 : 100,
    deaf: scene?.is === 'hang',
  });
  const words = argv.filter((word, index) => !(index < 2 && (entrypoints.test(word) || word === '--')));
  const [first = ''] = words;
  const name = first.split('/').pop() ?? '';
  const declared = (container.ports ?? []).filter((each) => (each.protocol ?? 'TCP') === 'TCP').map((each) => each.containerPort);
  const own = [env.PORT, env.HTTP_PORT].map(Number).filter((port) => Number.isInteger(port) && port > 0);
  const appPorts = declared.length > 0 ? declared : own.length > 0 ? own : [image.port || 8080];
  const byImage = container.command?.length
    ? first === image.args[0]
    : words.length === 0 || first === image.args[0] || first.startsWith('-');
  if (image.server && byImage) return serve(image.server, image.server === 'app' ? appPorts : portsOf(image, words, declared));
  const isScript = words.length > 1 && !words.some((word) => ['--version', '-V', '-v', '-c', '-e', '-r'].includes(word));
  if (languages.test(name) && isScript) {
    const given = words.includes('http.server') ? Number(words.find((word) => /^\d{2,5}$/.test(word)) ?? 8000) : undefined;
    return serve('app', given === undefined ? appPorts : [given]);
  }
  if (programs[name]) return { is: 'run', argv: words };
  if (image.server === 'app' && first.includes('/') && !nowhere.test(first)) return serve('app', appPorts);
  return { is: 'run', argv: words };
}

/** Servers that know their port by themselves, or from a flag. */
function portsOf(image: Image, words: readonly string[], declared: readonly number[]): number[] {
  const flag = words.findIndex((word) => /^--?(port|listen|addr)$/.test(word));
  const inline = words.map((word) => /^--?(?:port|listen|addr|http-port)=.*?(\d+)$/.exec(word)?.[1]).find(Boolean);
  const given = Number(inline ?? /(\d+)$/.exec(words[flag + 1] ?? '')?.[1] ?? Number.NaN);
  if (flag !== -1 || inline) return [given];
  return image.server === 'echo' && declared.length > 0 && image.family !== 'none' ? [image.port, ...declared] : [image.port];
}
