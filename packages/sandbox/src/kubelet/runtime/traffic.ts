import type { ServerKind } from '../images/images.js';
import { hashOf } from '../images/pull.js';
import type { Container } from '../pod.js';
import type { LogLine } from './log.js';
import { accessLine } from './servers.js';

const slotMs = 4000;
const mostSlots = 1200;
const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15',
  'curl/8.9.1',
  'Go-http-client/1.1',
];
const paths = ['/', '/', '/', '/', '/favicon.ico', '/api/items', '/api/items/42', '/login', '/static/app.js', '/static/app.css'];

/** How much people want of a web app at that time: 0.15 at night, 1 at noon, with a little noise of its own. */
export function demand(key: string, now: number): number {
  const hour = (now / 3600_000) % 24;
  const day = 0.575 - 0.425 * Math.cos(((hour - 1) / 24) * 2 * Math.PI);
  const ripple = 0.12 * Math.sin(now / 97_000 + (hashOf(key) % 7));
  return Math.min(Math.max(day * (1 + ripple), 0.05), 1.2);
}

/** The access log between two times: visitors (where a service leads here) and the kubelet's probes. The same for the same times, whoever asks. */
export function visits(
  kind: ServerKind,
  uid: string,
  container: Container,
  { node, hasVisitors, startedAt }: { node: string; hasVisitors: boolean; startedAt: number },
  from: number,
  to: number,
): LogLine[] {
  const lines: LogLine[] = [];
  const first = Math.max(from, to - mostSlots * slotMs);
  const known = kind === 'app' || kind === 'echo' || kind === 'cpu' ? paths.length : 5;
  for (let slot = Math.ceil(first / slotMs); hasVisitors && slot * slotMs <= to; slot += 1) {
    const chance = hashOf(`${uid}/${slot}`);
    if ((chance % 1000) / 1000 > demand(uid, slot * slotMs)) continue;
    const at = slot * slotMs + (chance % slotMs);
    if (at <= first || at > to) continue;
    const path = paths[(chance >>> 8) % known] ?? '/';
    const code = path === '/favicon.ico' ? 404 : 200;
    const request = { method: 'GET', path, agent: agents[(chance >>> 12) % agents.length] ?? '', from: `10.244.${(chance >>> 16) % 3}.1` };
    lines.push(accessLine(kind, at, request, code, code === 404 ? 153 : 615));
  }
  for (const probe of [container.readinessProbe, container.livenessProbe]) {
    const path = probe?.httpGet?.path ?? '/';
    if (!probe?.httpGet || path === '/fail' || path === '/crash') continue;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const begins = startedAt + (probe.initialDelaySeconds ?? 0) * 1000 + 600;
    const index = Math.max(Math.ceil((first - begins) / period), 0);
    for (let at = begins + index * period; at <= to; at += period) {
      if (at > first) lines.push(accessLine(kind, at, { method: 'GET', path, agent: 'kube-probe/1.34', from: node }, 200, 615));
    }
  }
  return lines.sort((a, b) => a.at - b.at);
}
