import type { ServerResponse } from 'node:http';
import { ClusterUnreachable, KubeError } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';
import { PortRefused } from '../gateway/index.js';
import { Trouble, troubles } from './trouble.js';

export interface Asked {
  method: string;
  accept: string;
  /** What the opening leads to, in words; '' where that is not known or nobody's to know. */
  target: string;
  /** Fairlead itself. */
  home: string;
}

/** What went wrong on the way to the app, in a person's words. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  if (error instanceof PortRefused)
    return new Trouble('nothing_listens', /connection refused/i.test(error.message) ? 'connection refused' : '');
  if (error instanceof KubeError) {
    if (error.code === 403) return new Trouble('refused', error.message.slice(0, 500));
    if (error.code === 404) return new Trouble('pod_gone', error.message.slice(0, 300));
    return new Trouble('no_pod', error.message.slice(0, 300));
  }
  if (error instanceof ClusterUnreachable) return new Trouble('away', error.why);
  if (error instanceof AppError) return new Trouble(error.status === 403 ? 'refused' : 'away', error.message);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return new Trouble('no_http');
  return new Trouble('broken');
}

/** A page for a browser that wants one, JSON for everything else. Nothing of the request is repeated on it. */
export function sendTrouble(res: ServerResponse, trouble: Trouble, asked: Asked, headers: Record<string, string> = {}): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const html = asked.accept.includes('text/html');
  const text = html
    ? pageOf(trouble, asked)
    : JSON.stringify({ code: trouble.code, message: trouble.message, help: troubles[trouble.code][2] });
  res
    .writeHead(trouble.status, {
      'content-type': `${html ? 'text/html' : 'application/json'}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-fairlead-trouble': trouble.code,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      connection: 'close',
      ...headers,
    })
    .end(asked.method === 'HEAD' ? undefined : text);
}

function pageOf({ code, detail }: Trouble, { target, home }: Asked): string {
  const [, title, help] = troubles[code];
  const paragraph = (text: string) => (text === '' ? '' : `<p>${safe(text)}</p>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${safe(title)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}h1{font-size:1.25rem}p{overflow-wrap:anywhere}small{opacity:.7}</style>
<main><h1>${safe(title)}</h1>${paragraph(detail)}${paragraph(help)}<p><a href="${safe(home)}" rel="noreferrer">Fairlead</a></p><small>${safe(target)}</small></main></html>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const safe = (text: string): string => text.replace(/[&<>"']/g, (each) => entities[each] ?? '');
