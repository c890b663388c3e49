import { describe, expect, it } from 'vitest';
import { imageOf } from './images.js';
import { pullOf } from './pull.js';
import { imageReference } from './reference.js';

describe('an image name', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['acme/shop:v2', 'docker.io/acme/shop:v2'],
    ['ghcr.io/acme/shop', 'ghcr.io/acme/shop:latest'],
    ['localhost:5000/shop:1', 'localhost:5000/shop:1'],
    [`nginx@sha256:${'0'.repeat(64)}`, `docker.io/library/nginx@sha256:${'0'.repeat(64)}`],
  ])('%s is %s', (image, canonical) => {
    expect(imageReference(image)).toMatchObject({ canonical });
  });

  it.each([['Nginx'], ['nginx:a:b'], ['nginx:'], ['acme//shop'], ['nginx@sha256:12'], ['-x'], ['']])('%s is none', (image) => {
    expect(imageReference(image)).toMatch(/^invalid reference format/);
  });
});

describe('a pull', () => {
  it.each([
    ['nginx:1.27', 'there'],
    ['somebody/own-app:2026-01-01', 'there'],
    ['nginx:missing', 'refused'],
    ['nginx:nonexistent', 'refused'],
    ['acme/does-not-exist', 'refused'],
    ['nginx:99.99.99', 'refused'],
    ['nginx:1.99', 'refused'],
    ['nginx:1.27-tpyo', 'refused'],
    ['redis:seven', 'refused'],
    ['acme/nginx:1.99-tpyo', 'there'],
    ['shop:1.99-tpyo', 'there'],
    ['nginx:1.29.3-alpine3.22-perl', 'there'],
    ['postgres:17rc1-bookworm', 'there'],
    ['debian:bookworm-20240904-slim', 'there'],
    ['ubuntu:24.04', 'there'],
    ['node:22.12-alpine', 'there'],
    [`nginx@sha256:${'0'.repeat(64)}`, 'there'],
    ['private.example.com/app', 'refused'],
    ['registry.invalid/app', 'refused'],
    ['NGINX', 'no name'],
  ])('%s: %s', (image, is) => {
    expect(pullOf(image, () => false).is).toBe(is);
  });

  it('a pull secret opens a private registry', () => {
    expect(pullOf('private.example.com/app', (host) => host === 'private.example.com').is).toBe('there');
  });
});

describe('what an image is', () => {
  it.each([
    ['nginx:1.27', { family: 'debian', server: 'nginx', port: 80 }],
    ['nginx:1.27-alpine', { family: 'alpine', server: 'nginx' }],
    ['bitnami/redis', { server: 'redis', port: 6379 }],
    ['rockylinux:8', { family: 'rocky', release: '8' }],
    ['alpine:3.20', { family: 'alpine', release: '3.20' }],
    ['ghcr.io/acme/shop', { server: 'app', port: 8080 }],
    ['registry.k8s.io/pause:3.10', { family: 'none', server: 'pause' }],
  ])('%s', (image, facts) => {
    const reference = imageReference(image);
    expect(typeof reference === 'string' ? reference : imageOf(reference)).toMatchObject(facts);
  });
});
