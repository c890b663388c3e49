import type { KubeObject, Manifest } from '@fairlead/kube';
import type { Change, ConflictChoice, FieldConflict, LeftField, Obstacle } from '@fairlead/shared';
import type { Adopt } from '../adoption/adoptable.js';
import type { PolicyShare } from '../network/network-guard.js';

/** What is to be: the objects wanted, and those of earlier revisions, of which some may have to go. */
export interface Draft {
  appId: string;
  clusterId: string;
  wanted: readonly Manifest[];
  earlier: readonly Manifest[];
  /** Objects that nobody has may be taken in. */
  adopt: Adopt;
  /** What of it is the project admin's. */
  network: PolicyShare;
  /** By title: what else the pods will find there. */
  brought?: ReadonlySet<string>;
  /** Fields that the app leaves to others already. */
  left: readonly LeftField[];
  /** What was decided of fields that somebody else has set. */
  choices: readonly ConflictChoice[];
  now: Date;
}

/** What was found of one object of a draft. */
export interface Judged {
  object: Manifest;
  /** As the server would store it. */
  after: KubeObject | null;
  change: Change;
  obstacles: Obstacle[];
  conflicts?: FieldConflict[];
  before: KubeObject | null;
}
