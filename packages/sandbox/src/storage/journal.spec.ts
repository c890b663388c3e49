import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../machinery/virtual-clock.js';
import { lockFolder } from './folder-lock.js';
import { Journal } from './journal.js';
import { Store } from './store.js';

const object = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', uid: name },
  ...more,
});

describe('the journal', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sandbox-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = () => {
    const clock = new VirtualClock();
    const store = new Store();
    const said: string[] = [];
    const journal = Journal.open(folder, store, clock, (text) => said.push(text));
    return { clock, store, journal, said };
  };
  const names = (store: Store) => store.list('pods').map(({ metadata }) => metadata.name);
  const file = () => path.join(folder, 'state.jsonl');

  it('finds again what was written, and goes on with the revisions', () => {
    const first = open();
    first.store.put('pods', object('x'));
    first.store.put('pods', object('y'));
    first.store.remove('pods', 'a', 'x');
    first.journal.close();
    const second = open();
    expect(names(second.store)).toEqual(['y']);
    expect(second.store.revision).toBe(first.store.revision);
    expect(second.store.oldestRevision).toBe(first.store.revision);
    expect(second.store.ownedBy('nobody')).toEqual([]);
  });

  it('knows who owns whom before anything is read, and reads each object once', () => {
    const owned = (name: string, owner: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'a', uid: name, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: owner, uid: owner }] },
    });
    const first = open();
    first.store.put('pods', object('owner'));
    first.store.put('pods', owned('child', 'owner'));
    first.store.put('pods', owned('freed', 'owner'));
    first.store.put('pods', object('freed'));
    first.journal.close();
    const { store } = open();
    const [child] = store.ownedBy('owner');
    expect(store.ownedBy('owner')).toEqual([first.store.get('pods', 'a', 'child')]);
    expect(store.get('pods', 'a', 'child')).toBe(child);
    store.remove('pods', 'a', 'child');
    expect(store.ownedBy('owner')).toEqual([]);
  });

  it('writes anew what nobody has read', () => {
    const first = open();
    first.store.put('pods', object('unread', { text: 'ü "object":{' }));
    first.journal.close();
    const second = open();
    const large = 'x'.repeat(1024 * 1024);
    for (let round = 0; round < 17; round += 1) {
      second.store.put('pods', object('changing', { round, large }));
      second.journal.flush();
    }
    second.clock.advance(100);
    second.journal.close();
    expect(statSync(file()).size).toBeLessThan(3 * 1024 * 1024);
    expect(open().store.get('pods', 'a', 'unread')).toEqual(first.store.get('pods', 'a', 'unread'));
  });

  it('writes a moment later, without a close', () => {
    const first = open();
    first.store.put('pods', object('x'));
    first.clock.advance(20);
    expect(names(open().store)).toEqual(['x']);
  });

  it.each([
    ['half a line', (text: string) => text.slice(0, -7)],
    ['a changed byte', (text: string) => text.replace('"y"', '"z"')],
    ['rubbish', (text: string) => `${text}rubbish\n`],
  ])('cuts %s and says so', (_, damage) => {
    const first = open();
    first.store.put('pods', object('x'));
    first.clock.advance(20);
    const whole = names(first.store);
    first.store.put('pods', object('y'));
    first.journal.close();
    writeFileSync(file(), damage(readFileSync(file(), 'utf8')));
    const second = open();
    expect(names(second.store)).toEqual(expect.arrayContaining(whole));
    expect(second.said.join()).toContain('cannot be read and are cut off');
    second.store.put('pods', object('w'));
    second.journal.close();
    const third = open();
    expect(third.said).toEqual([]);
    expect(names(third.store)).toContain('w');
  });

  it('is written anew when it is mostly history, and loses nothing of what comes meanwhile', () => {
    const first = open();
    first.store.put('pods', object('kept'));
    const large = 'x'.repeat(1024 * 1024);
    for (let round = 0; round < 17; round += 1) {
      first.store.put('pods', object('changing', { round, large }));
      first.journal.flush();
    }
    first.store.put('pods', object('meanwhile'));
    first.store.remove('pods', 'a', 'kept');
    first.clock.advance(100);
    expect(statSync(file()).size).toBeLessThan(3 * 1024 * 1024);
    first.store.put('pods', object('later'));
    first.journal.close();
    const second = open();
    expect(names(second.store)).toEqual(['changing', 'later', 'meanwhile']);
    expect(second.store.revision).toBe(first.store.revision);
  });

  it('belongs to one process', () => {
    const unlock = lockFolder(folder);
    writeFileSync(path.join(folder, 'lock'), `${process.ppid}\n`);
    expect(() => lockFolder(folder)).toThrow(/in use by process/);
    // The same number, born at another time: somebody else.
    writeFileSync(path.join(folder, 'lock'), `${process.ppid} 1\n`);
    if (process.platform === 'linux') lockFolder(folder)();
    writeFileSync(path.join(folder, 'lock'), '');
    appendFileSync(path.join(folder, 'lock'), '999999999\n');
    lockFolder(folder)();
    unlock();
  });
});
