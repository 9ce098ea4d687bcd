import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChaincodeEnvironment } from '../chaincode/index.js';
import { requestsFolder } from '../running/control/files.js';
import type { ProcessStatus } from './fabric.js';
import type { Log } from '../system/log.js';
import type { StartedNetwork } from '../running/startedNetwork.js';
import type { ChaincodeDeployment, Consortium } from '../topology/index.js';

export type { ChaincodeEnvironment } from '../chaincode/index.js';
export type { OrganisationEndpoint, StartedNetwork } from '../running/startedNetwork.js';
export { processBeginning, processCommand } from '../system/processBeginning.js';
export { UpgradeError, type Upgrade } from '../running/upgrade.js';
export type { ProcessStatus };

/** What a consortium can run on. */
export const ENGINES = ['embedded', 'native', 'docker'] as const;
export type EngineName = (typeof ENGINES)[number];

/** What every engine is started with. */
export interface EngineOptions {
  readonly consortium: Consortium;
  readonly dataDir: string;
  readonly ports: 'configured' | 'free';
  readonly chaincodes: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  readonly log: Log;
  /** Native only: folder with Fabric's `peer` and `orderer`. */
  readonly fabricBin?: string;
}

/** Brings a network up; what it throws depends on the engine, and its message says what to do. */
export async function startEngine(engine: EngineName, options: EngineOptions): Promise<StartedNetwork> {
  // Each engine brings its libraries along: only the one that is asked for is loaded.
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
 * Ends what a network's process leaves behind when it is killed: real Fabric's nodes.
 *
 * @returns Whether something still ran.
 */
export async function endEngine(engine: EngineName, dataDir: string): Promise<boolean> {
  if (engine === 'embedded') return false;
  const { dockerStatus, nativeStatus, stopDocker, stopNative } = await import('./fabric.js');
  if (engine === 'docker') {
    const before = await dockerStatus(dataDir);
    await stopDocker(dataDir);
    return before === 'running';
  }
  const { state } = await nativeStatus(dataDir);
  await stopNative(dataDir);
  return state === 'running' || state === 'partly running';
}

/** The processes of a network that its own process looks after; none where there are none, or somebody else does. */
export async function supervisedProcesses(engine: EngineName, dataDir: string): Promise<readonly ProcessStatus[]> {
  if (engine !== 'native') return [];
  return (await (await import('./fabric.js')).nativeStatus(dataDir)).processes;
}

/** All that the embedded network ever writes. */
const EMBEDDED_ENTRIES = ['chaincodes', 'channels', 'crypto-config', 'lock', 'logs', 'network.pid'];

/** Deletes the data of a network that does not run: keys, ledgers, logs. Other files in the directory are not touched. */
export async function resetEngine(engine: EngineName, dataDir: string): Promise<void> {
  await rm(requestsFolder(dataDir), { recursive: true, force: true });
  if (engine !== 'embedded') {
    const { resetDocker, resetNative } = await import('./fabric.js');
    await (engine === 'docker' ? resetDocker : resetNative)(dataDir);
    return;
  }
  await Promise.all(EMBEDDED_ENTRIES.map((entry) => rm(join(dataDir, entry), { recursive: true, force: true })));
}
