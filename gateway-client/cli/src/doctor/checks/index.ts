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
import { readers } from './readers.js';
import { roles } from './roles.js';
import { trust } from './trust.js';

/** All checks of `doctor`, in order: later checks depend on earlier ones. */
export const CHECKS: readonly Check[] = [
  node,
  dataDirectory,
  disk,
  ports,
  keys,
  readers,
  roles,
  identities,
  gateway,
  clock,
  heartbeats,
  trust,
];
