import type { KubeObject } from '@fairlead/kube/protocol';

const machine = { cpu: '8', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi', 'hugepages-2Mi': '0' } as const;

/** A node as its kubelet registers it: `sandbox-0`, 10.244.0.0/24, in one of three zones. */
export function sandboxNode(index: number, now: string): KubeObject {
  const name = `sandbox-${index}`;
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'sandbox',
        'topology.kubernetes.io/zone': `sandbox-${'abc'[index % 3]}`,
      },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`], providerID: `sandbox://sandbox/${name}` },
    status: {
      capacity: machine,
      allocatable: machine,
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      addresses: [
        { type: 'InternalIP', address: `10.0.0.${10 + index}` },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: `5a4d0000000000000000000000000${String(index).padStart(3, '0')}`,
        systemUUID: `5a4d0000-0000-0000-0000-000000000${String(index).padStart(3, '0')}`,
        bootID: `5a4d0000-0000-0000-0001-000000000${String(index).padStart(3, '0')}`,
        kernelVersion: '6.12.0-sandbox',
        osImage: 'Fairlead Sandbox',
        containerRuntimeVersion: 'containerd://2.1.0',
        kubeletVersion: 'v1.34.4+sandbox',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  };
}
