import { match } from '../lib/expect.mjs';
import { idlePod, pod } from '../lib/objects.mjs';
import { listen, unnamed } from '../lib/streams.mjs';
import { suite, table } from '../lib/suite.mjs';

const talker = {
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      command: ['sh', '-c', 'for i in 1 2 3 4 5; do echo "line $i"; done; echo oops >&2; sleep 3600'],
    },
  ],
};
const two = {
  containers: [...talker.containers, { name: 'other', image: 'busybox:1.36', command: ['sh', '-c', 'echo from the other; sleep 3600'] }],
};
const running = (t, name) =>
  t.untilObject('pods', name, {
    status: { phase: 'Running', conditions: (v) => v.some((c) => c.type === 'Ready' && c.status === 'True') },
  });
const log = (t, name, query) => t.GET(t.path('pods', name, 'log'), { query });
/** A pod with its log complete. */
async function talking(t, spec = talker, name = 'p') {
  await t.create('pods', pod(name, spec));
  await running(t, name);
  // Two streams: which of them is heard first is nobody's promise.
  await t.until('its log', async () => {
    const { text } = await log(t, name, { container: 'main' });
    return text.includes('oops') && text.includes('line 5');
  });
}

export default suite(
  'logs',
  { namespace: 'own', needs: ['run'] },
  {
    'everything, as plain text': async (t) => {
      await talking(t);
      const answer = await log(t, 'p');
      answer.is(200);
      match(answer.text, (text) => ['line 1', 'line 5', 'oops'].every((line) => text.split('\n').includes(line)));
      match(answer.headers['content-type'], /text\/plain/);
    },
    ...table(
      [
        ['tailLines=2', { tailLines: 2 }, (text) => text.trimEnd().split('\n').length === 2],
        ['tailLines=0', { tailLines: 0 }, ''],
        ['limitBytes=6', { limitBytes: 6 }, (text) => text.length === 6],
        ['timestamps', { timestamps: true, tailLines: 1 }, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) \S.*\n$/],
        ['sinceSeconds=1000', { sinceSeconds: 1000 }, /^line 1$/m],
        ['sinceTime in the future', { sinceTime: '2099-01-01T00:00:00Z' }, ''],
      ],
      ([title]) => title,
      async (t, [, query, expected]) => {
        await talking(t);
        match((await log(t, 'p', query)).text, expected);
      },
    ),
    'follow goes on until the end': async (t) => {
      await t.create(
        'pods',
        pod('p', {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', 'echo one; sleep 2; echo two'] }],
        }),
      );
      await t.until(
        'it runs',
        async () =>
          (await t.read('pods', 'p')).status.containerStatuses?.[0]?.state.running ||
          (await t.read('pods', 'p')).status.phase === 'Succeeded',
      );
      match((await log(t, 'p', { follow: true })).text, 'one\ntwo\n');
    },
    'two containers: one must be chosen': async (t) => {
      await talking(t, two);
      await log(t, 'p').is(400, {
        reason: 'BadRequest',
        message: 'a container name must be specified for pod p, choose one of: [main other]',
      });
      match((await log(t, 'p', { container: 'other' })).text, 'from the other\n');
    },
    ...table(
      [
        ['binary', ['binary.k8s.io'], 'binary.k8s.io'],
        ['base64', ['base64.binary.k8s.io'], 'base64.binary.k8s.io'],
        ['the first that both know', ['v9.k8s.io', 'binary.k8s.io'], 'binary.k8s.io'],
      ],
      ([title]) => `by WebSocket: ${title}`,
      async (t, [, protocols, protocol]) => {
        const text = protocol.startsWith('base64');
        await talking(t);
        const heard = await listen(t.api, t.path('pods', 'p', 'log'), { tailLines: 3 }, { protocols });
        match(heard.protocol, protocol);
        match(heard.messages[0].length, 0);
        match(
          heard.messages.every((each) => typeof each === (text ? 'string' : 'object')),
          true,
        );
        match(heard.messages.map((each) => (text ? Buffer.from(each, 'base64') : each)).join(''), /^line 5$/m);
        match(heard.code, 1000);
      },
    ),
    'by WebSocket: what comes, as it comes': async (t) => {
      await t.create(
        'pods',
        pod('p', {
          containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', 'while true; do echo tick; sleep 0.2; done'] }],
        }),
      );
      await running(t, 'p');
      const enough = (messages) => messages.join('').split('tick').length > 6;
      await listen(t.api, t.path('pods', 'p', 'log'), { follow: true, tailLines: 1 }, { protocols: ['binary.k8s.io'], enough });
    },
    'by WebSocket: the subprotocol of who offers none has no name': async (t) => {
      await talking(t);
      match(await unnamed(t.api, t.path('pods', 'p', 'log'), {}), { status: 101, headers: { 'sec-websocket-protocol': '' } });
    },
    'by WebSocket: refusals come before the upgrade': async (t) => {
      await talking(t);
      const refusal = (query, protocols) =>
        listen(t.api, t.path('pods', 'p', 'log'), query, { protocols }).then(
          () => 'it was taken',
          ({ status, text }) => ({ status, text }),
        );
      match(await refusal({ container: 'none' }, ['binary.k8s.io']), { status: 400, text: /container none is not valid for pod p/ });
      match(await refusal({}, ['v9.k8s.io']), { status: 403 });
    },
    'a container that is not there': async (t) => {
      await talking(t);
      await log(t, 'p', { container: 'none' }).is(400, { message: 'container none is not valid for pod p' });
    },
    'a container that has not started': async (t) => {
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'registry.invalid/none:1' }] }));
      await t.until(
        'it waits',
        async () =>
          (await t.read('pods', 'p')).status.containerStatuses?.[0]?.state.waiting?.reason === 'ErrImagePull' ||
          (await t.read('pods', 'p')).status.containerStatuses?.[0]?.state.waiting?.reason === 'ImagePullBackOff',
      );
      await log(t, 'p').is(400, {
        reason: 'BadRequest',
        message: /^container "main" in pod "p" is waiting to start: (trying and failing to pull image|image can't be pulled)$/,
      });
    },
    'the previous one, where there is none': async (t) => {
      await talking(t);
      await log(t, 'p', { previous: true }).is(400, { message: /^previous terminated container "main" in pod "p" not found$/ });
    },
    'a pod that is not there': async (t) => {
      await log(t, 'none').is(404, { message: 'pods "none" not found' });
    },
    'a number that is none': async (t) => {
      await t.create('pods', idlePod('p'));
      await log(t, 'p', { tailLines: -1 }).is(422, { message: /tailLines: Invalid value: -1: must be greater than or equal to 0/ });
    },
    'kubectl logs: -c, --tail, -l, --all-containers, --prefix, --since': [
      ['kubectl'],
      async (t) => {
        await talking(t, two);
        await t.kubectl('label pod p app=p').ok();
        await t.kubectl('logs p -c other').ok('from the other');
        match(await t.kubectl('logs p -c main --tail=1').ok(), /^\S+.*\n$/);
        match((await t.kubectl('logs p')).stderr, /^Defaulted container "main" out of: main, other\n/);
        match(await t.kubectl('logs -l app=p -c main --tail=-1').ok(), /^line 3$/m);
        match(await t.kubectl('logs p --all-containers --prefix').ok(), /^\[pod\/p\/other\] from the other$/m);
        await t.kubectl('logs p -c other --since-time=2099-01-01T00:00:00Z').ok('');
      },
    ],
    'kubectl logs -f and -p': [
      ['kubectl'],
      async (t) => {
        await t.create(
          'pods',
          pod('p', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', 'echo words; sleep 2; exit 1'] }] }),
        );
        await t.untilObject('pods', 'p', { status: { containerStatuses: [{ restartCount: (n) => n >= 1 }] } }, 60_000);
        await t.until('the words of before', async () => (await t.kubectl('logs p -p')).stdout === 'words\n');
      },
    ],
  },
);
