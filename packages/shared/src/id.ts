import { z } from 'zod';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Ids are UUIDv7, made by the application, in lower case. */
export const Id = z.string().regex(uuidV7, 'must be a UUIDv7 in lower case');

export const isId = (text: string): boolean => uuidV7.test(text);

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const lowercaseUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const labelRule = "must be lower case letters, digits or '-', and start and end with a letter or digit (a DNS-1123 label)";

/** The name of a cluster, project, app or user: a DNS-1123 label that never looks like an id. */
export const Name = z
  .string()
  .min(1, 'must not be empty')
  .max(63, 'must be no more than 63 characters')
  .regex(label, labelRule)
  .refine((name) => !lowercaseUuid.test(name), 'must not look like an id');

/** An app's name also names its Service, whose names start with a letter (DNS-1035) and stay short enough for pods' suffixes. */
export const AppName = Name.max(52, 'must be no more than 52 characters').regex(/^[a-z]/, 'must start with a letter');

export const NamespaceName = z.string().min(1).max(63, 'must be no more than 63 characters').regex(label, labelRule);

/** What stands in a path for a thing: its name or its id. */
export const Ref = z.string().min(1).max(63);

export const Timestamp = z.iso.datetime({ precision: 3 });
