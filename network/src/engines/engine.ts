import { join } from 'node:path';
import type { ChaincodeEnvironment } from '../chaincode/index.js';
import { deleteUnderLock, type DirectoryLock } from '../running/control/index.js';
import type { EngineName } from '../running/engineName.js';
import type { Log } from '../system/log.js';
import type { NextPorts } from './nextPorts.js';
import type { Ports } from '../system/ports.js';
import type { MemberStatus } from './common/memberStatus.js';
import type { DeployOptions } from './deploy/deploy.js';
import type { JoinOptions } from './deploy/join.js';
import { removeAll } from '../system/removeAll.js';
import type { StartedNetwork } from '../running/startedNetwork.js';
import type { ChaincodeDeployment, Consortium } from '../topology/index.js';

export type { ChaincodeEnvironment } from '../chaincode/index.js';
export type { OrganisationEndpoint, StartedNetwork, SupervisedProcess } from '../running/startedNetwork.js';
export { ENGINES, type EngineName } from '../running/engineName.js';
export { diskFull } from '../system/diskFull.js';
export type { MemberStatus, OtherNode, OwnChaincode, OwnNode } from './common/memberStatus.js';
export type { DeployOptions } from './deploy/deploy.js';
export { TARGETS, type Target } from './deploy/target.js';
export type { JoinOptions } from './deploy/join.js';
export type { NextPorts } from './nextPorts.js';
export { whyTaken, type Ports } from '../system/ports.js';
export { PRIVATE, atomicWrite } from '../system/atomicWrite.js';
export { rotateLog } from '../system/logRotation.js';
export { unlessAborted } from '../system/unlessAborted.js';
export { UpgradeError, type Upgrade } from '../running/upgrade.js';

/** Common options of all engines. */
export interface EngineOptions {
  readonly consortium: Consortium;
  readonly dataDir: string;
  readonly ports: Ports;
  readonly chaincodes: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  readonly log: Log;
  /** The lock of the data directory, if the caller holds it; otherwise the network takes it while it runs. */
  readonly lock?: DirectoryLock;
  /** Cancels the start. */
  readonly signal?: AbortSignal;
  /** Native only: folder with Fabric's `peer` and `orderer`. */
  readonly fabricBin?: string;
}

/** Options of one member's part: its description is in its data directory. */
export type MemberEngineOptions = Omit<EngineOptions, 'consortium' | 'ports'>;

/** Starts one member's part of a network of real Fabric, as processes of this machine. */
export async function startMemberEngine(options: MemberEngineOptions): Promise<StartedNetwork> {
  return (await import('./fabric.js')).startMember(options);
}

/** Writes the units or the compose file of a member. @returns Their names in the folder. */
export async function deployMember(options: DeployOptions): Promise<readonly string[]> {
  return (await import('./fabric.js')).deployMember(options);
}

/** Joins the channels and deploys the chaincodes of a member whose nodes run already. @returns Whether everything is committed. */
export async function joinMember(options: JoinOptions): Promise<boolean> {
  return (await import('./fabric.js')).joinMember(options);
}

/** How a member's part of a network stands, by this machine's clock. @throws MemberError; PkiError */
export async function memberStatus(dataDir: string, now?: () => number): Promise<MemberStatus> {
  return (await import('./fabric.js')).memberStatus(dataDir, now);
}

/** Starts a network. Its errors depend on the engine, and their messages say what to do. */
export async function startEngine(engine: EngineName, options: EngineOptions): Promise<StartedNetwork> {
  // Load only the libraries of the chosen engine.
  switch (engine) {
    case 'embedded':
      return (await import('./embedded/index.js')).startEmbedded(options);
    case 'native':
      return (await import('./fabric.js')).startNative(options);
    case 'docker':
      return (await import('./fabric.js')).startDocker(options);
  }
}

/**
 * The ports on which the next start in a data directory listens, unless the user asks for other ones.
 *
 * @param consortium - The description that it is started with: it has the ports of a network that never started.
 */
export async function nextPorts(engine: EngineName, dataDir: string, consortium: Consortium): Promise<NextPorts> {
  switch (engine) {
    case 'embedded':
      return (await import('./embedded/index.js')).embeddedPorts(dataDir, consortium);
    case 'native':
      return (await import('./fabric.js')).nativePorts(dataDir, consortium);
    case 'docker':
      return (await import('./fabric.js')).dockerPorts(dataDir, consortium);
  }
}

/**
 * Stops the nodes of real Fabric that a killed network process left behind.
 *
 * @returns Whether something still ran.
 * @throws DataDirectoryInUse when the network runs
 */
export async function endEngine(engine: EngineName, dataDir: string): Promise<boolean> {
  if (engine === 'embedded') return false;
  const { stopDocker, stopNative } = await import('./fabric.js');
  return engine === 'docker' ? stopDocker(dataDir) : stopNative(dataDir);
}

/** Whether nodes of real Fabric run that a killed network process left behind. */
export async function leftNodes(engine: EngineName, dataDir: string): Promise<boolean> {
  if (engine === 'embedded') return false;
  const { dockerState, nativeState } = await import('./fabric.js');
  const state = await (engine === 'docker' ? dockerState : nativeState)(dataDir);
  return state === 'running' || state === 'partly running';
}

/**
 * Requires that no service manager and no container runs nodes of a data directory, which the caller holds.
 *
 * @param whatThen What the user can do when they have ended.
 * @throws FabricError `NODES_RUN`, naming a node and who runs it
 */
export async function requireNoOthersNodes(dataDir: string, whatThen: string): Promise<void> {
  await (await import('./common/nodes/othersNodes.js')).requireNoOthersNodes(dataDir, whatThen);
}

/** All files that the embedded network ever writes. */
const EMBEDDED_ENTRIES = ['chaincodes', 'channels', 'crypto-config', 'logs', 'ports.json'];

/**
 * Deletes the data of a network that does not run: keys, ledgers, logs. Other files in the directory are not touched.
 *
 * @throws DataDirectoryInUse when it runs
 */
export async function resetEngine(engine: EngineName, dataDir: string): Promise<void> {
  if (engine !== 'embedded') {
    const { resetDocker, resetNative } = await import('./fabric.js');
    await (engine === 'docker' ? resetDocker : resetNative)(dataDir);
    return;
  }
  await deleteUnderLock(dataDir, async () => {
    await requireNoOthersNodes(dataDir, 'reset it then');
    await removeAll(EMBEDDED_ENTRIES.map((entry) => join(dataDir, entry)));
  });
}
