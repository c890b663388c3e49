import { route } from './route.js';

export const openApi = route({
  method: 'GET',
  path: '/openapi.json',
  action: 'docs.openapi',
  summary: 'This API as an OpenAPI 3.1 document. The same for reading: /api/docs.',
  access: 'public',
  produces: 'application/json',
});
