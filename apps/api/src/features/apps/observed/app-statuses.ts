import type { AppStatus } from '@fairlead/shared';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/index.js';
import type { AppWithRevisions } from '../app-store.js';

@Injectable()
export class AppStatuses {
  async of(_caller: Caller, _apps: readonly AppWithRevisions[]): Promise<Map<string, AppStatus>> {
    return new Map();
  }
}
