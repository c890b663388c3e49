import { describe, expect, it } from 'vitest';
import type { Pod } from './checks.js';
import { describeFindings, findingsOf, labelErrors, policyOf } from './levels.js';

const container = (more: object = {}, name = 'c'): object => ({ name, image: 'nginx', ...more });
const secured = (securityContext: object, name = 'c'): object => container({ securityContext }, name);
const pod = (spec: Record<string, unknown> = {}, ...containers: object[]): Pod => ({
  metadata: {},
  spec: { ...spec, containers: containers.length > 0 ? containers : [container()] },
});
const good = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const quiet = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };

// Said by a real API server of the same pods.
describe.each([
  [
    'baseline',
    [
      [pod(), ''],
      [
        pod(
          { hostNetwork: true, hostPID: true, volumes: [{ name: 'h', hostPath: { path: '/' } }] },
          secured({ privileged: true, capabilities: { add: ['NET_ADMIN'] } }),
        ),
        'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add), host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume "h"), privileged (container "c" must not set securityContext.privileged=true)',
      ],
      [pod({ hostPID: true, hostIPC: true }), 'host namespaces (hostPID=true, hostIPC=true)'],
      [
        pod({}, container({ ports: [{ hostPort: 80 }] }), container({ ports: [{ hostPort: 81 }, { containerPort: 1 }] }, 'd')),
        'hostPort (containers "c", "d" use hostPorts 80, 81)',
      ],
      [
        pod({}, container({ livenessProbe: { tcpSocket: { host: 'x' } } })),
        'probe or lifecycle host (container "c" uses probe or lifecycle host "x")',
      ],
      [pod({}, secured({ procMount: 'Unmasked' })), 'procMount (container "c" must not set securityContext.procMount to "Unmasked")'],
      [
        pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }, secured({ seccompProfile: { type: 'Unconfined' } })),
        'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
      ],
      [
        pod({ securityContext: { seLinuxOptions: { type: 'foo', user: 'u' } } }, secured({ seLinuxOptions: { role: 'r' } })),
        'seLinuxOptions (pod and container "c" set forbidden securityContext.seLinuxOptions: type "foo"; user may not be set; role may not be set)',
      ],
      [pod({ securityContext: { sysctls: [{ name: 'kernel.foo' }, { name: 'net.ipv4.tcp_rmem' }] } }), 'forbidden sysctls (kernel.foo)'],
      [
        pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
        'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
      ],
    ],
  ],
  [
    'restricted',
    [
      [pod(quiet, secured(good)), ''],
      [
        pod({}, container(), container({}, 'd')),
        'allowPrivilegeEscalation != false (containers "c", "d" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "c", "d" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or containers "c", "d" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "c", "d" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
      ],
      [
        pod(
          {
            ...quiet,
            volumes: [
              { name: 'n', nfs: {} },
              { name: 'e', emptyDir: {} },
            ],
          },
          secured({ ...good, runAsUser: 0 }),
        ),
        'restricted volume types (volume "n" uses restricted volume type "nfs"), runAsUser=0 (container "c" must not set runAsUser=0)',
      ],
      [
        pod(quiet, secured({ ...good, capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } })),
        'unrestricted capabilities (container "c" must not include "CHOWN" in securityContext.capabilities.add)',
      ],
      [pod({ ...quiet, hostPID: true }, secured(good)), 'host namespaces (hostPID=true)'],
      [
        pod({ ...quiet, initContainers: [secured({ ...good, runAsNonRoot: false }, 'i')] }, secured(good)),
        'runAsNonRoot != true (container "i" must not set securityContext.runAsNonRoot=false)',
      ],
    ],
  ],
] as const)('%s', (level, cases) => {
  it.each(cases as readonly (readonly [Pod, string])[])('%j', (given, findings) => {
    expect(describeFindings(findingsOf({ level, version: 'latest' }, given))).toBe(findings);
  });
});

it('takes the rules of the version that is asked for', () => {
  const sysctl = pod({ securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }] } });
  expect(findingsOf({ level: 'baseline', version: 'v1.31' }, sysctl)).toHaveLength(1);
  expect(findingsOf({ level: 'baseline', version: 'v1.32' }, sysctl)).toEqual([]);
});

describe('the labels of a namespace', () => {
  const label = (name: string): string => `pod-security.kubernetes.io/${name}`;
  it('allow everything where there are none', () => {
    expect(policyOf(undefined, 'enforce')).toEqual({ level: 'privileged', version: 'latest' });
  });
  it('are strictest where nobody knows what they say', () => {
    expect(policyOf({ [label('enforce')]: 'foo', [label('enforce-version')]: 'v2' }, 'enforce')).toEqual({
      level: 'restricted',
      version: 'latest',
    });
  });
  it('are refused then', () => {
    expect(labelErrors({ [label('enforce')]: 'foo', [label('warn-version')]: 'v2' }).map(({ field, body }) => `${field}: ${body}`)).toEqual(
      [
        'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "foo": must be one of privileged, baseline, restricted',
        'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "v2": must be "latest" or "v1.x"',
      ],
    );
  });
});
