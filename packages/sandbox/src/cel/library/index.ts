import type { Overload } from '../functions.js';
import { authorization } from './authorizer.js';
import { namedFormats } from './formats.js';
import { lists } from './lists.js';
import { network } from './network.js';
import { operators } from './operators.js';
import { quantities } from './quantity.js';
import { semvers } from './semver.js';
import { standard } from './standard.js';
import { strings } from './strings.js';
import { urls } from './urls.js';

/** All functions of Kubernetes 1.34's environment. */
export const kubernetesLibrary: readonly Overload[] = [
  ...operators,
  ...standard,
  ...strings,
  ...lists,
  ...quantities,
  ...network,
  ...urls,
  ...semvers,
  ...namedFormats,
  ...authorization,
];
