import { chainedDigest, MOST_EPOCHS, RegistryError } from '@tracecal/core/model';
import type { EpochDigest, LoggedTransaction } from '@tracecal/core/model';
import { keys } from '@tracecal/core/registry';
import { payloadDigest } from '@tracecal/core/signing';
import { founded } from './founding.js';
import type { StateReader } from './state.js';

/**
 * Digests up to and including a sealed epoch that are not on the ledger yet, oldest first. The last one is the digest of the
 * epoch, even if the ledger has it already.
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
    const transactions = await logOf(state, number);
    digest = chainedDigest(digest, transactions);
    digests.push({ epoch: number, digest, lines: sumOf(transactions) });
  }
  return digests;
}

async function lastKnown(state: StateReader, epoch: number): Promise<EpochDigest> {
  const earliest = Math.max(0, epoch - MOST_EPOCHS);
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

async function logOf(state: StateReader, epoch: number): Promise<readonly LoggedTransaction[]> {
  const logged = await state.listAll<readonly string[]>(keys.logs(epoch));
  return logged.map(({ rest: [txId = ''], value }) => ({ txId, lines: value }));
}

function sumOf(transactions: readonly LoggedTransaction[]): number {
  return transactions.reduce((sum, { lines }) => sum + lines.length, 0);
}
