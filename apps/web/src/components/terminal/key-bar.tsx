'use client';

const keys: { label: string; name: string; text: string }[] = [
  { label: 'Esc', name: 'Esc', text: '\x1b' },
  { label: 'Tab', name: 'Tab', text: '\t' },
  { label: '^C', name: 'Control C', text: '\x03' },
  { label: '^D', name: 'Control D', text: '\x04' },
  { label: '↑', name: 'Up', text: '\x1b[A' },
  { label: '↓', name: 'Down', text: '\x1b[B' },
  { label: '|', name: 'Pipe', text: '|' },
];

/** Keys that a phone's keyboard lacks. */
export function KeyBar({ onKey, onDone }: { onKey: (text: string) => void; onDone: () => void }) {
  return (
    <div role="toolbar" aria-label="Keys" className="flex gap-1 border-t p-1 sm:hidden">
      {keys.map(({ label, name, text }) => (
        <button
          key={name}
          type="button"
          aria-label={name}
          onClick={() => {
            onKey(text);
            onDone();
          }}
          className="h-11 flex-1 rounded-control border border-edge bg-surface font-mono text-sm"
        >
          {label}
        </button>
      ))}
    </div>
  );
}
