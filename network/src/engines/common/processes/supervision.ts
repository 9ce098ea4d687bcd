import { rm } from 'node:fs/promises';
import type { Layout } from '../places/layout.js';
import { placedNames } from '../places/placement.js';
import type { NetworkState } from '../network.js';
import { endProcesses, recordedProcesses } from '../../../system/pidFile.js';

/** Time limit for a node to close its ledger. */
export const GRACE_MS = 10_000;

/**
 * Stops the processes that a killed network left behind: nobody would notice if they failed. The caller must hold the data directory.
 *
 * @returns Whether some still ran.
 */
export async function endAbandoned(layout: Layout): Promise<boolean> {
  const abandoned = await recordedProcesses(layout.runDir);
  await endProcesses(abandoned.values(), GRACE_MS);
  await rm(layout.runDir, { recursive: true, force: true });
  return abandoned.size > 0;
}

/** The recorded state of a data directory's processes. */
export async function recordedState(layout: Layout): Promise<NetworkState> {
  const names = await placedNames(layout);
  const { size } = await recordedProcesses(layout.runDir);
  if (names.length === 0) return 'absent';
  if (size === 0) return 'stopped';
  return size === names.length ? 'running' : 'partly running';
}
