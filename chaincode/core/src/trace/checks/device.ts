import { signerName } from '../../signing/index.js';
import { signingKey } from '../open/key.js';
import type { Key } from '../open/key.js';
import type { Link, TraceContext } from './check.js';

/**
 * The key of a report's device that is judged: as a standard, the one that signed the report that relies on it; of the traced
 * device, the one in force at the moment that is asked about. Undefined if nobody vouches for any.
 */
export function deviceKey({ reliant, report: { device } }: Link, { moment }: TraceContext): Key<'device'> | undefined {
  const used = reliant
    ? signingKey(reliant.said.entry, signerName('device', device.id), device.keys)
    : device.keys.findLast(({ said }) => moment.hasReached(said.registered.date));
  return used ?? device.keys[0];
}
