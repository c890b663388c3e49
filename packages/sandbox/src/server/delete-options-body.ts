import type { IncomingMessage } from 'node:http';
import { type KubeObject, status } from '@fairlead/kube/protocol';
import { ApiError } from '../machinery/api-error.js';
import { parseObject } from './body.js';

const kinds: ReadonlySet<string> = new Set(['DeleteOptions', '']);
/** metav1 registers these with every version, so that they are known but are no options. */
const known: ReadonlySet<string> = new Set(['Status', 'APIVersions', 'APIGroup', 'APIGroupList', 'APIResourceList']);

/**
 * The body of a DELETE: options of whatever version. The real server's decoder of them knows no other kind, and what it refuses has a code of 500 and no
 * reason.
 */
export function deleteOptionsBody(request: IncomingMessage, body: Buffer): KubeObject {
  const object = parsed(request, body);
  const { kind = '', apiVersion = '', gracePeriodSeconds } = object;
  const [name, version] = [JSON.stringify(kind), JSON.stringify(apiVersion || 'meta.k8s.io/v1')];
  if (known.has(kind) && (apiVersion === 'v1' || apiVersion === ''))
    throw refusal(`converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`);
  if (!kinds.has(kind)) throw refusal(`no kind ${name} is registered for version ${version} in scheme "pkg/runtime/scheme.go:110"`);
  if (gracePeriodSeconds !== undefined && gracePeriodSeconds !== null && typeof gracePeriodSeconds !== 'number')
    throw refusal(
      `json: cannot unmarshal ${typeof gracePeriodSeconds} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
    );
  return object;
}

function parsed(request: IncomingMessage, body: Buffer): KubeObject {
  try {
    return parseObject(request, body, 'DeleteOptions').object;
  } catch (error) {
    const why = error instanceof ApiError ? /couldn't get version\/kind; json parse error: .*(?= \()/s.exec(error.message) : undefined;
    throw why ? refusal(why[0]) : error;
  }
}

const refusal = (message: string): ApiError => new ApiError(status(500, '', message));
