import type { Check } from '../check.js';
import { clock } from './clock.js';
import { dataDirectory } from './dataDirectory.js';
import { disk } from './disk.js';
import { gateway } from './gateway.js';
import { heartbeats } from './heartbeats.js';
import { identities } from './identities.js';
import { keys } from './keys.js';
import { node } from './node.js';
import { ports } from './ports.js';
import { roles } from './roles.js';
import { trust } from './trust.js';

/** What `doctor` looks at, in its order: what comes later rests on what comes before. */
export const CHECKS: readonly Check[] = [
  node,
  dataDirectory,
  disk,
  ports,
  keys,
  roles,
  identities,
  gateway,
  clock,
  heartbeats,
  trust,
];
