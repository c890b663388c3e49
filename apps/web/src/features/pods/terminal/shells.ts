import { podSocketPath } from '@/lib/pod-socket';

/** What is started. `auto`: bash where the image has it, else sh. */
export const shells = [
  { value: 'auto', label: 'bash or sh' },
  { value: 'bash', label: 'bash' },
  { value: 'sh', label: 'sh' },
  { value: 'ash', label: 'ash' },
] as const;
export type ShellName = (typeof shells)[number]['value'];
export const isShell = (text: string): text is ShellName => shells.some(({ value }) => value === text);

const commandOf = (shell: ShellName): string[] =>
  shell === 'auto' ? ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh'] : [shell];

export interface ShellPlace {
  cluster: string;
  namespace: string;
  pod: string;
  container: string | null;
}

export function execPath(at: ShellPlace, shell: ShellName): string {
  const query: [string, string][] = [
    ...commandOf(shell).map((word): [string, string] => ['command', word]),
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['tty', 'true'],
  ];
  if (at.container) query.push(['container', at.container]);
  return podSocketPath(at, 'exec', query);
}

export const execCommand = (at: ShellPlace, shell: ShellName): string =>
  [
    `kubectl --context fairlead-${at.cluster} -n ${at.namespace} exec -it ${at.pod}`,
    at.container ? `-c ${at.container}` : '',
    `-- ${shell === 'auto' ? "sh -c 'command -v bash >/dev/null 2>&1 && exec bash || exec sh'" : shell}`,
  ]
    .filter(Boolean)
    .join(' ');
