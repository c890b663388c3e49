import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './features/access/index.js';
import { AppsModule } from './features/apps/index.js';
import { AuditModule } from './features/audit/index.js';
import { AuditViewModule } from './features/audit-view/index.js';
import { AuthModule } from './features/auth/index.js';
import { DocsModule } from './features/docs/index.js';
import { GatewayModule } from './features/gateway/index.js';
import { HealthModule } from './features/health/index.js';
import { LiveModule } from './features/live/index.js';
import { PortsModule } from './features/ports/index.js';
import { ProjectsModule } from './features/projects/index.js';
import { TokensModule } from './features/tokens/index.js';
import { UsersModule } from './features/users/index.js';
import { WebhooksModule } from './features/webhooks/index.js';
import { PlatformModule } from './platform/platform.module.js';

/** Every feature, lowest step first. */
@Module({})
export class AppModule {
  static with(ground: Parameters<typeof PlatformModule.with>[0]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(ground),
        AuditModule,
        AuthModule,
        AccessModule,
        UsersModule,
        TokensModule,
        ProjectsModule,
        AppsModule,
        WebhooksModule,
        AuditViewModule,
        LiveModule,
        GatewayModule,
        PortsModule,
        HealthModule,
        DocsModule,
      ],
    };
  }
}
