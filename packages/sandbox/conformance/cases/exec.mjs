import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { match } from '../lib/expect.mjs';
import { idlePod, pod } from '../lib/objects.mjs';
import { exec, unnamed } from '../lib/streams.mjs';
import { suite } from '../lib/suite.mjs';

const talker = {
  containers: [
    {
      name: 'main',
      image: 'busybox:1.36',
      command: ['sh', '-c', 'for i in 1 2 3 4 5; do echo "line $i"; done; echo oops >&2; sleep 3600'],
    },
  ],
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
  await t.until('its log', async () => (await log(t, name, { container: 'main' })).text.includes('oops'));
}

const run = (t, command, options = {}, query = {}) =>
  exec(t.api, t.path('pods', 'p', 'exec'), { command, stdout: true, stderr: true, ...query }, options);

export default suite(
  'exec',
  { namespace: 'own', needs: ['run'] },
  {
    'stdout, stderr and success': async (t) => {
      await talking(t);
      match(await run(t, ['sh', '-c', 'echo out; echo err >&2']), {
        protocol: 'v5.channel.k8s.io',
        stdout: 'out\n',
        stderr: 'err\n',
        status: { status: 'Success', metadata: {} },
      });
    },
    'an exit code': async (t) => {
      await talking(t);
      match((await run(t, ['sh', '-c', 'exit 42'])).status, {
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: /^command terminated with non-zero exit code/,
        details: { causes: [{ reason: 'ExitCode', message: '42' }] },
      });
    },
    'stdin, and its end (v5)': async (t) => {
      await talking(t);
      match(await run(t, ['cat'], { input: 'to and fro\n' }, { stdin: true }), { stdout: 'to and fro\n', status: { status: 'Success' } });
    },
    v4: async (t) => {
      await talking(t);
      match(await run(t, ['echo', 'old'], { protocols: ['v4.channel.k8s.io'] }), {
        protocol: 'v4.channel.k8s.io',
        stdout: 'old\n',
        status: { status: 'Success' },
      });
    },
    'the first protocol that both know': async (t) => {
      await talking(t);
      match(
        (await run(t, ['true'], { protocols: ['v9.channel.k8s.io', 'v5.channel.k8s.io', 'v4.channel.k8s.io'] })).protocol,
        'v5.channel.k8s.io',
      );
    },
    'the protocol of who offers none has no name': async (t) => {
      await talking(t);
      match(await unnamed(t.api, t.path('pods', 'p', 'exec'), { command: 'true', stdout: true }), {
        status: 101,
        headers: { 'sec-websocket-protocol': '' },
      });
    },
    'a terminal': async (t) => {
      await talking(t);
      match(
        (await run(t, ['sh', '-c', 'test -t 0 && echo terminal'], {}, { stdin: true, stderr: false, tty: true })).stdout,
        'terminal\r\n',
      );
    },
    'a terminal has a size': async (t) => {
      await talking(t);
      const resize = (socket) => socket.send(Buffer.concat([Buffer.of(4), Buffer.from(JSON.stringify({ Width: 77, Height: 11 }))]));
      match(
        (await run(t, ['sh', '-c', 'sleep 1; stty size'], { onOpen: resize }, { stdin: true, stderr: false, tty: true })).stdout,
        '11 77\r\n',
      );
    },
    'a shell that is typed to': async (t) => {
      await talking(t);
      const { stdout } = await run(t, ['sh'], { input: 'echo $((6*7))\nexit\n' }, { stdin: true });
      match(stdout, '42\n');
    },
    'a shell whose input stays open ends by itself': async (t) => {
      await talking(t);
      const type = (socket) => socket.send(Buffer.concat([Buffer.of(0), Buffer.from('echo a$((1+1))b; exit 3\n')]));
      const { stdout, status } = await run(t, ['sh'], { onOpen: type }, { stdin: true });
      match(stdout, 'a2b\n');
      match(status, { reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });
    },
    'what a shell has read of its input, its programs do not see': async (t) => {
      await talking(t);
      const { stdout, stderr } = await run(t, ['sh'], { input: 'echo one\ncat\necho two\nif true; then\necho three\n' }, { stdin: true });
      match(stdout, 'one\ntwo\n');
      match(stderr, /syntax error: unexpected end of file/);
    },
    'a command that is not there': async (t) => {
      await talking(t);
      match((await run(t, ['/no/such'])).status, { status: 'Failure', reason: 'InternalError', message: /no such file or directory/ });
    },
    'a container that is not there': async (t) => {
      await talking(t);
      await run(t, ['ls'], {}, { container: 'none' }).then(
        () => {
          throw new Error('it was taken');
        },
        ({ status, text }) => {
          match(status, 400);
          match(JSON.parse(text), { message: 'container none is not valid for pod p', reason: 'BadRequest' });
        },
      );
    },
    'a pod that does not run': async (t) => {
      await t.create('pods', idlePod('p'));
      await run(t, ['ls']).then(
        () => {
          throw new Error('it was taken');
        },
        ({ status, text }) => {
          match(status, 400);
          match(JSON.parse(text), { message: 'pod p does not have a host assigned' });
        },
      );
    },
    'without upgrade it is refused': async (t) => {
      await talking(t);
      await t
        .POST(t.path('pods', 'p', 'exec'), undefined, { query: { command: 'ls', stdout: true } })
        .is(400, { reason: 'BadRequest', message: /^Upgrade request required$|unable to upgrade/ });
    },
    'who may not is told so': async (t) => {
      await talking(t);
      await exec(t.api.as('ann'), t.path('pods', 'p', 'exec'), { command: 'ls', stdout: true }).then(
        () => {
          throw new Error('it was taken');
        },
        ({ status }) => match(status, 403),
      );
    },
    'the four commands of a visitor': async (t) => {
      // An image of busybox has no release to tell of.
      await talking(t, { containers: [{ ...talker.containers[0], image: 'alpine:3' }] });
      match((await run(t, ['cat', '/etc/os-release'])).stdout, /^NAME=/m);
      match((await run(t, ['ps', '-ef'])).stdout, /PID/);
      match((await run(t, ['uname', '-v'])).stdout, /^#.*\n$/);
      match((await run(t, ['ip', 'addr'])).stdout, /inet 127\.0\.0\.1\/8/);
    },
    'attach hears what is said from now on': async (t) => {
      await t.create(
        'pods',
        pod('p', {
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              stdin: true,
              command: ['sh', '-c', 'while read line; do echo "heard $line"; done; sleep 3600'],
            },
          ],
        }),
      );
      await running(t, 'p');
      const heard = await exec(
        t.api,
        t.path('pods', 'p', 'attach'),
        { stdin: true, stdout: true, stderr: true },
        {
          onOpen: (socket, result) => {
            result.changed = () => {
              if (result.stdout.includes('heard me')) socket.close();
            };
            socket.send(Buffer.concat([Buffer.of(0), Buffer.from('me\n')]));
          },
        },
      );
      match(heard.stdout, 'heard me\n');
    },
    'kubectl exec, its exit code, and -i': [
      ['kubectl'],
      async (t) => {
        await talking(t);
        await t.kubectl(['exec', 'p', '--', 'echo', 'hi']).ok('hi');
        const { code, stderr } = await t.kubectl(['exec', 'p', '--', 'sh', '-c', 'exit 9']);
        match(code, 9);
        match(stderr, /command terminated with exit code 9/);
        match(await t.kubectl(['exec', '-i', 'p', '--', 'cat'], { stdin: 'in and out' }).ok(), 'in and out');
      },
    ],
    'kubectl cp, there and back': [
      ['kubectl'],
      async (t) => {
        await talking(t);
        const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-cp-'));
        t.cleanup(() => rmSync(folder, { recursive: true }));
        writeFileSync(path.join(folder, 'there'), 'some words\n');
        await t.kubectl(['cp', path.join(folder, 'there'), 'p:/tmp/words']).ok();
        match(await t.kubectl(['exec', 'p', '--', 'cat', '/tmp/words']).ok(), 'some words\n');
        await t.kubectl(['cp', 'p:/tmp/words', path.join(folder, 'back')]).ok();
        match(readFileSync(path.join(folder, 'back'), 'utf8'), 'some words\n');
      },
    ],
    'kubectl port-forward': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', pod('web'));
        await running(t, 'web');
        const port = await freePort();
        const forward = t.startKubectl(`port-forward pod/web ${port}:80`);
        await t.until('it listens', () => /Forwarding from 127\.0\.0\.1/.test(forward.output()));
        const answer = await fetch(`http://127.0.0.1:${port}/`);
        match(answer.status, 200);
        await answer.text();
      },
    ],
    'kubectl run, attached, with a command that ends': [
      ['kubectl'],
      async (t) => {
        const text = await t
          .kubectl(['run', 'once', '--image=busybox:1.36', '--restart=Never', '--rm', '-i', '--quiet', '--', 'echo', 'hello'])
          .ok();
        match(text, /hello/);
        await t.untilGone('pods', 'once');
      },
    ],
    'kubectl debug: a container beside the others': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', pod('web'));
        await running(t, 'web');
        await t
          .kubectl([
            'debug',
            'web',
            '--image=busybox:1.36',
            '--container=look',
            '--profile=general',
            '--',
            'sh',
            '-c',
            'echo looking; sleep 3600',
          ])
          .ok();
        await t.until('it runs', async () => (await t.read('pods', 'web')).status.ephemeralContainerStatuses?.[0]?.state.running);
        await t.until('its log', async () => (await log(t, 'web', { container: 'look' })).text === 'looking\n');
      },
    ],
  },
);

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
