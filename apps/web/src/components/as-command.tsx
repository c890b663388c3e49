'use client';
import { Terminal } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button';
import { CopyButton } from './copy-button';
import { Dialog } from './dialog';
import { Tabs } from './tabs';

export interface Commands {
  kubectl?: string;
  rest?: string;
  yaml?: string;
}

const words = { kubectl: 'kubectl', rest: 'REST', yaml: 'YAML' } as const;

/** What a click does, as commands to copy. Never holds a secret: the token is `$FAIRLEAD_TOKEN`. */
export function AsCommand({ commands, what }: { commands: Commands; what: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" onClick={() => setOpen(true)}>
        <Terminal size={16} strokeWidth={1.75} aria-hidden />
        As command
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="As command" description={what} size="large">
        <CommandTabs commands={commands} />
      </Dialog>
    </>
  );
}

export function CommandTabs({ commands }: { commands: Commands }) {
  const tabs = (['kubectl', 'rest', 'yaml'] as const).filter((kind) => commands[kind]).map((value) => ({ value, label: words[value] }));
  const [chosen, choose] = useState<keyof Commands>('kubectl');
  const value = tabs.find((tab) => tab.value === chosen)?.value ?? tabs[0]?.value;
  if (!value) return null;
  return (
    <Tabs value={value} onChange={choose} tabs={tabs}>
      <CodeBlock text={commands[value] ?? ''} />
    </Tabs>
  );
}

/** Text to read and copy, in its own scrolling box. */
export function CodeBlock({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <div className="relative rounded-panel border bg-sunken">
      <div className="absolute end-1 top-1 rounded-control bg-sunken">
        <CopyButton text={text} label={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="max-h-[50vh] overflow-auto p-3 pe-12 font-mono pointer-coarse:pe-16 text-xs leading-5">
        {text}
      </pre>
    </div>
  );
}

/** The REST call of a route with curl. */
export function curl(method: string, path: string, body?: unknown): string {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  const head = `curl -X ${method} ${origin}/api/v1${path} \\\n  -H "Authorization: Bearer $FAIRLEAD_TOKEN"`;
  if (body === undefined) return head;
  return `${head} \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
}
