import type { KubeObject } from '@fairlead/kube/protocol';
import { type Fields, fields, flag, isSet, items, list, number, strings, text } from '../../kinds/parts/values.js';
import { bad, containersOf, type Finding, named, quotedList, type Setters, settersOf, sortedSet } from './findings.js';

/** One control of the Pod Security Standards: what is forbidden about a pod, or nothing. `since`: the minor version that brought it. */
export interface Check {
  id: string;
  since?: number;
  overrides?: string;
  find(pod: Pod, minor: number): Finding | undefined;
}

export interface Pod {
  metadata: Pick<KubeObject['metadata'], 'annotations'>;
  spec: Fields;
}

const security = (container: Fields): Fields => fields(container.securityContext);
const isWindows = ({ spec }: Pod): boolean => fields(spec.os).name === 'windows';

const addable = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const sysctls: readonly (readonly [number, readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes']],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];
const contexts = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** In the order in which they are reported: of their names. */
export const baseline: readonly Check[] = [
  { id: 'appArmorProfile', find: appArmor },
  { id: 'capabilities_baseline', find: ({ spec }) => addedCapabilities(spec, (each) => addable.has(each), 'non-default capabilities') },
  {
    id: 'hostNamespaces',
    find: ({ spec }) =>
      bad(
        'host namespaces',
        ['hostNetwork', 'hostPID', 'hostIPC']
          .filter((each) => flag(spec[each]))
          .map((each) => `${each}=true`)
          .join(', '),
      ),
  },
  {
    id: 'hostPathVolumes',
    find: ({ spec }) => {
      const volumes = list(spec.volumes).filter(({ hostPath }) => isSet(hostPath));
      return bad('hostPath volumes', volumes.length === 0 ? '' : named('volume', volumes));
    },
  },
  { id: 'hostPorts', find: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, find: hostProbes },
  {
    id: 'privileged',
    find: ({ spec }) => {
      const found = containersOf(spec).filter((each) => flag(security(each).privileged));
      return bad('privileged', found.length === 0 ? '' : `${named('container', found)} must not set securityContext.privileged=true`);
    },
  },
  { id: 'procMount', find: procMount },
  { id: 'seLinuxOptions', find: seLinux },
  { id: 'seccompProfile_baseline', find: ({ spec }) => seccompValues(spec) },
  {
    id: 'sysctls',
    find: ({ spec }, minor) => {
      const allowed = sysctls.flatMap(([from, names]) => (minor >= from ? names : []));
      const used = list(fields(spec.securityContext).sysctls).map(({ name }) => text(name));
      return bad('forbidden sysctls', used.filter((each) => !allowed.includes(each)).join(', '));
    },
  },
  {
    id: 'windowsHostProcess',
    find: ({ spec }) => {
      const setters = settersOf(spec, (context) => flag(fields(context.windowsOptions).hostProcess));
      return bad('hostProcess', setters.text === '' ? '' : `${setters.text} must not set securityContext.windowsOptions.hostProcess=true`);
    },
  },
];

export const restricted: readonly Check[] = [
  { id: 'allowPrivilegeEscalation', since: 8, find: privilegeEscalation },
  { id: 'capabilities_restricted', since: 22, overrides: 'capabilities_baseline', find: restrictedCapabilities },
  { id: 'restrictedVolumes', overrides: 'hostPathVolumes', find: restrictedVolumes },
  { id: 'runAsNonRoot', find: runAsNonRoot },
  {
    id: 'runAsUser',
    since: 23,
    find: ({ spec }) => {
      if (spec.hostUsers === false) return undefined;
      const setters = settersOf(spec, ({ runAsUser }) => runAsUser === 0);
      return bad('runAsUser=0', setters.text === '' ? '' : `${setters.text} must not set runAsUser=0`);
    },
  },
  { id: 'seccompProfile_restricted', since: 19, overrides: 'seccompProfile_baseline', find: restrictedSeccomp },
];

function appArmor({ metadata, spec }: Pod): Finding | undefined {
  const values: string[] = [];
  const allowed = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';
  const setters = settersOf(spec, ({ appArmorProfile }) => {
    const type = text(fields(appArmorProfile).type);
    if (!isSet(appArmorProfile) || allowed(type)) return false;
    values.push(type);
    return true;
  });
  const annotations = Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(([, value]) => value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const all = [...sortedSet(values), ...annotations];
  const who = [setters.text, ...(annotations.length > 0 ? [annotations.length > 1 ? 'annotations' : 'annotation'] : [])].filter(Boolean);
  const reason = all.length > 1 ? 'forbidden AppArmor profiles' : 'forbidden AppArmor profile';
  return bad(reason, who.length === 0 ? '' : `${who.join(' and ')} must not set AppArmor profile type to ${quotedList(all)}`);
}

function addedCapabilities(spec: Fields, allowed: (name: string) => boolean, reason: string): Finding | undefined {
  const added = (container: Fields): string[] => strings(fields(security(container).capabilities).add).filter((each) => !allowed(each));
  const found = containersOf(spec).filter((each) => added(each).length > 0);
  if (found.length === 0) return undefined;
  const names = quotedList(sortedSet(found.flatMap(added)));
  return bad(reason, `${named('container', found)} must not include ${names} in securityContext.capabilities.add`);
}

function restrictedCapabilities(pod: Pod): Finding | undefined {
  if (isWindows(pod)) return undefined;
  const keeping = containersOf(pod.spec).filter((each) => !strings(fields(security(each).capabilities).drop).includes('ALL'));
  const details = keeping.length > 0 ? [`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`] : [];
  const added = addedCapabilities(pod.spec, (each) => each === 'NET_BIND_SERVICE', '');
  if (added) details.push(added.detail);
  return bad('unrestricted capabilities', details.join('; '));
}

function hostPorts({ spec }: Pod): Finding | undefined {
  const ports = (container: Fields): string[] =>
    list(container.ports).flatMap(({ hostPort }) => (number(hostPort) !== 0 ? [String(hostPort)] : []));
  const found = containersOf(spec).filter((each) => ports(each).length > 0);
  if (found.length === 0) return undefined;
  const all = sortedSet(found.flatMap(ports));
  const uses = found.length > 1 ? 'use' : 'uses';
  return bad('hostPort', `${named('container', found)} ${uses} ${all.length > 1 ? 'hostPorts' : 'hostPort'} ${all.join(', ')}`);
}

function hostProbes({ spec }: Pod): Finding | undefined {
  const hosts = (container: Fields): string[] => {
    const { postStart, preStop } = fields(container.lifecycle);
    return [container.livenessProbe, container.readinessProbe, container.startupProbe, postStart, preStop]
      .flatMap((each) => [fields(each).httpGet, fields(each).tcpSocket])
      .map((each) => text(fields(each).host))
      .filter((each) => each !== '');
  };
  const found = containersOf(spec).filter((each) => hosts(each).length > 0);
  if (found.length === 0) return undefined;
  const all = sortedSet(found.flatMap(hosts));
  const names = quotedList(sortedSet(found.map((each) => text(each.name))));
  const what = all.length > 1 ? 'probe or lifecycle hosts' : 'probe or lifecycle host';
  const [container, use] = found.length > 1 ? ['containers', 'use'] : ['container', 'uses'];
  return bad('probe or lifecycle host', `${container} ${names} ${use} ${what} ${quotedList(all)}`);
}

function procMount({ spec }: Pod): Finding | undefined {
  if (spec.hostUsers === false) return undefined;
  const mount = (container: Fields): string => text(security(container).procMount);
  const found = containersOf(spec).filter((each) => mount(each) !== '' && mount(each) !== 'Default');
  const detail = `${named('container', found)} must not set securityContext.procMount to ${quotedList(sortedSet(found.map(mount)))}`;
  return bad('procMount', found.length === 0 ? '' : detail);
}

function seLinux({ spec }: Pod, minor: number): Finding | undefined {
  const allowed = minor >= 31 ? [...contexts, 'container_engine_t'] : contexts;
  const [types, others]: [string[], Set<string>] = [[], new Set()];
  const setters = settersOf(spec, ({ seLinuxOptions }) => {
    if (!isSet(seLinuxOptions)) return false;
    const { type, user, role } = fields(seLinuxOptions);
    const wrong = !allowed.includes(text(type));
    if (wrong) types.push(text(type));
    if (text(user) !== '') others.add('user may not be set');
    if (text(role) !== '') others.add('role may not be set');
    return wrong || text(user) !== '' || text(role) !== '';
  });
  if (setters.text === '') return undefined;
  const kinds = sortedSet(types);
  const data = [
    ...(kinds.length > 0 ? [`${kinds.length > 1 ? 'types' : 'type'} ${quotedList(kinds)}`] : []),
    ...['user may not be set', 'role may not be set'].filter((each) => others.has(each)),
  ];
  return bad('seLinuxOptions', `${setters.text} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`);
}

const goodSeccomp = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';

function seccompValues(spec: Fields): Finding | undefined {
  const values: string[] = [];
  const setters: Setters = settersOf(spec, ({ seccompProfile }) => {
    const type = text(fields(seccompProfile).type);
    if (!isSet(seccompProfile) || goodSeccomp(type)) return false;
    values.push(type);
    return true;
  });
  if (setters.text === '') return undefined;
  return bad('seccompProfile', `${setters.text} must not set securityContext.seccompProfile.type to ${quotedList(sortedSet(values))}`);
}

function restrictedSeccomp(pod: Pod, minor: number): Finding | undefined {
  if (minor >= 25 && isWindows(pod)) return undefined;
  const wrong = seccompValues(pod.spec);
  if (wrong) return wrong;
  if (isSet(fields(pod.spec.securityContext).seccompProfile)) return undefined;
  const without = containersOf(pod.spec).filter((each) => !isSet(security(each).seccompProfile));
  if (without.length === 0) return undefined;
  return bad(
    'seccompProfile',
    `pod or ${named('container', without)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  );
}

function privilegeEscalation(pod: Pod, minor: number): Finding | undefined {
  if (minor >= 25 && isWindows(pod)) return undefined;
  const found = containersOf(pod.spec).filter((each) => security(each).allowPrivilegeEscalation !== false);
  if (found.length === 0) return undefined;
  return bad('allowPrivilegeEscalation != false', `${named('container', found)} must set securityContext.allowPrivilegeEscalation=false`);
}

function runAsNonRoot({ spec }: Pod): Finding | undefined {
  if (spec.hostUsers === false) return undefined;
  const reason = 'runAsNonRoot != true';
  const setters = settersOf(spec, (context) => context.runAsNonRoot === false);
  if (setters.text !== '') return bad(reason, `${setters.text} must not set securityContext.runAsNonRoot=false`);
  if (flag(fields(spec.securityContext).runAsNonRoot)) return undefined;
  const silent = containersOf(spec).filter((each) => !isSet(security(each).runAsNonRoot));
  return bad(reason, silent.length === 0 ? '' : `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true`);
}

const harmless = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];

function restrictedVolumes({ spec }: Pod): Finding | undefined {
  const found = items(spec.volumes).filter((volume) => !harmless.some((each) => isSet(volume[each])));
  if (found.length === 0) return undefined;
  const kinds = sortedSet(found.map((volume) => Object.keys(volume).find((key) => key !== 'name' && isSet(volume[key])) ?? 'unknown'));
  const uses = found.length > 1 ? 'use' : 'uses';
  const what = kinds.length > 1 ? 'restricted volume types' : 'restricted volume type';
  return bad('restricted volume types', `${named('volume', found)} ${uses} ${what} ${quotedList(kinds)}`);
}
