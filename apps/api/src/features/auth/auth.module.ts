import { Global, Module } from '@nestjs/common';
import { AuthController } from './auth.controller.js';
import { Authenticator } from './authenticator.js';
import { Janitor } from './janitor.js';
import { SecurityChanges } from './security-changes.js';
import { SignInService } from './sign-in.service.js';
import { SignInLimits } from './sign-in-limits.js';

@Global()
@Module({
  controllers: [AuthController],
  providers: [Authenticator, Janitor, SecurityChanges, SignInLimits, SignInService],
  exports: [Authenticator, SecurityChanges, SignInService],
})
export class AuthModule {}
