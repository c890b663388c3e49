import { match, none, some } from '../lib/expect.mjs';
import { image, pod } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const broken = 'registry.invalid/none:1';

export default suite(
  'images',
  { namespace: 'own', needs: ['run'] },
  {
    'an image that is not there: ErrImagePull, then ImagePullBackOff': async (t) => {
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: broken }] }));
      const seen = new Set();
      const last = await t.until(
        'both',
        async () => {
          const one = await t.read('pods', 'p');
          const waiting = one.status.containerStatuses?.[0]?.state?.waiting;
          if (waiting) seen.add(waiting.reason);
          return seen.has('ImagePullBackOff') && one;
        },
        60_000,
      );
      match(last.status, {
        phase: 'Pending',
        containerStatuses: [
          {
            ready: false,
            started: false,
            restartCount: 0,
            image: broken,
            imageID: '',
            state: { waiting: { reason: 'ImagePullBackOff', message: /^Back-off pulling image "registry\.invalid\/none:1"/ } },
          },
        ],
      });
      const events = await t.list('events', { fieldSelector: 'involvedObject.name=p' });
      some(events, { reason: 'Pulling', message: `Pulling image "${broken}"` });
      some(events, { type: 'Warning', reason: 'Failed', message: /^Failed to pull image "registry\.invalid\/none:1": / });
      some(events, { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' });
      none(events, { reason: 'Started' });
    },
    'a name that is no image: InvalidImageName': async (t) => {
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'Not An Image' }] }));
      await t.untilObject('pods', 'p', {
        status: {
          containerStatuses: [
            {
              state: {
                waiting: {
                  reason: 'InvalidImageName',
                  message:
                    /^Failed to apply default image tag "Not An Image": couldn't parse image name "Not An Image": invalid reference format/,
                },
              },
            },
          ],
        },
      });
    },
    'imagePullPolicy Never of what is not here: ErrImageNeverPull': async (t) => {
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: broken, imagePullPolicy: 'Never' }] }));
      await t.untilObject('pods', 'p', {
        status: {
          containerStatuses: [
            {
              state: {
                waiting: { reason: 'ErrImageNeverPull', message: `Container image "${broken}" is not present with pull policy of Never` },
              },
            },
          ],
        },
      });
    },
    'what is here already says so': async (t) => {
      await t.create('pods', pod('p'));
      await t.until('Pulled', async () =>
        some(await t.list('events', { fieldSelector: 'involvedObject.name=p' }), {
          reason: 'Pulled',
          message: new RegExp(`^Container image "${image}" already present on machine`),
        }),
      );
    },
  },
);
