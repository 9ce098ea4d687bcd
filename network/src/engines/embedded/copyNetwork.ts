import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { copyData } from '../../backup/index.js';
import { ledgerFolder } from './channels.js';
import type { ChannelLedger } from './ledger/index.js';

/**
 * Copies a running network's directory. All ledgers are copied as they are at one moment, and writes go on meanwhile; the other files
 * follow, so that every key that a ledger speaks of is in the copy.
 */
export async function copyNetwork(dataDir: string, ledgers: readonly ChannelLedger[], target: string): Promise<void> {
  const places = ledgers.map((ledger) => [ledger, ledgerFolder(target, { name: ledger.channelId })] as const);
  for (const [, place] of places) await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  // Each copy takes its snapshot at once, before anything is awaited.
  const copies = places.map(([ledger, place]) => ledger.copyTo(place));
  const outcomes = await Promise.allSettled(copies);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  const own = ledgers.map(({ channelId }) => relative(dataDir, ledgerFolder(dataDir, { name: channelId })));
  await copyData(dataDir, target, new Set(own.map((path) => path.replaceAll('\\', '/'))));
}
