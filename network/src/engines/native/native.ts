import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBinaries } from './binaries.js';
import { Layout } from '../common/places/layout.js';
import { writeMaterial } from '../common/configuration/material.js';
import type { FabricNetwork, NativeOptions, NativeStatus } from '../common/network.js';
import { place } from '../common/places/placement.js';
import { ProcessRunner } from './processRunner.js';
import { assembleNetwork } from '../common/runningNetwork.js';
import {
  becomeSupervisor,
  endSupervised,
  resignSupervisor,
  supervisionStatus,
} from '../common/processes/supervision.js';
import { onThisMachine } from '../common/places/surroundings.js';

/**
 * Brings up real Fabric from `peer` and `orderer` programs, everything on loopback: writes keys, genesis blocks and
 * configuration, starts the processes, joins the channels, deploys the chaincodes, and waits until every organisation is
 * discoverable. On a data directory that was used before it goes on with what is there.
 *
 * @throws FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startNative(options: NativeOptions): Promise<FabricNetwork> {
  const { log, ports } = options;
  const binaries = await findBinaries(options.fabricBin);
  const layout = new Layout(resolve(options.dataDir));
  const chaincodes = [...options.consortium.chaincodes, ...(options.chaincodes ?? [])];
  await becomeSupervisor(layout);
  try {
    const placement = await place(layout, options.consortium, ports);
    const seen = onThisMachine(layout);
    await writeMaterial(layout, placement, seen);
    const runner = new ProcessRunner(layout, binaries, options.chaincodeEnvironment ?? {}, log);
    const network = await assembleNetwork({ layout, placement, runner, seen, ports, log });
    await network.start(chaincodes);
    return network;
  } catch (error) {
    await resignSupervisor(layout);
    throw error;
  }
}

/** What runs on a data directory, whoever started it. */
export function nativeStatus(dataDir: string): Promise<NativeStatus> {
  return supervisionStatus(new Layout(resolve(dataDir)));
}

/** Ends the network of a data directory, whoever started it. Its data stays. */
export function stopNative(dataDir: string): Promise<void> {
  return endSupervised(new Layout(resolve(dataDir)));
}

/** Ends the network of a data directory and deletes its data: keys, ledgers, logs. Other files there are not touched. */
export async function resetNative(dataDir: string): Promise<void> {
  const layout = new Layout(resolve(dataDir));
  await endSupervised(layout);
  await Promise.all(layout.everything.map((path) => rm(path, { recursive: true, force: true })));
}
