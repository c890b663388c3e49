import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalTarget, parseQuery, TargetError } from './canonical-target.js';
import { requestInfo } from './request-info.js';

const oracle = process.env.FAIRLEAD_KUBE_ORACLE ?? join(homedir(), '.cache/testbed/bin/kube');

test.skipIf(!existsSync(oracle))('reads 6,000 request lines as the API server does', () => {
  const lines = requestLines(6000, 20260601);
  const answers = execFileSync(oracle, ['requestinfo'], {
    input: `${lines.join('\n')}\n`,
    maxBuffer: 64 << 20,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
    .toString()
    .trim()
    .split('\n');
  expect(answers.length).toBe(lines.length);
  const different: string[] = [];
  let accepted = 0;
  for (const [i, line] of lines.entries()) {
    const theirs: unknown = JSON.parse(answers[i] ?? 'null');
    const [method = '', target = ''] = line.split(' ');
    const mark = target.indexOf('?');
    const path = decodeURIComponent(mark === -1 ? target : target.slice(0, mark));
    const ours = read(method, path, parseQuery(mark === -1 ? '' : target.slice(mark + 1), 'lenient'));
    if (normal(theirs) !== normal(ours)) different.push(`${line}\n  api server: ${normal(theirs)}\n  here:       ${normal(ours)}`);
    // What the gateway lets through must mean the same after canonicalisation.
    try {
      const canonical = canonicalTarget(target);
      accepted++;
      const again = read(method, canonical.decodedPath, canonical.params);
      if (strip(normal(again)) !== strip(normal(theirs)))
        different.push(`${line}\n  canonical: ${normal(again)}\n  api server: ${normal(theirs)}`);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
    }
  }
  expect(different.slice(0, 5).join('\n')).toBe('');
  expect(accepted).toBeGreaterThan(1000);
});

function read(method: string, path: string, params: ReturnType<typeof parseQuery>): unknown {
  try {
    return requestInfo(method, { path, params });
  } catch (error) {
    return { error: String(error) };
  }
}

function normal(value: unknown): string {
  const record = { ...(value as Record<string, unknown>) };
  if ('error' in record) return 'error';
  record.parts = record.parts ?? [];
  return JSON.stringify(record, Object.keys(record).sort());
}

/** `path` itself may lose one trailing slash. */
const strip = (text: string): string => text.replace(/"path":"[^"]*"/, '');

function requestLines(count: number, seed: number): string[] {
  const random = mulberry(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const words = [
    'api',
    'apis',
    'v1',
    'v1beta1',
    'apps',
    'batch',
    'namespaces',
    'pods',
    'deployments',
    'watch',
    'proxy',
    'status',
    'finalize',
    'exec',
    'log',
    'x',
    'kube-system',
    'secrets',
    'nodes',
    'web-1',
    'a:b',
    '%2e',
    'p%61ds',
    'scale',
    'healthz',
    'metrics',
    '',
    '..',
    'WATCH',
  ];
  const starts = [
    '/api/v1',
    '/apis/apps/v1',
    '/api/v1/namespaces',
    '/api/v1/namespaces/x',
    '/api/v1/watch',
    '/api/v1/proxy',
    '/apis',
    '/api',
    '',
    '/apis/batch',
    '/healthz',
    '/api/v1/namespaces/x/pods/y/proxy',
  ];
  const keys = [
    'watch',
    'WATCH',
    'fieldSelector',
    'labelSelector',
    'limit',
    'timeoutSeconds',
    'resourceVersion',
    'continue',
    'pretty',
    'sendInitialEvents',
    'allowWatchBookmarks',
    'resourceVersionMatch',
  ];
  const values = [
    '',
    '0',
    '1',
    'true',
    'false',
    'False',
    'TRUE',
    'no',
    't',
    'abc',
    '+1',
    '-1',
    '9223372036854775808',
    'metadata.name%3Dx',
    'metadata.name=x',
    'metadata.name==x',
    'metadata.name!=x',
    'metadata.name=x,spec.a=b',
    'a!b=c,metadata.name=q',
    'metadata.name=a,metadata.name=b',
    'metadata.name=a%2Fb',
    'metadata.name=..',
    'metadata.name=',
    'metadata.name%3Dx%5C,y',
    'metadata.name%3Dx%5Cy',
    'metadata.name',
    '=',
    ',',
    ',,metadata.name=z',
    'a%20in%20(b,c)',
    'a in (b',
    'a notin ()',
    '!a',
    '!a,b',
    'a=b',
    'a==b',
    'a!=b',
    'a>1',
    'a<x',
    'a=b,',
    ',a',
    'x/y/z',
    'x.y/z=1',
    'A/b',
    '-a',
    'in',
    'in in (in)',
    'a in (,)',
    'a in (b,,c)',
    'a=(',
    'a)',
    'a=!b',
    'a!',
    'a b',
    '%zz',
    'x;y',
    '%e2%82%ac',
    '%ff',
    'a%0ain%09(b)',
    'a%0b',
    '!!a',
    'a=b=c',
    'a,!b,c in (d)',
  ];
  const operators = values.filter((value) => /[=!,(]/.test(value));
  return Array.from({ length: count }, () => {
    const method = pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'DELETE', 'OPTIONS', 'get', 'PROPFIND']);
    const segments = Array.from({ length: Math.floor(random() * 6) }, () => pick(words));
    const path = `${pick(starts)}${segments.map((each) => `/${each}`).join('')}` || '/';
    const pairs = Array.from({ length: Math.floor(random() * 4) }, () => {
      const key = pick(keys);
      const value = /Selector/.test(key) ? pick(operators) : pick(values);
      return random() < 0.1 ? key : `${key}=${value.replaceAll(' ', '+')}`;
    });
    return `${method} ${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
  });
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
