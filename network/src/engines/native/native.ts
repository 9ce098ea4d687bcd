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
import { MemberNetwork } from '../common/memberNetwork.js';
import { assembleNetwork, type NetworkParts } from '../common/runningNetwork.js';
import { deleteUnderLock, DirectoryLock, withLock } from '../../running/control/index.js';
import { endAbandoned, recordedState } from '../common/processes/supervision.js';
import { openOwnPart, requireAgreement } from '../../member/index.js';
import { inFolder, type ChaincodeDeployment, type Consortium } from '../../topology/index.js';
import { requireNoOthersNodes } from '../common/nodes/othersNodes.js';
import { onThisMachine } from '../common/places/nodeEnvironment.js';

/**
 * Starts real Fabric from the `peer` and `orderer` programs, everything on loopback: writes keys, genesis blocks and configuration, starts
 * the processes, joins the channels, deploys the chaincodes, and waits until every organisation is discoverable. A data directory that was
 * used before is continued.
 *
 * @throws DataDirectoryInUse, FabricError, or AdminError when a node refuses; nothing is left running then.
 */
export async function startNative(options: NativeOptions): Promise<FabricNetwork> {
  return start(options, assembleNetwork);
}

/** Options of one member's part of a network: its data directory has the description, and the ports are those of the description. */
export type MemberOptions = Omit<NativeOptions, 'consortium' | 'ports'>;

/**
 * Starts one member's orderer, peers and chaincode services alone, from the genesis blocks that all members have signed. Deploys the
 * chaincodes as far as the other members let it, and goes on with that while it runs.
 *
 * @throws MemberError `NOT_AGREED` naming who has not signed; DataDirectoryInUse, FabricError, AdminError; nothing is left running then
 */
export async function startMember(options: MemberOptions): Promise<MemberNetwork> {
  const own = openOwnPart(resolve(options.dataDir));
  requireAgreement(own);
  const consortium = inFolder(own.consortium, own.directory.root);
  return start(
    { ...options, consortium, ports: 'configured' },
    (parts) => MemberNetwork.assemble(parts),
    own.member.id,
  );
}

interface Startable {
  start(chaincodes: readonly ChaincodeDeployment[], signal?: AbortSignal): Promise<void>;
}

async function start<T extends Startable>(
  { log, ports, lock, signal, consortium, ...options }: NativeOptions,
  assemble: (parts: NetworkParts) => Promise<T>,
  member?: string,
): Promise<T> {
  const binaries = await findBinaries(options.fabricBin);
  const layout = new Layout(resolve(options.dataDir));
  const chaincodes = [...consortium.chaincodes, ...(options.chaincodes ?? [])];
  const own = lock === undefined ? await DirectoryLock.take(layout.root) : undefined;
  try {
    await endAbandoned(layout);
    await requireNoOthersNodes(layout.root, 'start them again');
    const placement = await place(layout, consortium, ports, member);
    const seen = onThisMachine(layout);
    await writeMaterial(layout, placement, seen);
    signal?.throwIfAborted();
    const runner = new ProcessRunner(layout, binaries, options.chaincodeEnvironment ?? {}, log);
    const network = await assemble({ layout, placement, runner, seen, ports, log, lock: own });
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
    await requireNoOthersNodes(layout.root, 'reset it then');
    await removeAll(layout.everything);
  });
}
