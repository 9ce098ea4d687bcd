import { instantOf } from '@tracecal/core/model';
import { clientError } from '../errors.js';
import { outOfForce } from './outOfForce.js';
import type { Trust } from './trust.js';

/**
 * The same trust, if it may be used now. Without a time of validity it always may.
 * @throws TraceCalError `TRUST_INVALID`
 */
export function inForce(trust: Trust, now = instantOf(Date.now())): Trust {
  const why = outOfForce(trust, now);
  if (why !== undefined) {
    throw clientError('TRUST_INVALID', why);
  }
  return trust;
}
