import { absent, match, same } from '../lib/expect.mjs';
import { configMap, failure, idlePod } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const review = (kind, spec) => ({ apiVersion: 'authentication.k8s.io/v1', kind, ...(spec ? { spec } : {}) });
const whoami = (t) => t.POST('/apis/authentication.k8s.io/v1/selfsubjectreviews', review('SelfSubjectReview'));

/** A token of a ServiceAccount of the case. */
async function tokenOf(t, account, spec = {}) {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  return await t.POST(t.path('serviceaccounts', account, 'token'), body).is(201);
}

const unauthorized = failure(401, 'Unauthorized', 'Unauthorized');

export default suite(
  'authentication',
  { namespace: 'own' },
  {
    'nobody is system:anonymous, and may see nothing': async (t) => {
      await t
        .by(t.api.bearing())
        .GET(t.path('pods'))
        .is(
          403,
          failure(
            403,
            'Forbidden',
            `pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "${t.ns}"`,
            { kind: 'pods' },
          ),
        );
    },
    'nobody may not discover': async (t) => {
      await t
        .by(t.api.bearing())
        .GET('/apis')
        .is(403, failure(403, 'Forbidden', 'forbidden: User "system:anonymous" cannot get path "/apis"', {}));
    },
    'a token that is none is Unauthorized': async (t) => {
      await t.by(t.api.bearing('rubbish')).GET(t.path('pods')).is(401, unauthorized);
    },
    'also where nobody would be let in': async (t) => {
      await t.by(t.api.bearing('rubbish')).GET('/version').is(401, unauthorized);
    },
    'SelfSubjectReview says who asks': async (t) => {
      const { status } = await whoami(t).is(201, { kind: 'SelfSubjectReview', metadata: { creationTimestamp: /T/ } });
      match(status.userInfo.groups.includes('system:masters'), true);
      match(status.userInfo.groups.includes('system:authenticated'), true);
    },
    'SelfSubjectReview of the impersonated': async (t) => {
      const as = t.api.as('ann', { groups: ['crew'], uid: 'u-1', extra: { 'example.com/team': ['a', 'b'] } });
      const { status } = await whoami(t.by(as)).is(201);
      match(status.userInfo, {
        username: 'ann',
        uid: 'u-1',
        groups: ['crew', 'system:authenticated'],
        extra: { 'example.com/team': ['a', 'b'] },
      });
    },
    'impersonating a ServiceAccount brings its groups': async (t) => {
      const { status } = await whoami(t.by(t.api.as(`system:serviceaccount:${t.ns}:default`))).is(201);
      same(status.userInfo.groups, ['system:serviceaccounts', `system:serviceaccounts:${t.ns}`, 'system:authenticated']);
    },
    'impersonating nobody': async (t) => {
      await whoami(t.by(t.api.as('system:anonymous'))).is(403, {
        message:
          'selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
      });
    },
    ...table(
      [
        ['a user', ['eve'], 'users', 'eve'],
        ['a group', ['ann', { groups: ['crew'] }], 'groups', 'crew', 'ann'],
        ['a ServiceAccount', ['system:serviceaccount:some:robot'], 'serviceaccounts', 'robot'],
      ],
      ([title]) => `who may not impersonate ${title} is told so`,
      async (t, [, args, resource, name, allowedUser]) => {
        const token = (await tokenOf(t, 'default')).status.token;
        const who = `system:serviceaccount:${t.ns}:default`;
        if (allowedUser) {
          const rule = { apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: [allowedUser] };
          await t.create('clusterroles', { metadata: { name: t.id }, rules: [rule] });
          await t.create('clusterrolebindings', {
            metadata: { name: t.id },
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: t.id },
            subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: t.ns }],
          });
        }
        const scope = resource === 'serviceaccounts' ? ' in the namespace "some"' : ' at the cluster scope';
        const message = `${resource} "${name}" is forbidden: User "${who}" cannot impersonate resource "${resource}" in API group ""${scope}`;
        await t.until('the right is known', async () => {
          const answer = await t.by(t.api.bearing(token).as(...args)).GET(t.path('pods'));
          return answer.is(403, { reason: 'Forbidden', message, details: { name, kind: resource } });
        });
      },
    ),
    'groups without a user are refused': async (t) => {
      await t
        .GET(t.path('pods'), { headers: { 'Impersonate-Group': 'crew' } })
        .is(500, /requested \[\{Group {2}crew.*\}\] without impersonating a user\n$/);
    },
    'a token of a ServiceAccount': async (t) => {
      const body = await tokenOf(t, 'default', { expirationSeconds: 3600 });
      match(body, {
        kind: 'TokenRequest',
        spec: { expirationSeconds: 3600 },
        status: { token: /^[\w-]+\.[\w-]+\.[\w-]+$/, expirationTimestamp: /Z$/ },
      });
      const claims = JSON.parse(Buffer.from(body.status.token.split('.')[1], 'base64url').toString());
      match(claims, {
        iss: /^https:/,
        sub: `system:serviceaccount:${t.ns}:default`,
        'kubernetes.io': { namespace: t.ns, serviceaccount: { name: 'default', uid: /-/ } },
        exp: (v) => v - claims.iat === 3600,
      });
      const { status } = await whoami(t.by(t.api.bearing(body.status.token))).is(201);
      match(status.userInfo, {
        username: `system:serviceaccount:${t.ns}:default`,
        uid: claims['kubernetes.io'].serviceaccount.uid,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${t.ns}`, 'system:authenticated'],
      });
    },
    'a token shorter than ten minutes is refused': async (t) => {
      await t.POST(t.path('serviceaccounts', 'default', 'token'), { spec: { expirationSeconds: 60 } }).is(422, {
        message: /spec\.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes/,
      });
    },
    'a token of an account that is not there': async (t) => {
      await t.POST(t.path('serviceaccounts', 'none', 'token'), { spec: {} }).is(404, { message: 'serviceaccounts "none" not found' });
    },
    'a token ends with its account': async (t) => {
      await t.create('serviceaccounts', { metadata: { name: 'robot' } });
      const { status } = await tokenOf(t, 'robot');
      const robot = t.by(t.api.bearing(status.token));
      await whoami(robot).is(201);
      await t.DELETE(t.path('serviceaccounts', 'robot')).is(200);
      await t.until('401', async () => (await whoami(robot)).status === 401);
    },
    'a token that is bound to a pod': async (t) => {
      const pod = await t.create('pods', idlePod('p'));
      const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'p', uid: pod.metadata.uid };
      const { status } = await tokenOf(t, 'default', { boundObjectRef });
      const me = await whoami(t.by(t.api.bearing(status.token))).is(201);
      match(me.status.userInfo.extra, {
        'authentication.kubernetes.io/pod-name': ['p'],
        'authentication.kubernetes.io/pod-uid': [pod.metadata.uid],
      });
      await t
        .POST(t.path('serviceaccounts', 'default', 'token'), { spec: { boundObjectRef: { ...boundObjectRef, uid: 'other' } } })
        .is(409, { reason: 'Conflict' });
    },
    'TokenReview of a good token': async (t) => {
      const { status } = await tokenOf(t, 'default');
      await t.POST('/apis/authentication.k8s.io/v1/tokenreviews', review('TokenReview', { token: status.token })).is(201, {
        status: { authenticated: true, user: { username: `system:serviceaccount:${t.ns}:default` }, audiences: (v) => v.length > 0 },
      });
    },
    'TokenReview of a bad token': async (t) => {
      await t
        .POST('/apis/authentication.k8s.io/v1/tokenreviews', review('TokenReview', { token: 'rubbish' }))
        .is(201, { status: { authenticated: absent, user: {}, error: /invalid bearer token/ } });
    },
    'TokenReview for an audience that the token is not for': async (t) => {
      const { status } = await tokenOf(t, 'default', { audiences: ['elsewhere'] });
      await t
        .POST('/apis/authentication.k8s.io/v1/tokenreviews', review('TokenReview', { token: status.token, audiences: ['elsewhere'] }))
        .is(201, { status: { authenticated: true, audiences: ['elsewhere'] } });
      await t
        .POST('/apis/authentication.k8s.io/v1/tokenreviews', review('TokenReview', { token: status.token }))
        .is(201, { status: { authenticated: absent } });
      await t.by(t.api.bearing(status.token)).GET(t.path('pods')).is(401);
    },
    'TokenReview without token': async (t) => {
      await t
        .POST('/apis/authentication.k8s.io/v1/tokenreviews', review('TokenReview', {}))
        .is(400, { message: /token is required for TokenReview in authentication/ });
    },
    'a Secret for a token is filled in': async (t) => {
      const annotations = { 'kubernetes.io/service-account.name': 'default' };
      await t.create('secrets', { metadata: { name: 'token', annotations }, type: 'kubernetes.io/service-account-token' });
      const { data } = await t.untilObject('secrets', 'token', {
        data: { token: (v) => Boolean(v), 'ca.crt': (v) => Boolean(v), namespace: Buffer.from(t.ns).toString('base64') },
      });
      const { status } = await whoami(t.by(t.api.bearing(Buffer.from(data.token, 'base64').toString()))).is(201);
      match(status.userInfo.username, `system:serviceaccount:${t.ns}:default`);
    },
    'kubectl auth whoami': [
      ['kubectl'],
      async (t) => {
        match(
          await t.kubectl('auth whoami --as=ann --as-group=crew').ok(),
          /^ATTRIBUTE +VALUE\nUsername +ann\nGroups +\[crew system:authenticated\]\n$/,
        );
      },
    ],
    'kubectl create token': [
      ['kubectl'],
      async (t) => {
        const token = (await t.kubectl('create token default --duration=20m').ok()).trim();
        await whoami(t.by(t.api.bearing(token))).is(201);
        const yaml = await t.kubectl('create token default -o yaml').ok();
        match(yaml, /kind: TokenRequest/);
      },
    ],
    'kubectl --as without a right': [
      ['kubectl'],
      async (t) => {
        await t
          .kubectl('get pods --as=ann')
          .fails(
            `Error from server (Forbidden): pods is forbidden: User "ann" cannot list resource "pods" in API group "" in the namespace "${t.ns}"`,
          );
      },
    ],
    'what a token of a new ServiceAccount may do: discover, and ask about itself': async (t) => {
      const { status } = await tokenOf(t, 'default');
      const robot = t.by(t.api.bearing(status.token));
      await robot.GET('/apis').is(200);
      await robot.GET('/openapi/v3').is(200);
      await robot.GET(t.path('configmaps')).is(403);
      await robot.POST(t.path('configmaps'), configMap('x')).is(403, {
        message: `configmaps is forbidden: User "system:serviceaccount:${t.ns}:default" cannot create resource "configmaps" in API group "" in the namespace "${t.ns}"`,
      });
    },
  },
);
