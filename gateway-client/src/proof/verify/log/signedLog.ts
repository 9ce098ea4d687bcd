import { RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { contradictory, EvidenceMissing, sourceOf, trustedHeartbeats } from '@tracecal/core/trace';
import type { HeartbeatSeen } from '@tracecal/core/trace';
import { digestOf, readEpoch } from './epochFile.js';
import type { EpochLog } from './epochFile.js';
import type { LogFiles } from './files.js';
import { readHead } from './head.js';
import { requireHeadQuestion, requireStretch } from './shapes.js';

/** A stretch of the change log that leads to what institutes have signed. */
export interface SignedLog {
  readonly channel: string;
  /** The registry that the heartbeats are signed for. */
  readonly registry: string;
  /** Heartbeats of trusted institutes over digests that these epochs lead to, the newest epoch first. */
  readonly heartbeats: readonly HeartbeatSeen[];
  /** From the first epoch asked for up to the last one signed; none if that one was signed before it. */
  readonly epochs: readonly EpochLog[];
  /** When the last signed epoch ended, as the log's head says, which nobody signs; null if it does not say it. */
  readonly ended: Instant | null;
}

/**
 * Reads the change log from an epoch on, as far as institutes that the asker trusts have signed it. Every file is checked: it follows the one
 * before it, and all lead to the digests that were signed.
 *
 * @param roots SHA-256 of the root certificates that the asker trusts, hex.
 * @param asOf The moment of the question.
 * @throws RegistryError `INPUT_INVALID` if a file is missing, was changed, or if institutes signed something else
 */
export async function signedLog(
  files: LogFiles,
  question: { readonly from: number; readonly roots: readonly string[]; readonly asOf: Instant },
): Promise<SignedLog> {
  requireStretch(files, question);
  const { from, roots, asOf } = question;
  const { channel, registry, heartbeats, open } = await signedHead(files, roots, asOf);
  const last = heartbeats[0]?.epoch ?? -1;
  const epochs: EpochLog[] = [];
  const digests = new Map<number, string>();
  for (let number = from; number <= last; number += 1) {
    const log = await epochIn(files, number, channel);
    const before = digests.get(number - 1);
    if (before !== undefined && before !== log.previous) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the change log's file of epoch ${number} does not follow that of epoch ${number - 1}.`,
      );
    }
    digests.set(number - 1, log.previous).set(number, digestOf(log));
    epochs.push(log);
  }
  for (const { institute, epoch, digest } of heartbeats) {
    const computed = digests.get(epoch);
    if (computed !== undefined && computed !== digest) {
      throw new RegistryError(
        'INPUT_INVALID',
        `${institute} has signed digest ${digest} of the change log up to epoch ${epoch}, and the files lead to ${computed}: something was changed or cut out.`,
      );
    }
  }
  const ended = open.number === last + 1 ? open.opened : null;
  return { channel, registry, heartbeats, epochs, ended };
}

/** The newest heartbeats of trusted institutes, the newest epoch first. */
export async function signedHead(files: LogFiles, roots: readonly string[], asOf: Instant) {
  requireHeadQuestion([files], { roots, asOf });
  const { epoch: open, evidence } = readHead(await files.head());
  const { registry, heartbeats: seen } = await trustedHeartbeats(sourceOf(evidence), roots, asOf).catch(
    (error: unknown) => {
      throw error instanceof EvidenceMissing
        ? new RegistryError(
            'INPUT_INVALID',
            `the head of the change log does not hold ${error.of.join(' ')}: take it as it was published.`,
          )
        : error;
    },
  );
  const heartbeats = seen.toSorted((one, other) => other.epoch - one.epoch);
  const [contradiction] = contradictory(heartbeats);
  if (contradiction) {
    const [one, { institute, epoch }] = contradiction;
    throw new RegistryError(
      'INPUT_INVALID',
      `${one.institute} and ${institute} have signed different digests of the change log up to epoch ${epoch}: somebody was shown another ledger. Keep this head as evidence.`,
    );
  }
  return { channel: evidence.channel, registry, heartbeats, open };
}

async function epochIn(files: LogFiles, number: number, channel: string): Promise<EpochLog> {
  const text = await files.epoch(number);
  if (text === undefined) {
    throw new RegistryError('INPUT_INVALID', `the change log lacks the file of epoch ${number}: fetch it anew.`);
  }
  const log = readEpoch(text);
  if (log.epoch !== number || log.channel !== channel) {
    throw new RegistryError(
      'INPUT_INVALID',
      `in place of epoch ${number} of ${channel}, the change log has epoch ${log.epoch} of ${log.channel}: fetch it anew.`,
    );
  }
  return log;
}
