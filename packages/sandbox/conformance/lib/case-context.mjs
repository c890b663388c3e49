// What a case is given: `t`.
import { setTimeout as sleep } from 'node:timers/promises';
import { Mismatch, match } from './expect.mjs';
import { runKubectl, startKubectl } from './kubectl.mjs';
import { isNamespaced, pathOf } from './paths.mjs';
import { Watch } from './watch.mjs';

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

let counter = 0;

export class CaseContext {
  /** `target` is {client, kubectl, kubeconfig, cache, run}; `namespace` undefined for a case that has none. */
  constructor(target, namespace) {
    this.target = target;
    this.api = target.client;
    this.namespaceName = namespace;
    /** Unique in this run, and fit for a name: for what lies outside the namespace. */
    this.id = `c${target.run}-${(counter++).toString(36)}`;
    this.undo = [];
  }

  get ns() {
    if (!this.namespaceName) throw new Error('this suite has no namespace');
    return this.namespaceName;
  }

  /** In the case's namespace where the resource has one. */
  path(resource, ...rest) {
    return pathOf(resource, isNamespaced(resource) ? this.ns : undefined, ...rest);
  }

  /** The same case with the rights of another client, e.g. `t.by(t.api.as('ann'))`. */
  by(client) {
    const other = Object.create(CaseContext.prototype);
    return Object.assign(other, this, { api: client });
  }

  /** Answers {status, body, …} with `.is(status, body)`, which also the promise has. */
  request(method, path, body, options) {
    return fluent(
      this.api.request(method, path, body, options).then((answer) => {
        answer.is = (status, expected) => {
          const what = `${method} ${path}`;
          if (answer.status !== status) throw new Mismatch(`${what}: status`, status, `${answer.status} ${answer.text}`);
          if (expected !== undefined) match(answer.body ?? answer.text, expected, `${what}: body`);
          return answer.body ?? answer.text;
        };
        return answer;
      }),
    );
  }

  GET(path, options) {
    return this.request('GET', path, undefined, options);
  }

  POST(path, body, options) {
    return this.request('POST', path, body, options);
  }

  PUT(path, body, options) {
    return this.request('PUT', path, body, options);
  }

  DELETE(path, body, options) {
    return this.request('DELETE', path, body, options);
  }

  /** `kind`: json, merge, strategic or apply. */
  PATCH(path, body, kind, options) {
    return this.request('PATCH', path, body, { type: patchTypes[kind] ?? kind, ...options });
  }

  /** Makes an object and answers it. What lies outside the namespace is deleted at the end of the case. */
  async create(resource, object, options) {
    const created = await this.request('POST', this.path(resource), object, options).is(201);
    if (!isNamespaced(resource)) this.cleanup(() => this.target.client.request('DELETE', this.path(resource, created.metadata.name)));
    return created;
  }

  read(resource, name) {
    return this.request('GET', this.path(resource, name)).is(200);
  }

  async list(resource, query) {
    return (await this.request('GET', this.path(resource), undefined, { query }).is(200)).items;
  }

  /** Server-side apply of `object`; answers the raw answer. */
  apply(resource, object, { manager = 'conformance', force, sub = [], ...query } = {}) {
    return this.PATCH(this.path(resource, object.metadata.name, ...sub), object, 'apply', {
      query: { fieldManager: manager, force, ...query },
    });
  }

  /** Asks until `ask` answers something true (and does not throw), and answers that. */
  async until(what, ask, wanted = 30_000) {
    const ms = wanted * this.target.patience;
    const deadline = performance.now() + ms;
    let problem;
    for (let pause = 50; ; pause = Math.min(pause * 1.5, 500)) {
      try {
        const value = await ask();
        if (value) return value;
        problem = undefined;
      } catch (error) {
        problem = error;
      }
      if (performance.now() > deadline) {
        if (problem) throw new Error(`${what}: not within ${ms} ms:\n      ${problem.message}`);
        throw new Mismatch(what, `within ${ms} ms`, 'not yet');
      }
      await sleep(pause);
    }
  }

  /** Until the object is as expected (see `match`); answers it. */
  untilObject(resource, name, expected, ms) {
    return this.until(`${resource} ${name}`, async () => match(await this.read(resource, name), expected, `${resource}/${name}`), ms);
  }

  untilGone(resource, name, ms) {
    return this.until(`${resource} ${name} is gone`, async () => (await this.GET(this.path(resource, name))).status === 404, ms);
  }

  /** Closed at the end of the case. */
  async watch(path, query, options) {
    const watch = await Watch.open(this.api, path, query, options);
    this.cleanup(() => watch.close());
    return watch;
  }

  /** `t.kubectl('get pods -o name')` in the case's namespace; `.ok()` answers stdout, `.fails()` stderr. Words with blanks: give a list. */
  kubectl(args, { stdin, env, ms, code = 1 } = {}) {
    const words = [...(this.namespaceName ? ['-n', this.namespaceName] : []), ...(Array.isArray(args) ? args : args.trim().split(/\s+/))];
    const { kubectl, kubeconfig, cache } = this.target;
    const what = `kubectl ${(Array.isArray(args) ? args : [args]).join(' ')}`;
    const input = stdin === undefined || typeof stdin === 'string' ? stdin : JSON.stringify(stdin);
    const result = runKubectl(kubectl, words, { kubeconfig, cache, stdin: input, env, ms });
    result.ok = async (expected) => {
      const { code, stdout, stderr } = await result;
      if (code !== 0) throw new Mismatch(`${what}: exit code`, 0, `${code}: ${stderr}${stdout}`);
      if (expected !== undefined) match(stdout.trimEnd(), expected, what);
      return stdout;
    };
    result.fails = async (expected) => {
      const got = await result;
      if (got.code !== code) throw new Mismatch(`${what}: exit code`, code, `${got.code}: ${got.stderr}${got.stdout}`);
      if (expected !== undefined) match(got.stderr.trimEnd(), expected, `${what}: stderr`);
      return got.stderr;
    };
    return result;
  }

  /** A kubectl that stays until the end of the case. */
  startKubectl(args) {
    const { kubectl, kubeconfig, cache } = this.target;
    const started = startKubectl(kubectl, ['-n', this.ns, ...(Array.isArray(args) ? args : args.trim().split(/\s+/))], {
      kubeconfig,
      cache,
    });
    this.cleanup(started.stop);
    return started;
  }

  cleanup(undo) {
    this.undo.push(undo);
  }

  async end() {
    for (const undo of this.undo.reverse()) await Promise.resolve(undo()).catch(() => {});
  }
}

function fluent(promise) {
  promise.is = (status, expected) => promise.then((answer) => answer.is(status, expected));
  return promise;
}
