import { hexBytes, sha256 } from '#platform';
import { NO_BYTES } from '../platform/bytes.js';
import type { Subject } from './statements.js';

// The change log says what may have made a verdict worse. Heartbeats sign its chained digest, so it is the same for everybody.

/** What one transaction wrote into the change log. */
export interface LoggedTransaction {
  readonly txId: string;
  readonly lines: readonly string[];
}

/** Most epochs that one query or transaction hashes, and so one heartbeat covers; a larger distance needs several. */
export const MOST_EPOCHS = 100;

/** A line of the change log. Readers who know the subject recognise it; others learn nothing from the line. */
export function logLine({ kind, id }: Subject): string {
  return sha256(`${kind}:${id}`);
}

/**
 * The digest of everything up to and with an epoch: `D(n) = SHA-256(D(n - 1) || L(n))`, where `L(n)` is the SHA-256 of the epoch's
 * lines: for each transaction that wrote any, in order of ids, its id and each of its lines, each ended by a line feed. `D(-1)` is
 * the digest of the founding.
 *
 * @param previous `D(n - 1)` in hex.
 */
export function chainedDigest(previous: string, transactions: readonly LoggedTransaction[]): string {
  // One text: an epoch may have more transactions than a call may have arguments.
  const lines = sha256(transactions.map(({ txId, lines: own }) => `${[txId, ...own].join('\n')}\n`).join(''));
  return sha256(hexBytes(previous) ?? NO_BYTES, hexBytes(lines) ?? NO_BYTES);
}
