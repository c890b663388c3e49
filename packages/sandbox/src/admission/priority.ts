import type { Api } from '../api/api.js';
import { flag, isSet, number, text } from '../kinds/parts/values.js';
import type { AdmissionPlugin, AdmissionRequest } from './admission.js';
import { admissionForbidden } from './forbidden.js';
import { isPod, isResource, specOf } from './pod-request.js';

const classes = 'priorityclasses.scheduling.k8s.io';
const lowest = -2_147_483_648;

/** Pods get the number of their class; there is one default class at most. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  mutate(request, api) {
    if (request.operation === 'CREATE' && isPod(request)) setPriority(request, api);
  },
  validate(request, api) {
    if (!isResource(request, 'scheduling.k8s.io', 'priorityclasses') || !flag(request.object?.globalDefault)) return;
    const other = api.list(classes).find((each) => flag(each.globalDefault) && each.metadata.name !== request.object?.metadata.name);
    if (other) {
      const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
      throw admissionForbidden(request, why);
    }
  },
};

function setPriority(request: AdmissionRequest, api: Api): void {
  const spec = specOf(request);
  let name = text(spec.priorityClassName);
  let value = 0;
  let preemption = 'PreemptLowerPriority';
  if (name === '') {
    const defaults = api.list(classes).filter((each) => flag(each.globalDefault));
    const chosen = defaults.reduce<(typeof defaults)[number] | undefined>(
      (best, each) => (best && number(best.value) <= number(each.value) ? best : each),
      undefined,
    );
    if (chosen) {
      [name, value] = [chosen.metadata.name, number(chosen.value)];
      preemption = text(chosen.preemptionPolicy) || preemption;
      spec.priorityClassName = name;
    }
  } else {
    const found = api.get(classes, '', name);
    if (!found) throw admissionForbidden(request, `no PriorityClass with name ${name} was found`);
    value = number(found.value);
    preemption = text(found.preemptionPolicy) || preemption;
  }
  if (isSet(spec.priority) && number(spec.priority) !== Math.max(value, lowest)) {
    const why = `the integer value of priority (${number(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
    throw admissionForbidden(request, why);
  }
  spec.priority = value;
  if (isSet(spec.preemptionPolicy) && spec.preemptionPolicy !== preemption) {
    const why = `the string value of PreemptionPolicy (${text(spec.preemptionPolicy)}) must not be provided in pod spec; priority admission controller computed ${preemption} from the given PriorityClass name`;
    throw admissionForbidden(request, why);
  }
  spec.preemptionPolicy = preemption;
}
