import { z } from 'zod';

// The parts of a container in an app's spec.

const envName = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const quantity = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
export const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Absolute, without `..` or `:`, and not the root itself. */
const absolutePath = z
  .string()
  .max(1000)
  .regex(/^\/[^:]*[^:/]$/, 'must be an absolute path')
  .refine((path) => !path.split('/').includes('..'), 'must not contain ..');

export const TcpPort = z.number().int().min(1).max(65_535);

export const EnvVar = z.strictObject({
  name: z.string().max(253).regex(envName, "must be letters, digits or '_' and not start with a digit"),
  value: z.string().max(32_768),
});

export const FileFromConfig = z.strictObject({
  path: absolutePath.describe('Where the container finds it.'),
  content: z.string().max(262_144),
});

/** Values never stand in a spec: only the name of the Secret that has them. */
export const SecretUse = z
  .strictObject({
    secret: z.string().max(253).regex(subdomain, 'must be the name of a Secret').describe('Its name in the namespace.'),
    env: z.boolean().default(true).describe('Every key becomes a variable.'),
    mountPath: absolutePath.optional().describe('Every key becomes a file below it.'),
    optional: z.boolean().default(false).describe('Start without it if it is not there.'),
  })
  .refine((use) => use.env || use.mountPath !== undefined, { path: ['mountPath'], message: 'use it as variables or as files' });

/**
 * A secret of the app's own. Its value never stands here: it is given beside the spec (`secretValues`), becomes an immutable Secret, and is
 * named by its hash from then on.
 */
export const OwnSecret = z
  .strictObject({
    name: z
      .string()
      .max(100)
      .regex(/^[A-Za-z0-9_][-A-Za-z0-9_.]*$/, "must be letters, digits, '_', '-' or '.'"),
    hash: z
      .string()
      .regex(/^[0-9a-f]{24}$/, 'must be a hash that Fairlead gave')
      .optional()
      .describe('Keyed hash of the value, made by Fairlead. Left out: the value given beside the spec, else the one that stands.'),
    env: z.boolean().default(true).describe('A variable of this name.'),
    path: absolutePath.optional().describe('A file, where the container finds it.'),
  })
  .refine((secret) => secret.env || secret.path !== undefined, { path: ['path'], message: 'use it as a variable or as a file' })
  .refine((secret) => !secret.env || envName.test(secret.name), {
    path: ['name'],
    message: "a variable's name must be letters, digits or '_' and not start with a digit",
  });
export type OwnSecret = z.infer<typeof OwnSecret>;

/** Name → value. Never answered, never kept by Fairlead. */
export const SecretValues = z
  .record(z.string().max(100), z.string().max(65_536))
  .refine((values) => Object.keys(values).length <= 50, 'must be at most 50 values')
  .refine((values) => Object.values(values).reduce((sum, value) => sum + value.length, 0) <= 524_288, 'must be 512 KiB together at most')
  .describe(
    'Values of secrets of the app, by name: written to the cluster as immutable Secrets, and never answered. A name that `ownSecrets` of the spec does not have becomes a variable.',
  );
export type SecretValues = z.infer<typeof SecretValues>;

export const Probe = z
  .strictObject({
    path: z.string().max(1000).regex(/^\//, 'must start with /').optional().describe('HTTP GET; 200 to 399 is well.'),
    tcp: z.boolean().optional().describe('The port accepts a connection.'),
    command: z.array(z.string().max(4096)).min(1).max(50).optional().describe('Runs in the container; exit 0 is well.'),
    port: TcpPort.optional().describe("Default: the app's port."),
    initialDelaySeconds: z.number().int().min(0).max(3600).optional(),
    periodSeconds: z.number().int().min(1).max(3600).optional(),
    timeoutSeconds: z.number().int().min(1).max(600).optional(),
    failureThreshold: z.number().int().min(1).max(1000).optional(),
  })
  .refine((probe) => [probe.path, probe.tcp || undefined, probe.command].filter((each) => each !== undefined).length === 1, {
    message: 'give exactly one of path, tcp and command',
  });
export type Probe = z.infer<typeof Probe>;

export const Volume = z
  .strictObject({
    name: z.string().max(40).regex(label, 'must be a DNS label'),
    mountPath: absolutePath,
    size: z.string().regex(quantity, 'must be a quantity like 10Gi').optional().describe('PersistentVolumeClaim: storage request.'),
    storageClass: z
      .string()
      .max(253)
      .regex(subdomain)
      .optional()
      .describe("PersistentVolumeClaim: storageClassName; without it the cluster's default."),
    claim: z.string().max(253).regex(subdomain).optional().describe('An existing PersistentVolumeClaim.'),
    accessMode: z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod']).default('ReadWriteOnce'),
    readOnly: z.boolean().default(false),
  })
  .describe('With `size` a claim of its own, with `claim` an existing one, else an emptyDir.')
  .refine((volume) => !(volume.size && volume.claim), { path: ['claim'], message: 'give a size or an existing claim' });
