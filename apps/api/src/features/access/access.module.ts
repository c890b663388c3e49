import { Global, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { Directory } from './directory.js';
import { RestAdmission } from './rest-admission.guard.js';
import { RestEnding } from './rest-ending.interceptor.js';

@Global()
@Module({
  providers: [Directory, { provide: APP_GUARD, useClass: RestAdmission }, { provide: APP_INTERCEPTOR, useClass: RestEnding }],
  exports: [Directory],
})
export class AccessModule {}
