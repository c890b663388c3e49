import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveTopics } from '../src/platform/live-topic.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { LiveClient } from './support/live-client.js';
import { TestTopic } from './support/test-topic.js';

let fairlead: Fairlead;
let admin: Session;
const numbers = new TestTopic('numbers');
beforeAll(async () => {
  fairlead = await startFairlead();
  admin = await fairlead.admin();
  fairlead.app.get(LiveTopics).register(numbers);
});
afterAll(() => fairlead?.close());

const valuesOf = (client: LiveClient, key: string): number[] =>
  client
    .of('n')
    .flatMap((message) =>
      message.type === 'changes'
        ? message.changes.flatMap((change) =>
            'put' in change && change.put.key === key ? [(change.put as unknown as { value: number }).value] : [],
          )
        : [],
    );

it('changes to one key arrive in order, joined within 50 ms, and the last one always', async () => {
  const client = await LiveClient.connect(fairlead, admin);
  await client.subscribe('n', 'numbers');
  for (let value = 1; value <= 3_000; value++) {
    numbers.put({ key: 'a', value });
    if (value % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await client.until(() => valuesOf(client, 'a').at(-1) === 3_000);
  const values = valuesOf(client, 'a');
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(values.length).toBeLessThan(300);
  client.close();
});

it('a reader that does not read loses states, never the last, and holds up nobody', async () => {
  numbers.rows.clear();
  const text = 'x'.repeat(1_000);
  for (let i = 0; i < 500; i++) numbers.rows.set(`k${i}`, { key: `k${i}`, value: 0, text });
  const slow = await LiveClient.connect(fairlead, admin);
  const quick = await LiveClient.connect(fairlead, admin);
  await slow.subscribe('n', 'numbers');
  await quick.subscribe('n', 'numbers');
  const wire = (slow.socket as unknown as { _socket: net.Socket })._socket;
  wire.pause();
  const rounds = 60;
  for (let value = 1; value <= rounds; value++) {
    for (let i = 0; i < 500; i++) numbers.put({ key: `k${i}`, value, text });
    await quick.until(
      () => quick.rows.get('n')?.get('k499') !== undefined && (quick.rows.get('n')!.get('k499') as { value?: number }).value === value,
    );
  }
  wire.resume();
  await slow.until(() => [...slow.rows.get('n')!.values()].every((row) => (row as { value?: number }).value === rounds));
  expect(slow.rows.get('n')!.size).toBe(500);
  expect(valuesOf(slow, 'k0').length).toBeLessThan(valuesOf(quick, 'k0').length);
  slow.close();
  quick.close();
});
