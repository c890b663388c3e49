import { openApi } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { Implements } from '../../platform/http/implements.js';
import { ApiDescription } from './api-description.js';

@Controller()
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Implements(openApi)
  async openApi(): Promise<unknown> {
    return this.description.document;
  }
}
