'use client';
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { socketAddress } from '@/lib/pod-socket';
import { KeyBar } from './key-bar';
import { ShellSession, type ShellSocket, type ShellState } from './shell-session';
import { readTheme } from './terminal-theme';

const resizeMs = 100;
const largePaste = 1024;

/** One shell in one terminal. Made anew for another pod, shell or attempt. */
export function TerminalPane({ path, label, onState }: { path: string; label: string; onState: (state: ShellState) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const shell = useRef<{ terminal: Terminal; session: ShellSession } | null>(null);
  const [paste, setPaste] = useState<string | null>(null);
  const report = useRef(onState);
  useEffect(() => {
    report.current = onState;
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const terminal = new Terminal({
      theme: readTheme(element),
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 13,
      lineHeight: 1.2,
      scrollback: 5000,
      minimumContrastRatio: 4.5,
      cursorBlink: false,
      macOptionIsMeta: true,
      allowProposedApi: false,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(element);
    fit.fit();
    terminal.textarea?.setAttribute('aria-label', label);
    const session = new ShellSession({
      socket: new WebSocket(socketAddress(path), 'v5.channel.k8s.io') as unknown as ShellSocket,
      onOutput: (bytes) => terminal.write(bytes),
      onState: (state) => {
        if (state.phase === 'live') terminal.focus();
        if (state.phase === 'ended') terminal.write(`\r\n── the shell ended: ${oneLine(state.ending.message)} ──\r\n`);
        if (state.phase === 'lost') terminal.write(`\r\n── ${oneLine(state.reason)} ──\r\n`);
        report.current(state);
      },
    });
    session.resize(terminal.cols, terminal.rows);
    terminal.onData((text) => session.write(text));
    terminal.onResize(({ cols, rows }) => session.resize(cols, rows));
    terminal.attachCustomKeyEventHandler((event) => keys(event, terminal));
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text') ?? '';
      if (!/[\r\n]/.test(text.trimEnd()) && text.length <= largePaste) return;
      event.preventDefault();
      event.stopPropagation();
      setPaste(text);
    };
    element.addEventListener('paste', onPaste, true);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => fit.fit(), resizeMs);
    });
    observer.observe(element);
    const themes = watchTheme(() => {
      terminal.options.theme = readTheme(element);
    });
    shell.current = { terminal, session };
    return () => {
      clearTimeout(timer);
      themes();
      observer.disconnect();
      element.removeEventListener('paste', onPaste, true);
      session.close();
      terminal.dispose();
      shell.current = null;
    };
  }, [path, label]);

  return (
    <>
      <div ref={box} data-owns-keys className="min-h-0 flex-1 overflow-hidden bg-sunken p-2 font-mono" />
      <KeyBar onKey={(text) => shell.current?.session.write(text)} onDone={() => shell.current?.terminal.focus()} />
      {paste === null ? null : (
        <ConfirmDialog
          open
          level={1}
          onClose={() => setPaste(null)}
          title="Paste into the shell"
          act={`Paste ${paste.split(/\r\n|\r|\n/).length} lines`}
          onConfirm={() => {
            shell.current?.terminal.paste(paste);
            setPaste(null);
          }}
        >
          <p>The shell runs each line as soon as it comes.</p>
          <pre className="max-h-60 overflow-auto rounded-control bg-sunken p-2 font-mono text-xs">{paste}</pre>
        </ConfirmDialog>
      )}
    </>
  );
}

/** F6 leaves for the next region; Ctrl Shift C and V are the clipboard's; everything else is the shell's. */
function keys(event: KeyboardEvent, terminal: Terminal): boolean {
  if (event.type !== 'keydown') return true;
  if (event.key === 'F6') return false;
  if (!event.ctrlKey || !event.shiftKey) return true;
  if (event.key.toLowerCase() === 'k') return false;
  if (event.key.toLowerCase() === 'c') {
    event.preventDefault();
    void navigator.clipboard?.writeText(terminal.getSelection()); // refused where the browser does not allow it
    return false;
  }
  return event.key.toLowerCase() !== 'v';
}

/** A message from outside may not write escapes into the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const oneLine = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').slice(0, 300);

function watchTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', onChange);
  };
}
