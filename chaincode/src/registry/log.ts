import { createHash } from 'node:crypto';
import { RegistryError } from '@tracecal/core/model';
import type { EpochDigest, Subject } from '@tracecal/core/model';
import { payloadDigest } from '@tracecal/core/signing';
import { founded } from './founding.js';
import { keys } from './keys.js';
import type { StateReader } from './state.js';

/** Most epochs that one query or transaction hashes; a larger distance needs several. */
const MAX_EPOCHS = 100;

/** A line of the change log. Readers who know the subject recognise it; others learn nothing from the line. */
export function logLine({ kind, id }: Subject): string {
  return createHash('sha256').update(`${kind}:${id}`).digest('hex');
}

/**
 * Digests up to and including a sealed epoch that are not on the ledger yet, oldest first. The last one is the digest of the
 * epoch, even if the ledger has it already.
 *
 * `D(n) = SHA-256(D(n - 1) || L(n))`, where `L(n)` is the SHA-256 of the epoch's lines: for each transaction that wrote any,
 * in order of ids, its id and each of its lines, each ended by a line feed. `D(-1)` is the digest of the founding.
 *
 * @throws RegistryError `NOT_FOUND` for an epoch that is not sealed
 */
export async function epochDigests(state: StateReader, epoch: number): Promise<readonly EpochDigest[]> {
  const open = await state.epoch();
  if (epoch >= open.number) {
    throw new RegistryError('NOT_FOUND', `epoch ${epoch} is not sealed: the open epoch is ${open.number}.`);
  }
  const known = await lastKnown(state, epoch);
  if (known.epoch === epoch) {
    return [known];
  }
  const digests: EpochDigest[] = [];
  let { digest } = known;
  for (let number = known.epoch + 1; number <= epoch; number += 1) {
    const { hash, lines } = await linesOf(state, number);
    digest = createHash('sha256').update(digest, 'hex').update(hash).digest('hex');
    digests.push({ epoch: number, digest, lines });
  }
  return digests;
}

async function lastKnown(state: StateReader, epoch: number): Promise<EpochDigest> {
  const earliest = Math.max(0, epoch - MAX_EPOCHS);
  const numbers = Array.from({ length: epoch - earliest + 1 }, (_, place) => epoch - place);
  await state.readAhead(numbers.map((number) => keys.digest(number)));
  for (const number of numbers) {
    const known = await state.read<EpochDigest>(keys.digest(number));
    if (known) {
      return known;
    }
  }
  if (earliest > 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `no heartbeat was given over epoch ${earliest} or later: begin with one over an earlier epoch.`,
    );
  }
  const { founding } = await founded(state);
  return { epoch: -1, digest: payloadDigest(founding.jws), lines: 0 };
}

async function linesOf(state: StateReader, epoch: number): Promise<{ readonly hash: Buffer; readonly lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  for (const { rest, value } of await state.listAll<readonly string[]>(keys.logs(epoch))) {
    hash.update(`${[...rest, ...value].join('\n')}\n`);
    lines += value.length;
  }
  return { hash: hash.digest(), lines };
}
