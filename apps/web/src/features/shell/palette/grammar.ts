/** An app as the palette knows it. */
export interface Target {
  id: string;
  /** How addresses name it. */
  ref: string;
  name: string;
  project: string;
  cluster: string;
  namespace: string;
  replicas: number | null;
  revision: number;
}

export type Command =
  | { verb: 'scale'; target: Target; replicas: number }
  | { verb: 'deploy'; target: Target; image: string }
  | { verb: 'restart'; target: Target }
  | { verb: 'rollback'; target: Target; revision: number | null }
  | { verb: 'logs'; target: Target; previous: boolean }
  | { verb: 'shell'; target: Target }
  | { verb: 'sleep'; target: Target };

/** What the words mean: nothing of the grammar, not yet enough, one or several commands (the same name in several places). */
export type Parsed =
  | { kind: 'search'; text: string }
  | { kind: 'incomplete'; hint: string; targets: Target[] }
  | { kind: 'commands'; commands: Command[] };

const usage: Record<Command['verb'], string> = {
  scale: 'scale web 5 · scale web +2',
  deploy: 'deploy web nginx:1.27',
  restart: 'restart web',
  rollback: 'rollback web 40',
  logs: 'logs web · logs web previous',
  shell: 'shell web',
  sleep: 'sleep web',
};
const isVerb = (word: string): word is Command['verb'] => word in usage;

/**
 * `[verb] target [value] [@place]`, or free text. `@place` is a project, cluster or namespace. Never guesses: what stands for several apps
 * gives several commands.
 */
export function parseCommand(text: string, targets: readonly Target[]): Parsed {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const [verb = '', ...rest] = words;
  if (!isVerb(verb.toLowerCase())) return { kind: 'search', text: text.trim() };
  const place = rest.find((word) => word.startsWith('@'))?.slice(1);
  const [name = '', value, ...extra] = rest.filter((word) => !word.startsWith('@'));
  const inPlace = place ? targets.filter((t) => [t.project, t.cluster, t.namespace].includes(place)) : targets;
  const exact = inPlace.filter((target) => target.name === name);
  const known = verb.toLowerCase() as Command['verb'];
  if (exact.length === 0 || extra.length > 0) {
    return { kind: 'incomplete', hint: usage[known], targets: inPlace.filter((target) => target.name.startsWith(name)) };
  }
  const commands = exact.map((target) => build(known, target, value));
  const complete = commands.filter((command): command is Command => command !== null);
  return complete.length === commands.length
    ? { kind: 'commands', commands: complete }
    : { kind: 'incomplete', hint: usage[known], targets: [] };
}

function build(verb: Command['verb'], target: Target, value: string | undefined): Command | null {
  switch (verb) {
    case 'scale': {
      const replicas = replicasOf(value, target.replicas);
      return replicas === null ? null : { verb, target, replicas };
    }
    case 'deploy':
      return value && /^[\w][\w./:@-]*$/.test(value) ? { verb, target, image: value } : null;
    case 'rollback':
      if (value === undefined) return { verb, target, revision: null };
      return /^\d+$/.test(value) && Number(value) >= 1 ? { verb, target, revision: Number(value) } : null;
    case 'logs':
      return value === undefined || value === 'previous' ? { verb, target, previous: value === 'previous' } : null;
    case 'restart':
    case 'shell':
    case 'sleep':
      return value === undefined ? { verb, target } : null;
    default:
      return verb satisfies never;
  }
}

/** "5" is a size, "+2" and "-1" are steps from what is wanted now; null for anything else. */
function replicasOf(value: string | undefined, now: number | null): number | null {
  if (!value || !/^[+-]?\d{1,4}$/.test(value)) return null;
  const step = /^[+-]/.test(value);
  if (step && now === null) return null;
  const replicas = step ? (now ?? 0) + Number(value) : Number(value);
  return replicas >= 0 && replicas <= 1000 ? replicas : null;
}

/** Says all of a command before it is done. */
export function previewOf(command: Command): string {
  const { name, project, cluster } = command.target;
  const where = `in ${project} on ${cluster}`;
  switch (command.verb) {
    case 'scale': {
      const from = command.target.replicas;
      return `Scale ${name} ${where}${from === null ? '' : ` from ${from}`} to ${command.replicas}`;
    }
    case 'deploy':
      return `Deploy ${command.image} to ${name} ${where}`;
    case 'restart':
      return `Restart ${name} ${where}, pod by pod`;
    case 'rollback':
      return command.revision === null
        ? `Choose a revision of ${name} ${where} to roll back to`
        : `Roll ${name} ${where} back to ${command.revision}`;
    case 'logs':
      return `Show ${command.previous ? "the last crash's" : 'the'} log of ${name} ${where}`;
    case 'shell':
      return `Open a shell in ${name} ${where}`;
    case 'sleep':
      return `Scale ${name} ${where} to 0`;
    default:
      return command satisfies never;
  }
}
