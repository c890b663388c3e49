import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isTestServer, refuseForeignClusters } from '../lib/test-cluster.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a cluster for tests', () => {
  it.each([
    ['https://127.0.0.1:16443', true],
    ['https://localhost:6443', true],
    ['https://[::1]:6443', true],
    ['https://10.250.0.1:6443', true],
    ['https://10.250.0.10:6443', false],
    ['https://127.0.0.1.example.com', false],
    ['https://127.example.com', false],
    ['https://prod.example.com', false],
    ['not a url', false],
    [undefined, false],
  ])('%s: %s', (server, allowed) => {
    expect(isTestServer(server)).toBe(allowed);
  });

  it('is refused if any server of the file is foreign', async () => {
    const file = path.join(folder, 'config');
    writeFileSync(file, 'clusters: [{cluster: {server: "https://127.0.0.1:1"}}, {cluster: {server: "https://prod.example.com"}}]');
    await expect(refuseForeignClusters({ FAIRLEAD_TEST_KUBECONFIG: file })).rejects.toThrow(/Refused/);
    writeFileSync(file, 'clusters: [{cluster: {server: "https://127.0.0.1:1"}}]');
    await refuseForeignClusters({ FAIRLEAD_TEST_KUBECONFIG_NODE: file });
  });

  it('is refused if the file is not there or empty', async () => {
    await expect(refuseForeignClusters({ FAIRLEAD_TEST_KUBECONFIG: path.join(folder, 'none') })).rejects.toThrow(/does not exist/);
  });
});
