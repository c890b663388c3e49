import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { fieldErrorMessage } from '../../machinery/field-error.js';
import { eventRules, modernEventRules } from './event-rules.js';

const event = (more: Record<string, unknown> = {}): KubeObject => ({
  kind: 'Event',
  metadata: { name: 'e', namespace: 'shop' },
  involvedObject: { kind: 'Pod', namespace: 'shop', name: 'p' },
  reason: 'Why',
  type: 'Warning',
  ...more,
});
const modern = { eventTime: '2026-01-02T03:04:05.000000Z', reportingComponent: 'x', reportingInstance: 'x-1', action: 'Do' };

describe('events', () => {
  it.each<[string, KubeObject, string[]]>([
    ['a plain one', event(), []],
    [
      'one of another namespace',
      event({ involvedObject: { namespace: 'x' } }),
      ['involvedObject.namespace: Invalid value: "x": does not match event.namespace'],
    ],
    [
      'one with a time and nobody who reports',
      event({ ...modern, reportingComponent: 'a b' }),
      [expect.stringMatching(/^reportingComponent: Invalid/) as unknown as string],
    ],
  ])('of the core version: %s', (_, object, expected) => {
    expect(eventRules(object).map(fieldErrorMessage)).toEqual(expected);
  });

  it.each<[string, KubeObject, KubeObject | undefined, string[]]>([
    ['a good one', event(modern), undefined, []],
    ['one without a time', event(), undefined, ['eventTime: Required value']],
    ['one of an unknown type', event({ ...modern, type: 'Odd' }), undefined, ['type: Invalid value: "": has invalid value: Odd']],
    [
      'a series of one',
      event({ ...modern, series: { count: 1 } }),
      undefined,
      ['series.count: Invalid value: "": should be at least 2', 'series.lastObservedTime: Required value'],
    ],
    ['one that counts', event({ ...modern, count: 2 }), undefined, ['count: Invalid value: "": needs to be unset']],
    [
      'one that is told otherwise',
      event({ ...modern, reason: 'Because' }),
      event(modern),
      ['reason: Invalid value: "Because": field is immutable'],
    ],
    [
      'one from elsewhere',
      event({ ...modern, source: { host: 'h' } }),
      event(modern),
      ['source: Invalid value: {"Component":"","Host":"h"}: field is immutable'],
    ],
    ['one that goes on', event({ ...modern, series: { count: 2, lastObservedTime: 'x' } }), event(modern), []],
  ])('of events.k8s.io: %s', (_, object, old, expected) => {
    expect(modernEventRules(object, old).map(fieldErrorMessage)).toEqual(expected);
  });
});
