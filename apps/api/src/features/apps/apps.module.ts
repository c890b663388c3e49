import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/index.js';
import { AddressesController } from './addresses/addresses.controller.js';
import { AdoptionController } from './adoption/adoption.controller.js';
import { Adoption } from './adoption/adoption.service.js';
import { AppStore } from './app-store.js';
import { Applier } from './applier.js';
import { AppsController } from './apps.controller.js';
import { AppsService } from './apps.service.js';
import { Changes } from './changes.service.js';
import { DriftKeeper } from './drift/drift-keeper.js';
import { DrillRunner } from './drills/drill-runner.js';
import { DrillStore } from './drills/drill-store.js';
import { DrillsController } from './drills/drills.controller.js';
import { Drills } from './drills/drills.service.js';
import { Idempotency } from './idempotency.js';
import { MomentJanitor } from './moments/moment-janitor.js';
import { MomentRecorder } from './moments/moment-recorder.js';
import { MomentStore } from './moments/moment-store.js';
import { MomentsController } from './moments/moments.controller.js';
import { AppNetworks } from './network/app-network.service.js';
import { ClusterDomain } from './network/cluster-domain.js';
import { NetworkController } from './network/network.controller.js';
import { NetworkGuard } from './network/network-guard.js';
import { AppPods } from './observed/app-pods.js';
import { AppStatuses } from './observed/app-statuses.js';
import { AppWatch } from './observed/app-watch.js';
import { AppsTopic, AppTopic } from './observed/apps.topic.js';
import { ClusterRoutes } from './observed/cluster-routes.js';
import { KnownApps } from './observed/known-apps.js';
import { ObjectTopics } from './observed/objects.topic.js';
import { ShownView } from './observed/shown-view.js';
import { Sight } from './observed/sight.js';
import { OwnRobot } from './own-robot.js';
import { Plans } from './plan/plans.service.js';
import { Pods } from './pods.service.js';
import { AppPorts } from './ports/app-ports.js';
import { RolloutStore } from './rollouts/rollout-store.js';
import { RolloutsController } from './rollouts/rollouts.controller.js';
import { Rollouts } from './rollouts/rollouts.service.js';
import { Verdicts } from './rollouts/verdicts.js';
import { WayBack } from './rollouts/way-back.js';
import { RunKeeper } from './runs/run-keeper.js';
import { RunStore } from './runs/run-store.js';
import { RunsController } from './runs/runs.controller.js';
import { Runs } from './runs/runs.service.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { Schedules } from './schedules/schedules.service.js';
import { OwnSecrets } from './secrets/own-secrets.service.js';
import { SecretHash } from './secrets/secret-hash.js';
import { SecretNames } from './secrets/secret-names.js';
import { SecretsController } from './secrets/secrets.controller.js';
import { DeletedApps } from './undelete/deleted-apps.store.js';
import { DeletedAppsSweeper } from './undelete/deleted-apps-sweeper.js';
import { UndeleteController } from './undelete/undelete.controller.js';
import { Undelete } from './undelete/undelete.service.js';
import { Undo } from './undo/undo.service.js';

@Module({
  imports: [ClustersModule],
  controllers: [
    AppsController,
    AddressesController,
    SecretsController,
    UndeleteController,
    AdoptionController,
    RolloutsController,
    MomentsController,
    DrillsController,
    SchedulesController,
    RunsController,
    NetworkController,
  ],
  providers: [
    AppStore,
    Applier,
    NetworkGuard,
    AppNetworks,
    ClusterDomain,
    RolloutStore,
    Verdicts,
    WayBack,
    OwnRobot,
    DriftKeeper,
    MomentStore,
    MomentRecorder,
    MomentJanitor,
    DrillStore,
    DrillRunner,
    Drills,
    Rollouts,
    Changes,
    Adoption,
    Idempotency,
    Undo,
    Schedules,
    RunStore,
    RunKeeper,
    Runs,
    SecretHash,
    DeletedApps,
    DeletedAppsSweeper,
    Undelete,
    OwnSecrets,
    SecretNames,
    AppsService,
    Plans,
    Pods,
    ClusterRoutes,
    AppStatuses,
    AppPods,
    AppWatch,
    KnownApps,
    ShownView,
    Sight,
    AppsTopic,
    AppTopic,
    ObjectTopics,
    AppPorts,
  ],
  exports: [AppsService, AppPorts],
})
export class AppsModule {}
