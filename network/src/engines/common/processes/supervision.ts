import { rm } from 'node:fs/promises';
import type { Layout } from '../places/layout.js';
import { placedNames } from '../places/placement.js';
import type { NetworkState } from '../network.js';
import { endProcesses, recordedProcesses } from '../../../system/pidFile.js';

/** How long a node may take to close its ledger. */
export const GRACE_MS = 10_000;

/**
 * Ends the processes that a network left behind when it was killed: nobody would notice if they failed. Only who holds the data
 * directory may do that.
 *
 * @returns Whether some still ran.
 */
export async function endAbandoned(layout: Layout): Promise<boolean> {
  const abandoned = await recordedProcesses(layout.runDir);
  await endProcesses(abandoned.values(), GRACE_MS);
  await rm(layout.runDir, { recursive: true, force: true });
  return abandoned.size > 0;
}

/** What runs on a data directory. */
export async function recordedState(layout: Layout): Promise<NetworkState> {
  const names = await placedNames(layout);
  const { size } = await recordedProcesses(layout.runDir);
  if (names.length === 0) return 'absent';
  if (size === 0) return 'stopped';
  return size === names.length ? 'running' : 'partly running';
}
