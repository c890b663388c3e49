import { describe, expect, it } from 'vitest';
import { knownPort } from './known-port';

describe('the port of an image', () => {
  it.each([
    ['nginx', 80],
    ['nginx:1.27', 80],
    ['docker.io/library/nginx@sha256:00', 80],
    ['localhost:5000/team/redis:7', 6379],
    ['ghcr.io/shop/web:2', null],
    ['nginx-exporter', null],
    ['constructor', null],
    ['', null],
  ])('%s', (image, port) => expect(knownPort(image)?.port ?? null).toBe(port));

  it('tells what speaks HTTP', () => {
    expect([knownPort('nginx')?.web, knownPort('postgres')?.web]).toEqual([true, false]);
  });
});
