import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from './decode.js';
import { encodeProtobuf, encodeWatchEvent, hasMessage } from './encode.js';

const metadata = {
  name: 'x',
  uid: 'u',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { a: 'b' },
  managedFields: [{ manager: 'm', fieldsV1: { 'f:data': { '.': {} } } }],
};

describe('objects as protobuf', () => {
  it.each([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { k: 'v', z: '' }, binaryData: { b: 'AAEC' }, immutable: false },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        containers: [
          {
            name: 'c',
            image: 'i',
            env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: false } } }],
            resources: { limits: { cpu: '500m' } },
            livenessProbe: { httpGet: { path: '/', port: 'web' }, periodSeconds: 3 },
          },
        ],
        volumes: [{ name: 'v', configMap: { name: 'q', defaultMode: 420 } }],
        terminationGracePeriodSeconds: 0,
      },
      status: { phase: 'Running', startTime: '2026-01-01T00:00:01Z' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 81, targetPort: 'x' },
        ],
      },
    },
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { renewTime: '2026-01-01T00:00:00.123456Z', leaseTransitions: -1 },
    },
    {
      apiVersion: 'v1',
      kind: 'PodList',
      metadata: { resourceVersion: '7', remainingItemCount: 3 },
      items: [{ metadata: { name: 'x' }, spec: { containers: [] }, status: {} }],
    },
    {
      apiVersion: 'v1',
      kind: 'Status',
      metadata: {},
      status: 'Failure',
      message: 'no',
      reason: 'NotFound',
      code: 404,
      details: { name: 'x', causes: [{ field: 'f' }] },
    },
  ])('writes $kind so that it reads the same', (object) => {
    const read = decodeProtobuf(encodeProtobuf(object));
    expect(JSON.parse(JSON.stringify(read))).toEqual(withoutEmptyLists(object));
  });

  it('puts the events of a watch into frames', () => {
    const frame = encodeWatchEvent('ADDED', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } });
    expect(frame.readUInt32BE()).toBe(frame.length - 4);
    expect(frame.toString('latin1')).toContain('ADDED');
    expect(frame.includes(Buffer.from('k8s\0'))).toBe(true);
  });

  it('knows built-in kinds only', () => {
    expect([hasMessage('v1', 'Pod'), hasMessage('apps/v1', 'DeploymentList'), hasMessage('example.com/v1', 'Widget')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

/** Protobuf does not tell an empty list from none. */
function withoutEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
      .map(([key, each]) => [key, withoutEmptyLists(each)]),
  );
}
