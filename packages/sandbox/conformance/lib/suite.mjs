// What a file of cases exports.

/**
 * `suite('patch', { needs: ['run'], namespace: 'shared' }, { 'name of the case': async (t) => { … }, … })`
 *
 * needs      what the target must have: run, metrics, kubectl, long. A case may add its own: [['run'], async (t) => …].
 * namespace  'own' (default): one for each case. 'shared': one for the file; the names of its objects must differ. 'none': t.ns throws.
 * first      its cases come before all others: what those leave behind would keep them waiting.
 * serial     the cases of the file run one after the other when all others have ended: they touch what is everybody's.
 */
export function suite(name, options, cases) {
  const { needs = [], namespace = 'own', first = false, serial = false, labels } = options;
  return {
    name,
    namespace,
    first,
    serial,
    labels,
    cases: Object.entries(cases).map(([title, body]) => {
      const [extra, run] = Array.isArray(body) ? body : [[], body];
      return { title, needs: [...new Set([...needs, ...extra])], run };
    }),
  };
}

/**
 * Many small cases at once: `table(rows, (row) => title, async (t, row) => …)`, to be spread into a suite's cases.
 */
export function table(rows, title, run) {
  const cases = {};
  for (const row of rows) {
    const name = title(row);
    if (cases[name]) throw new Error(`two cases are named ${name}`);
    cases[name] = (t) => run(t, row);
  }
  return cases;
}
