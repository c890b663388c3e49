import { afterEach, describe, expect, it } from 'vitest';
import { type NodeCluster, nodeCluster } from '../../test/kubelet/node-cluster.js';
import { createNodes, startKubelets } from './index.js';
import type { Container, ContainerState, PodSpec } from './pod.js';

let cluster: NodeCluster;
afterEach(() => cluster.stop());

const sh = (script: string): Partial<Container> => ({ command: ['sh', '-c', script] });
const runc =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';
const missing =
  'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:nonexistent": failed to resolve reference "docker.io/library/nginx:nonexistent": docker.io/library/nginx:nonexistent: not found';

/** Recorded from a kubelet 1.34 with containerd: what a container comes to, and what is told of it. */
interface Failure {
  name: string;
  container: Partial<Container>;
  spec?: Partial<PodSpec>;
  annotations?: Record<string, string>;
  after: number;
  phase: string;
  waiting?: { reason: string; message?: string | RegExp };
  terminated?: { reason: string; exitCode: number };
  last?: { reason: string; exitCode: number };
  /** Events that must be among those of the pod. */
  events: readonly (string | RegExp)[];
}

const failures: readonly Failure[] = [
  {
    name: 'an image that does not exist',
    container: { image: 'nginx:nonexistent' },
    after: 1500,
    phase: 'Pending',
    waiting: { reason: 'ErrImagePull', message: missing },
    events: [
      'Normal Pulling Pulling image "nginx:nonexistent" (1)',
      `Warning Failed Failed to pull image "nginx:nonexistent": ${missing} (1)`,
      'Warning Failed Error: ErrImagePull (1)',
    ],
  },
  {
    name: 'the same a moment later',
    container: { image: 'nginx:nonexistent' },
    after: 5000,
    phase: 'Pending',
    waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "nginx:nonexistent": ErrImagePull: ${missing}` },
    events: ['Normal BackOff Back-off pulling image "nginx:nonexistent" (1)', 'Warning Failed Error: ImagePullBackOff (1)'],
  },
  {
    name: 'a private registry without a pull secret',
    container: { image: 'private.example.com/team/app:1' },
    after: 1500,
    phase: 'Pending',
    waiting: { reason: 'ErrImagePull', message: /401 Unauthorized$/ },
    events: [/^Warning Failed Failed to pull image "private.example.com\/team\/app:1": .*401 Unauthorized/],
  },
  {
    name: 'an image name that is none',
    container: { image: 'Nginx:UPPER' },
    after: 5000,
    phase: 'Pending',
    waiting: {
      reason: 'InvalidImageName',
      message:
        'Failed to apply default image tag "Nginx:UPPER": couldn\'t parse image name "Nginx:UPPER": invalid reference format: repository name (library/Nginx) must be lowercase',
    },
    events: [/^Warning InspectFailed Failed to apply default image tag/, 'Warning Failed Error: InvalidImageName (1)'],
  },
  {
    name: 'an image that must not be pulled',
    container: { image: 'nginx:1.27', imagePullPolicy: 'Never' },
    after: 5000,
    phase: 'Pending',
    waiting: { reason: 'ErrImageNeverPull', message: 'Container image "nginx:1.27" is not present with pull policy of Never' },
    events: ['Warning ErrImageNeverPull Container image "nginx:1.27" is not present with pull policy of Never (1)'],
  },
  {
    name: 'a command that ends with 3, again and again',
    container: sh('echo starting; exit 3'),
    after: 8000,
    phase: 'Running',
    waiting: { reason: 'CrashLoopBackOff', message: /^back-off 10s restarting failed container=app pod=p_default\(.+\)$/ },
    last: { reason: 'Error', exitCode: 3 },
    events: [
      /^Warning BackOff Back-off restarting failed container app in pod p_default\(.+\) \(1\)$/,
      'Normal Created Created container: app (2)',
    ],
  },
  {
    name: 'a command that ends with 3 and is not started again',
    container: sh('exit 3'),
    spec: { restartPolicy: 'Never' },
    after: 8000,
    phase: 'Failed',
    terminated: { reason: 'Error', exitCode: 3 },
    events: ['Normal Started Started container app (1)'],
  },
  {
    name: 'a command that is done',
    container: sh('sleep 2'),
    spec: { restartPolicy: 'Never' },
    after: 8000,
    phase: 'Succeeded',
    terminated: { reason: 'Completed', exitCode: 0 },
    events: [],
  },
  {
    name: 'a program that is not there',
    container: { command: ['foo', 'bar'] },
    after: 2000,
    phase: 'Running',
    waiting: { reason: 'RunContainerError', message: `${runc}exec: "foo": executable file not found in $PATH: unknown` },
    last: { reason: 'StartError', exitCode: 128 },
    events: [`Warning Failed Error: ${runc}exec: "foo": executable file not found in $PATH: unknown (1)`],
  },
  {
    name: 'a program by a path that is not there, once',
    container: { command: ['/opt/foo'] },
    spec: { restartPolicy: 'Never' },
    after: 5000,
    phase: 'Failed',
    terminated: { reason: 'StartError', exitCode: 128 },
    events: [`Warning Failed Error: ${runc}exec: "/opt/foo": stat /opt/foo: no such file or directory: unknown (1)`],
  },
  {
    name: 'out of memory',
    container: { ...sh('x=a; while true; do x=$x$x; done'), resources: { limits: { memory: '16Mi' } } },
    spec: { restartPolicy: 'Never' },
    after: 5000,
    phase: 'Failed',
    terminated: { reason: 'OOMKilled', exitCode: 137 },
    events: [],
  },
  {
    name: 'a ConfigMap that is not there',
    container: { ...sh('sleep 9'), envFrom: [{ configMapRef: { name: 'nope' } }] },
    after: 5000,
    phase: 'Pending',
    waiting: { reason: 'CreateContainerConfigError', message: 'configmap "nope" not found' },
    events: ['Warning Failed Error: configmap "nope" not found (1)'],
  },
  {
    name: 'a key that a Secret does not have',
    container: { ...sh('sleep 9'), env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'sec', key: 'zzz' } } }] },
    after: 5000,
    phase: 'Pending',
    waiting: { reason: 'CreateContainerConfigError', message: "couldn't find key zzz in Secret default/sec" },
    events: ["Warning Failed Error: couldn't find key zzz in Secret default/sec (1)"],
  },
  {
    name: 'a volume of a ConfigMap that is not there',
    container: { ...sh('sleep 9'), volumeMounts: [{ name: 'v', mountPath: '/v' }] },
    spec: { volumes: [{ name: 'v', configMap: { name: 'nope' } }] },
    after: 1200,
    phase: 'Pending',
    waiting: { reason: 'ContainerCreating' },
    events: ['Warning FailedMount MountVolume.SetUp failed for volume "v" : configmap "nope" not found (2)'],
  },
  {
    name: 'an image that would run as root',
    container: { ...sh('sleep 9'), securityContext: { runAsNonRoot: true } },
    after: 5000,
    phase: 'Pending',
    waiting: {
      reason: 'CreateContainerConfigError',
      message: /^container has runAsNonRoot and image will run as root \(pod: "p_default\(.+\)", container: app\)$/,
    },
    events: [],
  },
  {
    name: 'the scene of a crash',
    container: { image: 'ghcr.io/acme/shop:1' },
    annotations: { 'sandbox.fairlead.dev/scene': 'crash exit=7 after=2s words=cannot reach the database' },
    after: 9000,
    phase: 'Running',
    last: { reason: 'Error', exitCode: 7 },
    events: [],
  },
  {
    name: 'the scene of running out of memory',
    container: { image: 'ghcr.io/acme/shop:1' },
    annotations: { 'sandbox.fairlead.dev/scene': 'oom after=2s' },
    after: 7000,
    phase: 'Running',
    last: { reason: 'OOMKilled', exitCode: 137 },
    events: [],
  },
  {
    name: 'the scene of a bad command, for one container only',
    container: { image: 'ghcr.io/acme/shop:1' },
    annotations: { 'sandbox.fairlead.dev/scene.app': 'bad-command' },
    after: 4200,
    phase: 'Running',
    last: { reason: 'StartError', exitCode: 128 },
    events: [],
  },
];

describe('a container that fails', () => {
  it.each(failures)('$name', ({ container, spec, annotations, after, phase, waiting, terminated, last, events }) => {
    cluster = nodeCluster();
    cluster.api.create('secrets', { metadata: { name: 'sec', namespace: 'default' }, data: { a: 'Yg==' } });
    cluster.run('p', container, spec, annotations);
    cluster.clock.advance(after);
    const { status } = cluster.pod('p');
    const found = status?.containerStatuses?.[0];
    expect(status?.phase).toBe(phase);
    if (waiting) {
      expect(found?.state.waiting?.reason).toBe(waiting.reason);
      if (waiting.message) expect(found?.state.waiting?.message).toMatch(waiting.message);
    }
    if (terminated) expect(found?.state.terminated).toMatchObject(terminated);
    if (last) expect(lastOf(found?.state, found?.lastState)).toMatchObject(last);
    const told = cluster.events('p');
    for (const each of events) {
      expect(
        told.some((text) => (typeof each === 'string' ? text === each : each.test(text))),
        `${each} in ${told.join('\n')}`,
      ).toBe(true);
    }
  });
});

const lastOf = (state: ContainerState | undefined, last: ContainerState | undefined) => state?.terminated ?? last?.terminated;

const condition = (name: string, type: string) => cluster.pod(name).status?.conditions?.find((each) => each.type === type);

describe('time', () => {
  it('waits 10, 20, 40, 80, 160 and then 300 s between two crashes', () => {
    cluster = nodeCluster();
    cluster.run('p', sh('exit 1'));
    const waits: string[] = [];
    cluster.api.onChange('pods', ({ object }) => {
      const { message } = (object as unknown as ReturnType<NodeCluster['pod']>).status?.containerStatuses?.[0]?.state.waiting ?? {};
      const wait = /^back-off (\S+)/.exec(message ?? '')?.[1];
      if (wait && waits.at(-1) !== wait) waits.push(wait);
    });
    cluster.clock.advance(20 * 60_000);
    expect(waits).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
  });

  it('gives a deaf container its grace, then kills it, and the pod goes', () => {
    cluster = nodeCluster();
    cluster.run('p', { command: ['sleep', '1000'] }, { terminationGracePeriodSeconds: 6 });
    cluster.clock.advance(5000);
    cluster.api.delete('pods', 'default', 'p');
    cluster.clock.advance(5900);
    expect(cluster.pod('p').status?.phase).toBe('Running');
    cluster.clock.advance(600);
    expect(cluster.pod('p').status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'Error' } } }],
    });
    cluster.clock.advance(1500);
    expect(cluster.api.get('pods', 'default', 'p')).toBeUndefined();
    expect(cluster.events('p')).toContain('Normal Killing Stopping container app (1)');
  });

  it('a server ends at once, after its preStop hook', () => {
    cluster = nodeCluster();
    cluster.run('p', { image: 'nginx', lifecycle: { preStop: { exec: { command: ['sleep', '3'] } } } });
    cluster.clock.advance(5000);
    cluster.api.delete('pods', 'default', 'p');
    cluster.clock.advance(2900);
    expect(cluster.pod('p').status?.phase).toBe('Running');
    cluster.clock.advance(2000);
    expect(cluster.api.get('pods', 'default', 'p')).toBeUndefined();
  });

  it('ends a pod that is longer there than it may be', () => {
    cluster = nodeCluster();
    cluster.run('p', { image: 'nginx' }, { activeDeadlineSeconds: 12 });
    cluster.clock.advance(14_000);
    expect(cluster.pod('p').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });
});

describe('probes', () => {
  it('a readiness probe makes ready after its delay', () => {
    cluster = nodeCluster();
    cluster.run('p', { image: 'nginx', readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 8, periodSeconds: 5 } });
    cluster.clock.advance(9000);
    expect(condition('p', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [app]',
    });
    cluster.clock.advance(5000);
    expect(condition('p', 'Ready')?.status).toBe('True');
  });

  it.each([
    ['http', { httpGet: { path: '/fail', port: 80 } }, 'HTTP probe failed with statuscode: 503'],
    [
      'http, nobody there',
      { httpGet: { port: 8081 } },
      'Get "http://10.244.0.2:8081/": dial tcp 10.244.0.2:8081: connect: connection refused',
    ],
    [
      'http, too slow',
      { httpGet: { path: '/slow?ms=3000', port: 80 } },
      'Get "http://10.244.0.2:80/slow?ms=3000": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
    ['tcp', { tcpSocket: { port: 81 } }, 'dial tcp 10.244.0.2:81: connect: connection refused'],
    ['exec', { exec: { command: ['cat', '/tmp/ready'] } }, "cat: can't open '/tmp/ready': No such file or directory\n"],
    ['exec, too slow', { exec: { command: ['sleep', '5'] } }, 'command timed out: "sleep 5" timed out after 1s'],
    ['grpc', { grpc: { port: 9090 } }, 'timeout: failed to connect service "10.244.0.2:9090" within 1s: context deadline exceeded'],
  ])('says why it failed: %s', (_, readinessProbe, message) => {
    cluster = nodeCluster();
    cluster.run('p', { image: 'nginx', readinessProbe });
    cluster.clock.advance(6000);
    expect(cluster.events('p')).toContain(`Warning Unhealthy Readiness probe failed: ${message} (1)`);
    expect(condition('p', 'Ready')?.status).toBe('False');
  });

  it('a liveness probe that fails restarts: twice at once, then with backoff', () => {
    cluster = nodeCluster();
    cluster.run('p', { image: 'nginx', livenessProbe: { httpGet: { path: '/fail', port: 80 }, periodSeconds: 4, failureThreshold: 2 } });
    cluster.clock.advance(12_500);
    expect(cluster.pod('p').status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      lastState: { terminated: { exitCode: 0, reason: 'Completed' } },
    });
    cluster.clock.advance(4000);
    expect(cluster.pod('p').status?.containerStatuses?.[0]?.state.waiting?.message).toMatch(/^back-off 10s/);
    expect(cluster.events('p')).toContain('Normal Killing Container app failed liveness probe, will be restarted (3)');
  });

  it('a startup probe holds the others back', () => {
    cluster = nodeCluster();
    const probe = { httpGet: { path: '/', port: 80 }, periodSeconds: 3, failureThreshold: 20 };
    cluster.run(
      'p',
      { image: 'nginx', startupProbe: probe, readinessProbe: probe },
      {},
      { 'sandbox.fairlead.dev/scene': 'slow-start for=20s' },
    );
    cluster.clock.advance(15_000);
    expect(cluster.pod('p').status?.containerStatuses?.[0]).toMatchObject({ started: false, ready: false, restartCount: 0 });
    cluster.clock.advance(12_000);
    expect(cluster.pod('p').status?.containerStatuses?.[0]).toMatchObject({ started: true, ready: true, restartCount: 0 });
  });

  it('the scene of a readiness probe that fails for a while', () => {
    cluster = nodeCluster();
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 2 };
    cluster.run('p', { image: 'nginx', readinessProbe }, {}, { 'sandbox.fairlead.dev/scene': 'readiness for=20s' });
    cluster.clock.advance(15_000);
    expect(condition('p', 'Ready')?.status).toBe('False');
    cluster.clock.advance(15_000);
    expect(condition('p', 'Ready')?.status).toBe('True');
  });
});

describe('several containers', () => {
  it('init containers come first, one after the other; a sidecar stays', () => {
    cluster = nodeCluster();
    const initContainers = [
      { name: 'first', image: 'busybox', ...sh('sleep 4') },
      { name: 'side', image: 'nginx', restartPolicy: 'Always' },
    ];
    cluster.run('p', { image: 'nginx' }, { initContainers });
    cluster.clock.advance(4000);
    expect(condition('p', 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [first side]',
    });
    expect(cluster.pod('p').status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('PodInitializing');
    cluster.clock.advance(6000);
    const { status } = cluster.pod('p');
    expect(status?.phase).toBe('Running');
    expect(status?.initContainerStatuses?.map(({ state }) => Object.keys(state)[0])).toEqual(['terminated', 'running']);
    expect(condition('p', 'Ready')?.status).toBe('True');
  });

  it('a sidecar does not keep a job from its end', () => {
    cluster = nodeCluster();
    const initContainers = [{ name: 'side', image: 'nginx', restartPolicy: 'Always' }];
    cluster.run('p', { command: ['sleep', '5'] }, { restartPolicy: 'Never', initContainers });
    cluster.clock.advance(12_000);
    expect(cluster.pod('p').status).toMatchObject({
      phase: 'Succeeded',
      initContainerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 0 } } }],
    });
    expect(cluster.events('p')).toContain('Normal Killing Stopping container side (1)');
  });

  it('what ended last leaves its words', () => {
    cluster = nodeCluster();
    cluster.run(
      'p',
      { ...sh('echo one; echo two; exit 7'), terminationMessagePolicy: 'FallbackToLogsOnError' },
      { restartPolicy: 'Never' },
    );
    cluster.run('q', sh('echo -n last words > /dev/termination-log; exit 7'), { restartPolicy: 'Never' });
    cluster.clock.advance(5000);
    expect(cluster.pod('p').status?.containerStatuses?.[0]?.state.terminated?.message).toBe('one\ntwo\n');
    expect(cluster.pod('q').status?.containerStatuses?.[0]?.state.terminated?.message).toBe('last words');
  });
});

describe('what a container sees', () => {
  it('variables, files and the cluster', () => {
    cluster = nodeCluster();
    const { api } = cluster;
    api.create('configmaps', { metadata: { name: 'conf', namespace: 'default' }, data: { a: 'b', 'app.ini': 'x=1' } });
    api.create('services', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { clusterIP: '10.96.0.9', selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    cluster.run('web', { image: 'nginx' });
    cluster.clock.advance(5000);
    cluster.run(
      'p',
      {
        ...sh('echo $A $B $NODE $MEM; cat /etc/conf/app.ini; echo; wget -qO- http://web | grep "<h1>"; nslookup web | tail -3'),
        resources: { limits: { memory: '64Mi' } },
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'conf', key: 'a' } } },
          { name: 'B', value: '$(A)-$(MISSING)-$(WEB_SERVICE_HOST)' },
          { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        ],
        volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
      },
      { restartPolicy: 'Never', volumes: [{ name: 'conf', configMap: { name: 'conf' } }] },
    );
    cluster.clock.advance(5000);
    expect(cluster.log('p')).toBe(
      'b b-$(MISSING)-10.96.0.9 sandbox-0 64\nx=1\n<h1>Welcome to nginx!</h1>\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.0.9\n\n',
    );
  });
});

describe('a node', () => {
  it('renews its lease, and is silent while it is lost', () => {
    cluster = nodeCluster(2);
    const lease = () =>
      String(
        (cluster.api.get('leases.coordination.k8s.io', 'kube-node-lease', 'sandbox-0')?.spec as { renewTime?: string } | undefined)
          ?.renewTime,
      );
    cluster.run('p', { image: 'nginx' });
    cluster.clock.advance(25_000);
    const before = lease();
    const annotate = (value: string | undefined) =>
      cluster.api.change('nodes', '', 'sandbox-0', (node) => {
        node.metadata.annotations = { ...node.metadata.annotations, ...(value ? { 'sandbox.fairlead.dev/lost': value } : {}) };
        if (!value) delete node.metadata.annotations['sandbox.fairlead.dev/lost'];
      });
    annotate('true');
    cluster.api.delete('pods', 'default', 'p');
    cluster.clock.advance(60_000);
    expect(lease()).toBe(before);
    expect(cluster.pod('p').status?.phase).toBe('Running');
    annotate(undefined);
    cluster.clock.advance(20_000);
    expect(lease() > before).toBe(true);
    expect(cluster.api.get('pods', 'default', 'p')).toBeUndefined();
  });

  it('finds its pods again when the sandbox was restarted', () => {
    cluster = nodeCluster();
    cluster.run('web', { image: 'nginx', readinessProbe: { httpGet: { path: '/', port: 80 } } });
    cluster.run('done', sh('exit 0'), { restartPolicy: 'Never' });
    cluster.run('crash', sh('exit 3'));
    cluster.run('missing', { image: 'nginx:missing' });
    cluster.clock.advance(30_000);
    cluster.stop();
    const before = cluster.pod('web').status;
    const nodes = createNodes(cluster);
    const stop = startKubelets({ nodes });
    cluster.clock.advance(60_000);
    expect(cluster.pod('web').status).toEqual(before);
    expect(cluster.pod('done').status?.phase).toBe('Succeeded');
    expect(cluster.pod('crash').status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(2);
    expect(cluster.pod('missing').status?.containerStatuses?.[0]?.state.waiting?.reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
    cluster.api.delete('pods', 'default', 'web');
    cluster.clock.advance(3000);
    expect(cluster.api.get('pods', 'default', 'web')).toBeUndefined();
    stop();
  });
});
