import type { Cause } from '@fairlead/shared';
import type { ContainerStatus } from './shapes.js';

export interface Trouble {
  code: Cause['code'];
  sentence: string;
  evidence: string | null;
}

const pulling = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
]);

/** What is wrong with one container, from its status alone; null while there is nothing to say. */
export function containerTrouble(status: ContainerStatus): Trouble | null {
  const { waiting, terminated } = status.state ?? {};
  const name = status.name ?? 'container';
  const reason = waiting?.reason ?? '';
  if (pulling.has(reason)) return pullTrouble(status.image ?? '', reason, waiting?.message ?? '');
  if (reason === 'CreateContainerConfigError') return configTrouble(name, waiting?.message ?? '');
  if (reason === 'RunContainerError' || reason === 'CreateContainerError') return startTrouble(name, waiting?.message ?? '');
  const ended =
    terminated && terminated.exitCode !== 0 ? terminated : reason === 'CrashLoopBackOff' ? status.lastState?.terminated : undefined;
  if (reason !== 'CrashLoopBackOff' && !ended) return null;
  return exitTrouble(name, ended, status.restartCount ?? 0);
}

/** How a container ended last, when that may be why it is not well now. */
export function exitTrouble(
  name: string,
  ended: { exitCode?: number; reason?: string; message?: string } | undefined,
  restarts: number,
): Trouble {
  const times = restarts > 0 ? `, ×${restarts + 1}` : '';
  const evidence = ended?.message?.trim().slice(-500) || null;
  if (ended?.reason === 'OOMKilled')
    return { code: 'out-of-memory', sentence: `Container ${name} runs out of its memory limit and is killed${times}.`, evidence };
  if (ended?.reason === 'StartError' || ended?.reason === 'ContainerCannotRun') return startTrouble(name, ended.message ?? '');
  if (ended?.exitCode === 127)
    return { code: 'bad-command', sentence: `Container ${name} cannot find its command (exit code 127${times}).`, evidence };
  if (ended?.exitCode === 126)
    return { code: 'bad-command', sentence: `Container ${name} may not run its command (exit code 126${times}).`, evidence };
  if (ended?.exitCode === 0)
    return { code: 'crash', sentence: `Container ${name} ends by itself (exit code 0${times}) where it should keep running.`, evidence };
  return { code: 'crash', sentence: `Container ${name} crashes with exit code ${ended?.exitCode ?? 'unknown'}${times}.`, evidence };
}

function pullTrouble(image: string, reason: string, message: string): Trouble {
  const evidence = message.slice(0, 1000) || null;
  if (reason === 'InvalidImageName') return { code: 'image-not-found', sentence: `${image} is no name of an image.`, evidence };
  if (reason === 'ErrImageNeverPull')
    return {
      code: 'image-not-found',
      sentence: `The image ${image} is not on the node, and may not be pulled (imagePullPolicy Never).`,
      evidence,
    };
  if (/unauthorized|authentication required|\b401\b|\b403\b|access denied|denied:|no basic auth/i.test(message))
    return {
      code: 'registry-refused',
      sentence: `The registry refuses to give ${image} without a sign-in, or has no such image.`,
      evidence,
    };
  if (/not found|manifest unknown|\b404\b|name unknown/i.test(message))
    return { code: 'image-not-found', sentence: `There is no image ${image}.`, evidence };
  if (/dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|x509|deadline exceeded|unreachable/i.test(message))
    return { code: 'registry-refused', sentence: `The registry of ${image} cannot be reached from the node.`, evidence };
  return { code: 'image-not-found', sentence: `The image ${image} cannot be pulled.`, evidence };
}

function configTrouble(name: string, message: string): Trouble {
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (\S+)/i.exec(message);
  if (missing)
    return {
      code: 'config-missing',
      sentence: `The ${kindWord(missing[1])} ${missing[2]} that container ${name} needs is not there.`,
      evidence: message,
    };
  if (key)
    return { code: 'config-missing', sentence: `The key ${key[1]} is missing in the ${kindWord(key[2])} ${key[3]}.`, evidence: message };
  if (/runAsNonRoot/.test(message))
    return {
      code: 'refused',
      sentence: `The image of container ${name} runs as root, which its security settings forbid.`,
      evidence: message,
    };
  return { code: 'config-missing', sentence: `Container ${name} cannot be configured.`, evidence: message || null };
}

const kindWord = (kind: string | undefined): string => (kind?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap');

function startTrouble(name: string, message: string): Trouble {
  const command = /exec: "([^"]+)": (?:executable file not found|stat [^:]*: no such file|.*no such file|permission denied)/.exec(message);
  if (command)
    return {
      code: 'bad-command',
      sentence: `Container ${name} has no command ${command[1]} that can be run.`,
      evidence: message.slice(0, 1000),
    };
  return { code: 'bad-command', sentence: `Container ${name} cannot be started.`, evidence: message.slice(0, 1000) || null };
}
