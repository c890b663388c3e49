import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiDescription } from './api-description.js';
import { DocsController } from './docs.controller.js';

/** `/api/v1/openapi.json`, and `/api/docs` for people: a page, so not a route of the contract. Both say only what the source says. */
@Module({ controllers: [DocsController], providers: [ApiDescription] })
export class DocsModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly description: ApiDescription,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().get('/api/docs', (_request, reply) => {
      void reply
        .header('content-type', 'text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        .send(this.description.page);
    });
  }
}
