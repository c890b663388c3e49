import { absent, match, some } from '../lib/expect.mjs';
import { suite } from '../lib/suite.mjs';

const event = (t, name, more = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  involvedObject: { kind: 'Pod', namespace: t.ns, name: 'p', uid: 'u-1' },
  reason: 'Why',
  message: 'that',
  type: 'Normal',
  source: { component: 'me' },
  ...more,
});

export default suite(
  'events and leases',
  { namespace: 'own' },
  {
    'an event is kept as it is sent': async (t) => {
      const made = await t.create(
        'events',
        event(t, 'e', { count: 2, firstTimestamp: '2024-01-01T00:00:00Z', lastTimestamp: '2024-01-01T00:00:05Z' }),
      );
      match(made, {
        count: 2,
        firstTimestamp: '2024-01-01T00:00:00Z',
        lastTimestamp: '2024-01-01T00:00:05Z',
        eventTime: null,
        reportingComponent: '',
        reportingInstance: '',
      });
    },
    'the same event in events.k8s.io': async (t) => {
      await t.create('events', event(t, 'e', { count: 2 }));
      await t.GET(`/apis/events.k8s.io/v1/namespaces/${t.ns}/events/e`).is(200, {
        kind: 'Event',
        apiVersion: 'events.k8s.io/v1',
        regarding: { kind: 'Pod', name: 'p' },
        note: 'that',
        reason: 'Why',
        type: 'Normal',
        deprecatedCount: 2,
        deprecatedSource: { component: 'me' },
        involvedObject: absent,
      });
    },
    'an event of events.k8s.io in the core': async (t) => {
      const made = {
        metadata: { name: 'n' },
        regarding: { kind: 'Pod', namespace: t.ns, name: 'p' },
        reason: 'Why',
        note: 'that',
        type: 'Warning',
        action: 'Look',
        eventTime: '2024-01-01T00:00:00.123456Z',
        reportingController: 'example.com/me',
        reportingInstance: 'me-1',
      };
      await t.POST(`/apis/events.k8s.io/v1/namespaces/${t.ns}/events`, made).is(201);
      await t.GET(t.path('events', 'n')).is(200, {
        involvedObject: { name: 'p' },
        message: 'that',
        eventTime: '2024-01-01T00:00:00.123456Z',
        action: 'Look',
        reportingComponent: 'example.com/me',
      });
    },
    'events.k8s.io asks for more': async (t) => {
      await t
        .POST(`/apis/events.k8s.io/v1/namespaces/${t.ns}/events`, {
          metadata: { name: 'n' },
          regarding: { kind: 'Pod', namespace: t.ns, name: 'p' },
          reason: 'Why',
          type: 'Warning',
        })
        .is(422, {
          message: 'Event "n" is invalid: eventTime: Required value',
        });
    },
    'an event of another namespace than its object': async (t) => {
      await t.POST(t.path('events'), event(t, 'e', { involvedObject: { kind: 'Pod', namespace: 'default', name: 'p' } })).is(422, {
        message: /^Event "e" is invalid: involvedObject\.namespace: Invalid value: "default": does not match event\.namespace$/,
      });
    },
    'field selectors of events': async (t) => {
      await t.create('events', event(t, 'a'));
      await t.create(
        'events',
        event(t, 'b', { type: 'Warning', reason: 'Other', involvedObject: { kind: 'Service', namespace: t.ns, name: 's' } }),
      );
      const found = async (fieldSelector) => (await t.list('events', { fieldSelector })).map((e) => e.metadata.name).join();
      match(await found('involvedObject.name=p'), 'a');
      match(await found('involvedObject.kind=Service'), 'b');
      match(await found('involvedObject.uid=u-1'), 'a');
      match(await found('type=Warning'), 'b');
      match(await found('reason!=Other'), 'a');
      match(await found('source=me,type=Normal'), 'a');
    },
    'counting an event up': async (t) => {
      await t.create('events', event(t, 'e', { count: 1 }));
      await t
        .PATCH(t.path('events', 'e'), { count: 2, lastTimestamp: '2024-01-01T00:00:09Z' }, 'strategic')
        .is(200, { count: 2, lastTimestamp: '2024-01-01T00:00:09Z' });
    },
    'a lease is renewed by its holder': async (t) => {
      const made = await t.create('leases', {
        metadata: { name: 'l' },
        spec: { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2024-01-01T00:00:00.000000Z' },
      });
      await t
        .PUT(t.path('leases', 'l'), { ...made, spec: { ...made.spec, holderIdentity: 'b', leaseTransitions: 1 } })
        .is(200, { spec: { holderIdentity: 'b', leaseTransitions: 1 } });
      await t.PUT(t.path('leases', 'l'), { ...made, spec: { ...made.spec, holderIdentity: 'c' } }).is(409, {
        reason: 'Conflict',
        message: /^Operation cannot be fulfilled on leases\.coordination\.k8s\.io "l": the object has been modified/,
      });
    },
    'a lease of no time is refused': async (t) => {
      await t.POST(t.path('leases'), { metadata: { name: 'l' }, spec: { leaseDurationSeconds: 0 } }).is(422, {
        message: 'Lease.coordination.k8s.io "l" is invalid: spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      });
    },
    'each node has a lease': async (t) => {
      const nodes = (await t.list('nodes')).filter((n) => n.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
      const { items } = await t.GET('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases').is(200);
      some(items, {
        metadata: { name: nodes[0].metadata.name },
        spec: { holderIdentity: (v) => typeof v === 'string', renewTime: /\.\d{6}Z$/ },
      });
    },
    "helm's Secrets: create, list by label, update, delete": async (t) => {
      const labels = { owner: 'helm', name: 'shop', status: 'pending-install', version: '1', modifiedAt: '1700000000' };
      const made = await t.create('secrets', {
        metadata: { name: 'sh.helm.release.v1.shop.v1', labels },
        type: 'helm.sh/release.v1',
        data: { release: 'SDRzSUFBQUFBQUFDLw==' },
      });
      match(made.type, 'helm.sh/release.v1');
      const found = await t.list('secrets', {
        labelSelector: 'name=shop,owner=helm,status in (unknown,deployed,superseded,pending-install)',
      });
      match(found, [{ metadata: { name: 'sh.helm.release.v1.shop.v1' } }]);
      const deployed = { ...labels, status: 'deployed' };
      await t
        .PUT(t.path('secrets', 'sh.helm.release.v1.shop.v1'), {
          metadata: { name: 'sh.helm.release.v1.shop.v1', labels: deployed },
          type: 'helm.sh/release.v1',
          data: { release: 'SDRzSUFBQUFBQUFDLw==' },
        })
        .is(200, { metadata: { labels: { status: 'deployed' } } });
      match(await t.list('secrets', { labelSelector: 'owner=helm,status=deployed' }), [{}]);
      await t.DELETE(t.path('secrets', 'sh.helm.release.v1.shop.v1')).is(200);
    },
    "helm's annotations survive a three-way merge": async (t) => {
      const metadata = {
        name: 'c',
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': t.ns },
      };
      await t.create(
        'configmaps',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } },
        { query: { fieldManager: 'helm', fieldValidation: 'Ignore' } },
      );
      await t
        .PATCH(t.path('configmaps', 'c'), { data: { a: '2' } }, 'strategic', { query: { fieldManager: 'helm' } })
        .is(200, { data: { a: '2' }, metadata: { annotations: metadata.annotations } });
    },
  },
);
