import { type Fields, items, text } from '../kinds/parts/values.js';
import type { AdmissionPlugin } from './admission.js';
import { isPod, specOf } from './pod-request.js';

const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A pod stays five minutes on a node that is lost, unless it says otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate(request) {
    if (!isPod(request) || (request.operation !== 'CREATE' && request.operation !== 'UPDATE')) return;
    const spec = specOf(request);
    const given = items(spec.tolerations);
    const missing = keys.filter((key) => !given.some((each) => tolerates(each, key)));
    if (missing.length === 0) return;
    spec.tolerations = [...given, ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))];
  },
};

const tolerates = ({ key, effect }: Fields, wanted: string): boolean =>
  (text(key) === wanted || text(key) === '') && (text(effect) === 'NoExecute' || text(effect) === '');
