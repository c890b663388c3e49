'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Dialog } from '@/components/dialog';
import { Checkbox } from '@/components/field';
import { isTyping, lettersOn, setLetters, useKey } from '@/lib/keys';
import { paths } from '@/lib/paths';

const goTo: Record<string, string> = { o: paths.overview, p: paths.projects, c: paths.clusters, u: paths.audit };

const list: [keys: string, what: string][] = [
  ['Ctrl K', 'Search or do'],
  ['/', 'Filter this list'],
  ['G then O P C U', 'Go to overview, projects, clusters, audit'],
  ['J K', 'Next and previous row; Enter opens it'],
  ['N', 'New: deploy, add, create'],
  ['S', "Size of this page's app"],
  ['L · T · R', 'Logs, terminal, roll back'],
  ['Ctrl Enter', 'The main act of a form'],
  ['F6', 'Next region; also out of a terminal'],
  ['Esc', 'Close the innermost'],
  ['?', 'This list'],
];

/** Keys that work everywhere: Ctrl K, G and a letter, / to the filter, F6 from region to region, ? for the list. */
export function Shortcuts({ onPalette }: { onPalette: () => void }) {
  const [help, setHelp] = useState(false);
  const [letters, setLettersShown] = useState(true);
  useKey('?', () => {
    setLettersShown(lettersOn());
    setHelp(true);
  });
  useKey('/', focusFilter);
  useGoKeys();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inTerminal = event.target instanceof HTMLElement && event.target.closest('[data-owns-keys]') !== null;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && (!inTerminal || event.shiftKey)) {
        event.preventDefault();
        onPalette();
      }
      if (event.key === 'F6') {
        event.preventDefault();
        nextRegion(event.shiftKey ? -1 : 1);
      }
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [onPalette]);
  return (
    <Dialog open={help} onClose={() => setHelp(false)} title="Keys">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-sm">
        {list.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt className="font-mono text-xs leading-5">{keys}</dt>
            <dd className="text-muted">{what}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 border-t pt-3">
        <Checkbox
          label="Single letters do something"
          checked={letters}
          onChange={(on) => {
            setLetters(on);
            setLettersShown(on);
          }}
        />
      </div>
    </Dialog>
  );
}

function focusFilter() {
  document.querySelector<HTMLElement>('main [data-filter] input, main input[type="search"]')?.focus();
}

/** G, then within a second and a half a letter. */
function useGoKeys() {
  const router = useRouter();
  useEffect(() => {
    let until = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !lettersOn()) return;
      const path = goTo[event.key];
      if (Date.now() < until && path) {
        event.preventDefault();
        event.stopImmediatePropagation();
        router.push(path);
      }
      until = event.key === 'g' ? Date.now() + 1500 : 0;
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [router]);
}

function nextRegion(step: number) {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => region.offsetParent !== null);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  (next?.matches('main') ? (next.querySelector<HTMLElement>('h1') ?? next) : next?.querySelector<HTMLElement>('a, button'))?.focus();
}
