import { Injectable } from '@nestjs/common';
import { implementedRoutes } from '../../platform/http/implements.js';
import { Origins } from '../../platform/http/origins.js';
import { docsPage } from './docs-page.js';
import { describeApi, type OpenApi } from './openapi.js';

/** The document and its page, made at the first question, when every controller is known. */
@Injectable()
export class ApiDescription {
  private made: OpenApi | undefined;
  private rendered: string | undefined;

  constructor(private readonly origins: Origins) {}

  get document(): OpenApi {
    this.made ??= describeApi(implementedRoutes());
    return this.made;
  }

  get page(): string {
    this.rendered ??= docsPage(this.document, this.origins.publicUrl);
    return this.rendered;
  }
}
