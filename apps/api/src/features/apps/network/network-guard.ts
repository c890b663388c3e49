import type { Manifest } from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { type Decision, Directory, decideProject } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { adminsPart, titlesOf } from './admins-part.js';

type Project = { id: string; name: string };

/** How a plan or an apply treats an app's network policies for one caller. */
export interface PolicyShare {
  /** By `identityOf`: not sent, whatever lives. Empty for an admin, whose every apply mends them. */
  left: ReadonlySet<string>;
  /** Why the others may not be touched; null when they may. */
  refusal: string | null;
}

export const wholeShare: PolicyShare = { left: new Set(), refusal: null };

/**
 * Network policies are the project admin's, in Fairlead and in the cluster. Everybody else's change of an app leaves them alone, and one that would
 * make, change or remove one is refused before the cluster is asked.
 */
@Injectable()
export class NetworkGuard {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly directory: Directory,
  ) {}

  /** For a caller and a step; `changes` is false for a plan, which a read-only token may ask for. */
  share(caller: Caller, project: Project, before: readonly Manifest[], after: readonly Manifest[], changes: boolean): PolicyShare {
    const decision = this.decide(caller, project, changes);
    if (decision.allowed) return wholeShare;
    const { left, touched } = adminsPart(before, after);
    return { left, refusal: wordsOf(decision, touched) };
  }

  /** @throws AppError forbidden, naming the policies and the role that was lacking */
  async allow(caller: Caller, project: Project, before: readonly Manifest[], after: readonly Manifest[]): Promise<void> {
    const { touched } = adminsPart(before, after);
    if (touched.length === 0) return;
    const decision = this.decide(caller, project, true);
    if (decision.allowed) return;
    const askFor = await this.directory.grantersOf(project.id, this.clock.now()).catch(() => []);
    throw new AppError('forbidden', { reason: wordsOf(decision, touched) }, { receipt: { ...decision.receipt, askFor } });
  }

  private decide(caller: Caller, project: Project, changes: boolean): Decision {
    return decideProject(caller, project, 'apps.network', changes, this.clock.now());
  }
}

const wordsOf = ({ because }: { because: string }, touched: readonly Manifest[]): string =>
  `This would touch the app's network rules (${titlesOf(touched)}), and ${because}.`;
