import { networkStatus, stopNetwork } from '@tracecal/network/control';
import type { NetworkStatus } from '@tracecal/network/control';
import { endEngine } from '@tracecal/network/engine';
import type { DataDirectory } from '../data/dataDirectory.js';
import { engineOf, engines } from './engines.js';
import { networkBusy, networkDown } from './networkDown.js';

/**
 * The running network of a data directory, as its process describes it; undefined if none runs.
 * @throws ControlError `NETWORK_STUCK`
 */
export function findRunning(data: DataDirectory, withinMs?: number): Promise<NetworkStatus | undefined> {
  return networkStatus(data.root, withinMs);
}

/** @throws ApplicationError `NETWORK_DOWN`; ControlError `NETWORK_STUCK` */
export async function requireRunning(data: DataDirectory): Promise<NetworkStatus> {
  const running = await findRunning(data);
  if (!running) {
    throw await networkDown(data);
  }
  if (running.state !== 'running') {
    throw networkBusy(data, running.state);
  }
  return running;
}

/**
 * Ends the network of a data directory.
 *
 * @param withinMs - How long it may take to answer; stopping takes the time that it needs.
 * @returns Whether one ran.
 * @throws ControlError `NETWORK_STUCK`
 */
export async function stopRunning(data: DataDirectory, withinMs?: number): Promise<boolean> {
  const engine = engineOf(data) ?? 'embedded';
  if (await stopNetwork(data.root, engines[engine].stopMs, withinMs)) {
    return true;
  }
  // Nodes may have outlived the process that supervised them.
  return endEngine(engine, data.root);
}
