export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';
export { FirstAdmin } from './first-admin.js';
