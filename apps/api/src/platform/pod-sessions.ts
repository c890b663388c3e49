import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from './clock.js';

export interface PodPlace {
  clusterId: string;
  namespace: string;
  pod: string;
}

export interface OpenSession extends PodPlace {
  heardAt: Date;
}

/** Sessions into pods that are open through this process: written by whoever carries them, read by whoever ends pods that nobody uses. */
@Injectable()
export class PodSessions {
  private readonly sessions = new Set<OpenSession>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** `heard`: something came from the person. */
  begin(place: PodPlace): { heard(): void; end(): void } {
    const session: OpenSession = { ...place, heardAt: this.clock.now() };
    this.sessions.add(session);
    return {
      heard: () => {
        session.heardAt = this.clock.now();
      },
      end: () => this.sessions.delete(session),
    };
  }

  open(): readonly OpenSession[] {
    return [...this.sessions];
  }
}
