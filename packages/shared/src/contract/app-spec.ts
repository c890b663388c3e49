import { z } from 'zod';
import { NetworkRules } from './app-network-rules.js';
import { Autoscaling, Disruption, Placement, Schedule, Termination } from './app-spec-life.js';
import { EnvVar, FileFromConfig, OwnSecret, Probe, quantity, SecretUse, subdomain, TcpPort, Volume } from './app-spec-parts.js';

const twice = (what: string) => `must not name a ${what} twice`;
const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const Route = z.strictObject({
  host: z.string().max(253).regex(subdomain, 'must be a DNS name in lower case').describe('Ingress: rule host.'),
  path: z.string().max(1000).regex(/^\//, 'must start with /').default('/').describe('Ingress: path, by prefix.'),
  tlsSecret: z
    .string()
    .max(253)
    .regex(subdomain, 'must be the name of a Secret')
    .optional()
    .describe('Ingress: TLS with this Secret of the type kubernetes.io/tls.'),
});

/** A default that makes an app safer, switched off. The reason is kept with the revision. */
const Exception = z.strictObject({ reason: z.string().trim().min(3, 'say why').max(500) });

/** Wanted state of one app that is described by fields. Every field says which object and path it becomes. */
export const ImageSpec = z
  .strictObject({
    kind: z.literal('image').default('image'),
    image: z.string().min(1).max(500).regex(/^\S+$/, 'must not contain white space').describe('Container image.'),
    imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent').describe('Container imagePullPolicy.'),
    command: z.array(z.string().max(4096)).max(100).optional().describe('Container command (entrypoint).'),
    args: z.array(z.string().max(4096)).max(100).optional().describe('Container args.'),
    port: TcpPort.optional().describe('Container port `http`; also makes a Service of the same port.'),
    ports: z
      .array(
        z.strictObject({
          name: z
            .string()
            .regex(/^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, 'must be a lower-case name of at most 15 characters')
            .refine((name) => name !== 'http', 'http is the name of `port`'),
          port: TcpPort,
          protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
        }),
      )
      .max(50)
      .refine((list) => distinct(list.map((each) => each.name)), twice('port'))
      .optional()
      .describe('Further container ports, each with a port of the same number on the Service.'),
    replicas: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe('Deployment: replicas; where it autoscales, only the size of its first moment.'),
    asleep: z
      .boolean()
      .optional()
      .describe('Deployment: replicas 0 and no autoscaler for as long; `replicas` and `autoscaling` stay as what it wakes to.'),
    autoscaling: Autoscaling.optional().describe('HorizontalPodAutoscaler; then it owns the number of replicas.'),
    env: z
      .array(EnvVar)
      .max(200)
      .default([])
      .refine((list) => distinct(list.map((each) => each.name)), twice('variable'))
      .describe('Container env.'),
    files: z
      .array(FileFromConfig)
      .max(50)
      .refine((list) => distinct(list.map((each) => each.path)), twice('file'))
      .optional()
      .describe('Files from a ConfigMap that is made for this revision; a change makes a new one and rolls the pods.'),
    secrets: z.array(SecretUse).max(50).optional().describe('Secrets of the namespace that others made, as variables or files.'),
    ownSecrets: z
      .array(OwnSecret)
      .max(50)
      .refine((list) => distinct(list.map((each) => each.name)), twice('secret'))
      .optional()
      .describe(
        "The app's own secrets: names and hashes, never values. Values are given beside the spec, or by the route `secrets`. In PUT, left out means: as they stand.",
      ),
    host: z
      .string()
      .max(253)
      .regex(subdomain, 'must be a DNS name in lower case')
      .optional()
      .describe('Ingress: rule host; needs a port. Short for one route.'),
    routes: z
      .array(Route)
      .max(20)
      .refine((list) => distinct(list.map((each) => `${each.host}${each.path}`)), twice('route'))
      .optional()
      .describe('Ingress: further hosts and paths, with TLS.'),
    ingressClass: z.string().max(253).regex(subdomain).optional().describe("Ingress: ingressClassName; without it the cluster's default."),
    resources: z
      .strictObject({
        cpu: z.string().regex(quantity, 'must be a quantity like 250m').optional(),
        memory: z.string().regex(quantity, 'must be a quantity like 256Mi').optional(),
        memoryLimit: z.string().regex(quantity, 'must be a quantity like 512Mi').optional(),
        cpuLimit: z.string().regex(quantity, 'must be a quantity like 1').optional(),
      })
      .default({})
      .describe('Container resources: requests, and limits.'),
    healthPath: z
      .string()
      .max(1000)
      .regex(/^\//, 'must start with /')
      .optional()
      .describe('Readiness probe by HTTP; without it the port is probed by TCP. `probes.readiness` says more.'),
    probes: z
      .strictObject({ readiness: Probe.optional(), liveness: Probe.optional(), startup: Probe.optional() })
      .optional()
      .describe('Container probes.'),
    volumes: z
      .array(Volume)
      .max(30)
      .refine((list) => distinct(list.map((each) => each.name)) && distinct(list.map((each) => each.mountPath)), twice('volume or path'))
      .optional()
      .describe('Pod volumes: claims that stay when the app goes, or space for a while.'),
    schedule: Schedule.optional().describe('CronJob instead of a Deployment.'),
    placement: Placement.optional().describe('Pod nodeSelector, tolerations, topologySpreadConstraints.'),
    disruption: Disruption.optional().describe('PodDisruptionBudget; without it one pod may be away where there are two or more.'),
    termination: Termination.optional().describe('How a pod ends.'),
    network: NetworkRules.optional().describe(
      "NetworkPolicy of the app's pods: who may reach them, and whom they may. Setting it takes a project admin. Without it there is none.",
    ),
    serviceAccount: z.string().max(253).regex(subdomain).optional().describe('Pod serviceAccountName.'),
    hardened: z.boolean().default(false).describe('Non-root, no capabilities, read-only root file system.'),
    exceptions: z
      .strictObject({
        privilegeEscalation: Exception.optional().describe('Leaves allowPrivilegeEscalation to the image.'),
        unconfinedSeccomp: Exception.optional().describe('Leaves the seccomp profile to the cluster.'),
        serviceAccountToken: Exception.optional().describe("Mounts the ServiceAccount's token."),
      })
      .optional()
      .describe('Safe defaults that are switched off, each with its reason.'),
    overlay: z
      .record(z.string().max(100), z.record(z.string(), z.unknown()))
      .optional()
      .describe('By kind (`Deployment`): a JSON merge patch on the rendered object, for what no field names.'),
  })
  .superRefine((spec, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: path.split('.'), message });
    if (spec.host && !spec.port) wrong('port', 'a host needs a port');
    if (spec.routes?.length && !spec.port) wrong('port', 'a route needs a port');
    if (spec.autoscaling?.cpuPercent !== undefined && !spec.resources.cpu)
      wrong('resources.cpu', 'autoscaling by CPU needs to know how much one pod asks for');
    if (spec.autoscaling?.memoryPercent !== undefined && !spec.resources.memory)
      wrong('resources.memory', 'autoscaling by memory needs to know how much one pod asks for');
    for (const [i, secret] of (spec.ownSecrets ?? []).entries()) {
      if (secret.env && spec.env.some(({ name }) => name === secret.name))
        wrong(`ownSecrets.${i}.name`, 'there is a variable of this name');
      if (secret.path && taken(spec, secret.path, i)) wrong(`ownSecrets.${i}.path`, 'there is another file at this path');
    }
    if (!spec.schedule) return;
    if (spec.asleep) wrong('asleep', 'what runs by a schedule is suspended: schedule.suspended');
    for (const field of ['port', 'host', 'routes', 'autoscaling', 'disruption', 'probes'] as const)
      if (spec[field] !== undefined) wrong(field, 'what runs by a schedule serves nobody in between: leave this out');
  });
export type ImageSpec = z.infer<typeof ImageSpec>;

const taken = (spec: { files?: { path: string }[] | undefined; ownSecrets?: OwnSecret[] | undefined }, path: string, at: number): boolean =>
  spec.files?.some((file) => file.path === path) === true || spec.ownSecrets?.some((other, i) => i < at && other.path === path) === true;

/** Wanted state given as Kubernetes manifests: YAML documents, as pasted. */
export const ManifestSpec = z.strictObject({
  kind: z.literal('manifests'),
  yaml: z.string().min(1).max(1_048_576).describe('YAML documents; every object lands in the namespace of the app.'),
  replicas: z.number().int().min(0).max(1000).optional().describe('Overrides the replicas of the one workload; set by scale.'),
  asleep: z.boolean().optional().describe('The one workload at 0 replicas and without its autoscaler, for as long.'),
  suspended: z.boolean().optional().describe('Overrides `suspend` of the one CronJob.'),
  image: z.string().min(1).max(500).optional().describe('Overrides the image of the first container of the one workload.'),
});
export type ManifestSpec = z.infer<typeof ManifestSpec>;

/** A spec without `kind` is an image spec. */
export const AppSpec = z
  .preprocess(
    (value) =>
      value !== null && typeof value === 'object' && !('kind' in value) && !Array.isArray(value) ? { ...value, kind: 'image' } : value,
    z.discriminatedUnion('kind', [ImageSpec, ManifestSpec]),
  )
  .meta({ id: 'AppSpec' });
export type AppSpec = ImageSpec | ManifestSpec;
