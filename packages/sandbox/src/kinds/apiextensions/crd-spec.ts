import type { KubeObject } from '@fairlead/kube/protocol';
import type { OpenApiSchema } from '../../schema/open-api.js';

/** The parts of a CustomResourceDefinition that the sandbox reads. What comes in has been decoded by its schema: types are as they should be. */
export interface CrdSpec {
  group?: string;
  scope?: 'Namespaced' | 'Cluster';
  names?: CrdNames;
  versions?: CrdVersion[];
  conversion?: { strategy?: string; webhook?: unknown };
  preserveUnknownFields?: boolean;
}

export interface CrdNames {
  plural?: string;
  singular?: string;
  kind?: string;
  listKind?: string;
  shortNames?: string[];
  categories?: string[];
}

export interface CrdVersion {
  name: string;
  served: boolean;
  storage: boolean;
  deprecated?: boolean;
  deprecationWarning?: string;
  schema?: { openAPIV3Schema?: OpenApiSchema };
  subresources?: { status?: object; scale?: CrdScale };
  additionalPrinterColumns?: CrdColumn[];
  selectableFields?: { jsonPath: string }[];
}

interface CrdScale {
  specReplicasPath: string;
  statusReplicasPath: string;
  labelSelectorPath?: string;
}

export interface CrdColumn {
  name: string;
  type: 'boolean' | 'date' | 'integer' | 'number' | 'string';
  format?: string;
  description?: string;
  priority?: number;
  jsonPath: string;
}

export interface CrdCondition {
  type: string;
  status: 'True' | 'False';
  lastTransitionTime?: string;
  reason: string;
  message: string;
}

interface CrdStatus {
  conditions?: CrdCondition[];
  acceptedNames?: CrdNames;
  storedVersions?: string[];
}

export const specOf = (object: KubeObject): CrdSpec => (object.spec ?? {}) as CrdSpec;
export const statusOf = (object: KubeObject): CrdStatus => (object.status ?? {}) as CrdStatus;
export const storageVersion = ({ versions = [] }: CrdSpec): CrdVersion | undefined => versions.find(({ storage }) => storage);
export const isTrue = (object: KubeObject, type: string): boolean =>
  statusOf(object).conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
