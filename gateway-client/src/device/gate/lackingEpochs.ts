import { instant, instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { TraceCalError } from '../../client/errors.js';
import { signedMoment } from '../../proof/verify/fresh.js';
import { digestOf, readEpoch, readHead, signedHead } from '../../proof/verify/log/index.js';
import type { EpochLog, LogFiles } from '../../proof/verify/log/index.js';
import type { GateAsked } from './decide.js';

/** A year of epochs of an hour. */
const MOST_EPOCHS = 10_000;

/** Where a change log is looked for that leads to a head. */
export interface Lacking {
  readonly head: string;
  /** The files that are here. */
  readonly here: LogFiles;
  /** Gets the text of an epoch's file that is not here, or that does not lead to what was signed. */
  readonly get: (epoch: number) => Promise<string>;
  /** The first epoch that a bundle needs; undefined if there is no bundle. */
  readonly from: number | undefined;
  /** Who offers the head, for what is refused. */
  readonly name: string;
}

/**
 * The texts of the epochs that are lacking here, the newest first: from the newest that a trusted institute has signed down to where the
 * bundles begin. Each follows from the digest after it, so nothing gets in that nobody has signed, and a file that was damaged is got again.
 *
 * @throws TraceCalError `ANSWER_INVALID`; RegistryError; whatever `get` throws
 */
export async function lackingEpochs(
  { head, here, get, from, name }: Lacking,
  { trust, clock }: Pick<GateAsked, 'trust' | 'clock'>,
  k: number,
): Promise<ReadonlyMap<number, string>> {
  const offered: LogFiles = { head: () => Promise.resolve(head), epoch: () => Promise.resolve(undefined) };
  const asOf = clock?.now ?? (await signedMoment(offered, trust.roots, k, openedOf(head)));
  const { channel, heartbeats } = await signedHead(offered, trust.roots, asOf);
  const texts = new Map<number, string>();
  const [newest] = heartbeats;
  if (newest === undefined) {
    throw new TraceCalError('ANSWER_INVALID', `Nobody who is trusted has signed the log of ${name}.`);
  }
  const begin = Math.max(0, Math.min(newest.epoch, from ?? newest.epoch));
  if (newest.epoch - begin >= MOST_EPOCHS) {
    throw new TraceCalError(
      'ANSWER_INVALID',
      `The log of ${name} has more than ${MOST_EPOCHS} epochs since the bundles were made.`,
    );
  }
  let { digest } = newest;
  for (let epoch = newest.epoch; epoch >= begin; epoch -= 1) {
    const own = leadingTo(await here.epoch(epoch).catch(() => undefined), { channel, epoch, digest });
    if (own === undefined) {
      const text = await get(epoch);
      const got = leadingTo(text, { channel, epoch, digest });
      if (got === undefined) {
        throw new TraceCalError(
          'ANSWER_INVALID',
          `The file of epoch ${epoch} of ${name} does not lead to what was signed.`,
        );
      }
      texts.set(epoch, text);
      digest = got.previous;
    } else {
      digest = own.previous;
    }
  }
  return texts;
}

/** What a file says, if it is the one that a digest was made from. */
function leadingTo(
  text: string | undefined,
  { channel, epoch, digest }: { readonly channel: string; readonly epoch: number; readonly digest: string },
): EpochLog | undefined {
  try {
    const log = text === undefined ? undefined : readEpoch(text);
    return log?.channel === channel && log.epoch === epoch && digestOf(log) === digest ? log : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody signs it: a search for the moment that was signed begins there. */
function openedOf(head: string): Instant {
  const { opened } = readHead(head).epoch;
  return instant.safeParse(opened).success ? opened : instantOf(0);
}
