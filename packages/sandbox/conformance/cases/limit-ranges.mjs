import { match } from '../lib/expect.mjs';
import { claim, idlePod } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const withResources = (name, resources) => idlePod(name, { containers: [{ name: 'main', image: 'x:1', resources }] });
const limitRange = (limits) => ({ metadata: { name: 'limits' }, spec: { limits } });

export default suite(
  'limit ranges',
  { namespace: 'own' },
  {
    'defaults are filled in': async (t) => {
      await t.create(
        'limitranges',
        limitRange([{ type: 'Container', default: { cpu: '500m', memory: '128Mi' }, defaultRequest: { cpu: '100m' } }]),
      );
      const made = await t.until('counted', async () => {
        const pod = await t.POST(t.path('pods'), idlePod('p')).is(201);
        if (pod.spec.containers[0].resources.limits) return pod;
        await t.DELETE(t.path('pods', 'p')).is(200);
      });
      match(made.spec.containers[0].resources, { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '100m', memory: '128Mi' } });
      match(
        made.metadata.annotations['kubernetes.io/limit-ranger'],
        'LimitRanger plugin set: cpu, memory request for container main; cpu, memory limit for container main',
      );
    },
    'the range itself gets defaults': async (t) => {
      const made = await t.create('limitranges', limitRange([{ type: 'Container', max: { cpu: '2' } }]));
      match(made.spec.limits, [{ max: { cpu: '2' }, default: { cpu: '2' }, defaultRequest: { cpu: '2' } }]);
    },
    ...table(
      [
        ['above the maximum', { max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
        [
          'below the minimum',
          { min: { memory: '64Mi' } },
          { requests: { memory: '1Mi' } },
          'minimum memory usage per Container is 64Mi, but request is 1Mi',
        ],
        [
          'a ratio',
          { maxLimitRequestRatio: { cpu: '2' } },
          { requests: { cpu: '100m' }, limits: { cpu: '500m' } },
          'cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000',
        ],
      ],
      ([title]) => title,
      async (t, [, range, resources, message]) => {
        await t.create('limitranges', limitRange([{ type: 'Container', ...range }]));
        await t.until('refused', async () => {
          const answer = await t.POST(t.path('pods'), withResources('p', resources), { query: { dryRun: 'All' } });
          return answer.is(403, { reason: 'Forbidden', message: `pods "p" is forbidden: ${message}` });
        });
      },
    ),
    'a claim that asks too much': async (t) => {
      await t.create('limitranges', limitRange([{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }]));
      await t.until('refused', async () => {
        const answer = await t.POST(t.path('persistentvolumeclaims'), claim('c', { resources: { requests: { storage: '2Gi' } } }), {
          query: { dryRun: 'All' },
        });
        return answer.is(403, {
          message: 'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
        });
      });
    },
    'a minimum above the maximum is refused': async (t) => {
      await t.POST(t.path('limitranges'), limitRange([{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }])).is(422, {
        message:
          /^LimitRange "limits" is invalid: \[spec\.limits\[0\]\.min\[cpu\]: Invalid value: "2": min value 2 is greater than max value 1, /,
      });
    },
    'kubectl describe limits': [
      ['kubectl'],
      async (t) => {
        await t.create('limitranges', limitRange([{ type: 'Container', max: { cpu: '2' } }]));
        match(
          await t.kubectl('describe limits limits').ok(),
          /Type +Resource +Min +Max +Default Request +Default Limit +Max Limit\/Request Ratio\n-+ .*\nContainer +cpu +- +2 +2 +2 +-/,
        );
      },
    ],
  },
);
