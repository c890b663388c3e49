import { z } from 'zod';
import { subdomain } from './app-spec-parts.js';

// Who may reach an app, and whom it may reach, as simple rules. They become one NetworkPolicy.

const name = z.string().max(253).regex(subdomain, 'must be a name in lower case');
const cidr = z
  .string()
  .max(50)
  .refine(
    (text) => z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success,
    'must be a range of addresses like 10.0.0.0/8',
  );

/** The other side of a rule. */
export const NetworkPeer = z.union([
  z.literal('anywhere').describe('Every pod, node and address.'),
  z.literal('project').describe('Every pod in the namespaces of the project, in this cluster.'),
  z.literal('namespace').describe("Every pod of the app's own namespace."),
  z.strictObject({
    app: name.describe('The pods with the label `fairlead.dev/app` of this name: those of an app described by fields.'),
    namespace: name.optional().describe("Where that app lives; without it in the app's own namespace."),
  }),
  z.strictObject({ namespace: name.describe('Every pod of a namespace, by its name: such as the one of the ingress controller.') }),
  z.strictObject({
    namespaceLabels: z
      .record(z.string().min(1).max(317), z.string().max(63))
      .refine((labels) => Object.keys(labels).length > 0, 'give at least one label')
      .describe('Every pod of the namespaces with these labels.'),
  }),
  z.strictObject({ cidr: cidr.describe('Addresses outside of the cluster.'), except: z.array(cidr).max(20).optional() }),
]);
export type NetworkPeer = z.infer<typeof NetworkPeer>;

const Port = z.strictObject({
  port: z.union([
    z.number().int().min(1).max(65_535),
    z.string().regex(/^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/, "must be a port's number or name"),
  ]),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
});
const ports = z.array(Port).min(1, 'leave it out for every port').max(20).optional().describe('Ports of the pods; without it every one.');

export const NetworkRules = z
  .strictObject({
    ingress: z
      .array(z.strictObject({ from: NetworkPeer, ports }))
      .max(50)
      .optional()
      .describe('Who may reach the pods. Without it everything that no other policy refuses; an empty list: nobody.'),
    egress: z
      .array(z.strictObject({ to: NetworkPeer, ports }))
      .max(50)
      .optional()
      .describe(
        'Whom the pods may reach, besides asking names (port 53) of the cluster. Without it everything; an empty list: nobody else.',
      ),
  })
  .refine((rules) => rules.ingress !== undefined || rules.egress !== undefined, 'give ingress or egress, or leave network out');
export type NetworkRules = z.infer<typeof NetworkRules>;
