// Runs cases, several at once, and tells what came of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { CaseContext } from './case-context.mjs';
import { label, makeNamespace } from './target.mjs';

const caseMs = 120_000;

/** Answers {passed, failed, skipped, failures}. `tell` is called with each failure at once. */
export async function runCases(suites, target, { filter = [], concurrency = 8, tell = () => {}, slow } = {}) {
  const result = { passed: 0, failed: 0, skipped: 0, failures: [], times: [] };
  const chosen = suites.map((s) => ({ ...s, cases: s.cases.filter((c) => wanted(`${s.name}: ${c.title}`, filter)) }));
  const namespaces = sharedNamespaces(target);
  let deletions = Promise.resolve();
  const forget = (namespace) => {
    const gone = target.client.request('DELETE', `/api/v1/namespaces/${namespace}`).catch(() => {});
    deletions = Promise.all([deletions, gone]);
  };

  // A real cluster shares the machine with eight cases at once: what failed among them is asked once more by itself, and said.
  const onceMore = [];
  const runOne = async (suite, one, second = target.simulated) => {
    if (one.needs.some((need) => !target.can.has(need))) {
      result.skipped += 1;
      return;
    }
    const since = performance.now();
    let context;
    try {
      const namespace = await namespaces.for(suite, one);
      context = new CaseContext(target, namespace);
      await within(caseMs, one.run(context));
      result.passed += 1;
    } catch (error) {
      if (!second) onceMore.push([suite, one]);
      else result.failed += 1;
      const failure = { name: `${suite.name}: ${one.title}`, error };
      if (second) result.failures.push(failure);
      tell(failure);
    }
    await context?.end();
    result.times.push({ name: `${suite.name}: ${one.title}`, ms: performance.now() - since });
    if (suite.namespace === 'own' && context?.namespaceName) forget(context.namespaceName);
  };

  if (chosen.some((s) => s.first && s.cases.length > 0)) await earlierNamespacesAreGone(target.client);
  const casesOf = (list) => list.flatMap((s) => s.cases.map((c) => [s, c]));
  const together = [...casesOf(chosen.filter((s) => s.first)), ...casesOf(chosen.filter((s) => !s.first && !s.serial))];
  await pool(concurrency, together, ([s, c]) => runOne(s, c));
  for (const s of chosen.filter((s) => s.serial)) for (const c of s.cases) await runOne(s, c);
  for (const [s, c] of onceMore) {
    console.log(`once more: ${s.name}: ${c.title}`);
    await runOne(s, c, true);
  }
  for (const namespace of namespaces.shared()) forget(namespace);
  await deletions;
  if (slow) result.times.sort((a, b) => b.ms - a.ms);
  return result;
}

const wanted = (name, filter) => filter.every((word) => name.toLowerCase().includes(word.toLowerCase()));

function sharedNamespaces(target) {
  const made = new Map();
  let count = 0;
  const make = async (suite) => {
    const name = `conf-${target.run}-${(count++).toString(36)}`;
    await makeNamespace(target.client, name, target.run, suite.labels);
    return name;
  };
  return {
    async for(suite) {
      if (suite.namespace === 'none') return undefined;
      if (suite.namespace === 'own') return await make(suite);
      if (!made.has(suite.name))
        made.set(
          suite.name,
          make(suite).then((name) => ({ name })),
        );
      return (await made.get(suite.name)).name;
    },
    *shared() {
      for (let i = 0; i < count; i += 1) yield `conf-${target.run}-${i.toString(36)}`;
    },
  };
}

/** Those of a run that has just ended: a cluster takes its time for hundreds of them. */
async function earlierNamespacesAreGone(client) {
  for (let attempt = 0; attempt < 180; attempt += 1) {
    const { body } = await client.request('GET', '/api/v1/namespaces', undefined, { query: { labelSelector: label, limit: 20 } });
    const ending = (body?.items ?? []).filter((namespace) => namespace.metadata.deletionTimestamp);
    if (ending.length < 20) return;
    await sleep(1000);
  }
}

async function pool(size, items, work) {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: size }, worker));
}

async function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
