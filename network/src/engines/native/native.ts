import { resolve } from 'node:path';
import { LOOPBACK } from '../../system/ports.js';
import { removeAll } from '../../system/removeAll.js';
import { findBinaries } from './binaries.js';
import { Layout } from '../common/places/layout.js';
import { writeMaterial } from '../common/configuration/material.js';
import type { NextPorts } from '../nextPorts.js';
import type { FabricNetwork, NativeOptions, NetworkState } from '../common/network.js';
import { nextPlacement, place } from '../common/places/placement.js';
import { listeners } from '../common/places/portCheck.js';
import { ProcessRunner } from './processRunner.js';
import { assembleNetwork } from '../common/runningNetwork.js';
import { deleteUnderLock, DirectoryLock, withLock } from '../../running/control/index.js';
import { endAbandoned, recordedState } from '../common/processes/supervision.js';
import type { Consortium } from '../../topology/index.js';
import { onThisMachine } from '../common/places/nodeEnvironment.js';

/**
 * Starts real Fabric from the `peer` and `orderer` programs, everything on loopback: writes keys, genesis blocks and configuration, starts
 * the processes, joins the channels, deploys the chaincodes, and waits until every organisation is discoverable. A data directory that was
 * used before is continued.
 *
 * @throws DataDirectoryInUse, FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startNative(options: NativeOptions): Promise<FabricNetwork> {
  const { log, ports, lock, signal } = options;
  const binaries = await findBinaries(options.fabricBin);
  const layout = new Layout(resolve(options.dataDir));
  const chaincodes = [...options.consortium.chaincodes, ...(options.chaincodes ?? [])];
  const own = lock === undefined ? await DirectoryLock.take(layout.root) : undefined;
  try {
    await endAbandoned(layout);
    const placement = await place(layout, options.consortium, ports);
    const seen = onThisMachine(layout);
    await writeMaterial(layout, placement, seen);
    signal?.throwIfAborted();
    const runner = new ProcessRunner(layout, binaries, options.chaincodeEnvironment ?? {}, log);
    const network = await assembleNetwork({ layout, placement, runner, seen, ports, log, lock: own });
    await network.start(chaincodes, signal);
    return network;
  } catch (error) {
    await own?.release();
    throw error;
  }
}

/** The ports of the next start on a data directory. */
export async function nativePorts(dataDir: string, consortium: Consortium): Promise<NextPorts> {
  const placement = await nextPlacement(new Layout(resolve(dataDir)), consortium);
  const nodes = [...listeners(placement)].filter(([, , host]) => host === LOOPBACK);
  const all = [...nodes.map(([, port]) => port), ...placement.services.values()];
  return { ports: all, areFixed: !placement.isNew };
}

/** The state of a data directory's processes, no matter which process started them. */
export function nativeState(dataDir: string): Promise<NetworkState> {
  return recordedState(new Layout(resolve(dataDir)));
}

/**
 * Stops the nodes that a killed network left behind. Its data stays.
 *
 * @returns Whether some still ran.
 * @throws DataDirectoryInUse when the network runs: stop that through its socket
 */
export function stopNative(dataDir: string): Promise<boolean> {
  const layout = new Layout(resolve(dataDir));
  return withLock(layout.root, () => endAbandoned(layout));
}

/**
 * Deletes the data of a network that does not run: keys, ledgers, logs. Other files there are not touched.
 *
 * @throws DataDirectoryInUse when it runs
 */
export function resetNative(dataDir: string): Promise<void> {
  const layout = new Layout(resolve(dataDir));
  return deleteUnderLock(layout.root, async () => {
    await endAbandoned(layout);
    await removeAll(layout.everything);
  });
}
