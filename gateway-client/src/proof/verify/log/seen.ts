import { RegistryError } from '@tracecal/core/model';
import type { HeadSeen } from './shapes.js';
import type { SignedLog } from './signedLog.js';

/** What to remember of a log; undefined if nobody who is trusted has signed any of it. */
export function newestSeen({ registry, heartbeats }: SignedLog): HeadSeen | undefined {
  const [newest] = heartbeats;
  const [time] = heartbeats
    .map((each) => each.time)
    .sort()
    .reverse();
  return newest && time !== undefined ? { registry, epoch: newest.epoch, digest: newest.digest, time } : undefined;
}

/**
 * Refuses a log that is older than one seen before, or that contradicts it.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export function requireNewer(now: HeadSeen | undefined, before: HeadSeen): void {
  if (now?.registry !== before.registry) {
    throw refused(
      `is of ${now?.registry ?? 'nobody who is trusted'}, and the newest one seen is of ${before.registry}`,
    );
  }
  if (now.epoch < before.epoch || now.time < before.time) {
    throw refused(
      `ends with epoch ${now.epoch}, signed on ${now.time}, and one up to epoch ${before.epoch}, signed on ${before.time}, was seen before`,
    );
  }
  if (now.epoch === before.epoch && now.digest !== before.digest) {
    throw refused(`has another digest of epoch ${now.epoch} than the one seen before: keep both as evidence`);
  }
}

function refused(why: string): RegistryError {
  return new RegistryError('INPUT_INVALID', `the change log ${why}: fetch the newest one.`);
}
