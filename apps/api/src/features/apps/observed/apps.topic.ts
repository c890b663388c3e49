import { Id, Name } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { type LiveTopic, LiveTopics, type TopicSink, type TopicSubscription } from '../../../platform/live-topic.js';
import { credentialReachesCluster, Directory, decideProject } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppWatch } from './app-watch.js';
import { AppsSubscription } from './apps-subscription.js';
import { type KnownApp, KnownApps } from './known-apps.js';
import { Sight } from './sight.js';

type Params = { project: string };

/** Topic `apps` { project }: live rows of a project's apps; `_` stands for every project that the caller may read. */
@Injectable()
export class AppsTopic implements LiveTopic<Caller, Params>, OnModuleInit {
  readonly name = 'apps';
  readonly params = z.strictObject({ project: z.union([z.literal('_'), Id, Name]) });

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly topics: LiveTopics,
    private readonly directory: Directory,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly sight: Sight,
  ) {}

  onModuleInit(): void {
    this.topics.register(this);
  }

  async open(caller: Caller, { project: ref }: Params, sink: TopicSink): Promise<TopicSubscription> {
    const project = ref === '_' ? null : await this.directory.project(ref);
    if (ref !== '_' && !project) throw new AppError('not_found', { what: 'project', name: ref });
    const admits = (who: Caller, app: KnownApp) =>
      (project === null || app.project.id === project.id) &&
      credentialReachesCluster(who, app.cluster.id) &&
      decideProject(who, app.project, 'apps.read', false, this.clock.now()).allowed;
    const check = (who: Caller) => {
      if (project && !decideProject(who, project, 'apps.read', false, this.clock.now()).allowed)
        throw new AppError('not_found', { what: 'project', name: ref });
    };
    check(caller);
    await this.known.all();
    return AppsSubscription.open({
      caller,
      sink,
      admits,
      check,
      clock: this.clock,
      known: this.known,
      watch: this.watch,
      sight: this.sight,
    });
  }
}

/** Topic `app` { app }: the row of one app. */
@Injectable()
export class AppTopic implements LiveTopic<Caller, { app: string }>, OnModuleInit {
  readonly name = 'app';
  readonly params = z.strictObject({ app: Id });

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly topics: LiveTopics,
    private readonly known: KnownApps,
    private readonly watch: AppWatch,
    private readonly sight: Sight,
  ) {}

  onModuleInit(): void {
    this.topics.register(this);
  }

  async open(caller: Caller, { app: id }: { app: string }, sink: TopicSink): Promise<TopicSubscription> {
    const app = await this.known.find(id);
    const mayRead = (who: Caller, one: KnownApp) =>
      credentialReachesCluster(who, one.cluster.id) && decideProject(who, one.project, 'apps.read', false, this.clock.now()).allowed;
    const check = (who: Caller) => {
      if (!app || !mayRead(who, app)) throw new AppError('not_found', { what: 'app', name: id });
    };
    check(caller);
    const admits = (who: Caller, one: KnownApp) => one.id === id && mayRead(who, one);
    return AppsSubscription.open({
      caller,
      sink,
      admits,
      check,
      clock: this.clock,
      known: this.known,
      watch: this.watch,
      sight: this.sight,
    });
  }
}
