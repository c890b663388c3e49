export { AuthModule } from './auth.module.js';
export { Authenticator } from './authenticator.js';
export { actorOf, type Caller, type CallerGrant, type Credential, credentialIds } from './caller.js';
export { loadAuthor, loadOwnRobot } from './caller-store.js';
export { hashPassword } from './password.js';
export { hashSecret, newPassword, newSecret, tokenPrefix } from './secret.js';
export { type SecurityChange, SecurityChanges } from './security-changes.js';
export { revokeSessions } from './session-store.js';
