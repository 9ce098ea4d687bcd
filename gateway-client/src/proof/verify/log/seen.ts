import { RegistryError } from '@tracecal/core/model';
import type { HeadSeen } from './shapes.js';
import type { SignedLog } from './signedLog.js';

/**
 * What to remember of a log: the newest epoch that so many trusted institutes have signed, or more. One alone must not be able to make a
 * verifier refuse what all others sign from then on. Undefined if fewer have signed.
 */
export function newestSeen(
  { registry, heartbeats }: Pick<SignedLog, 'registry' | 'heartbeats'>,
  k: number,
): HeadSeen | undefined {
  // The newest epoch comes first.
  const last = heartbeats[k - 1];
  const time = heartbeats
    .map((each) => each.time)
    .sort()
    .reverse()[k - 1];
  return last && time !== undefined ? { registry, epoch: last.epoch, digest: last.digest, time } : undefined;
}

/**
 * Refuses a log that is older than one seen before, or that contradicts it.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export function requireNewer(now: HeadSeen, before: HeadSeen): void {
  if (now.registry !== before.registry) {
    throw refused(`is of ${now.registry}, and the newest one seen is of ${before.registry}`);
  }
  if (now.epoch < before.epoch || now.time < before.time) {
    throw older(
      `ends with epoch ${now.epoch}, signed on ${now.time}, and one up to epoch ${before.epoch}, signed on ${before.time}, was seen before`,
    );
  }
  if (now.epoch === before.epoch && now.digest !== before.digest) {
    throw refused(`has another digest of epoch ${now.epoch} than the one seen before: keep both as evidence`);
  }
}

/** With other institutes in the trust file, the same log may be signed less far. */
function older(why: string): RegistryError {
  return new RegistryError(
    'INPUT_INVALID',
    `the change log ${why}: fetch the newest one. If you have changed the trust file since, wait until its institutes have signed as far.`,
  );
}

function refused(why: string): RegistryError {
  return new RegistryError('INPUT_INVALID', `the change log ${why}: fetch the newest one.`);
}
