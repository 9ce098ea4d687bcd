import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requestsFolder } from './control/files.js';
import type { OrganisationEndpoint } from './embedded/index.js';
import type { Log } from './embedded/index.js';
import type { ProcessStatus } from './fabric/index.js';
import type { AuthorityKind } from './pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from './topology/index.js';
import type { Upgrade } from './upgrade.js';

export { UpgradeError, type Upgrade } from './upgrade.js';
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
  readonly log: Log;
  /** Native only: folder with Fabric's `peer` and `orderer`. */
  readonly fabricBin?: string;
}

/** A network that some engine runs. */
export interface StartedNetwork {
  readonly organisations: readonly OrganisationEndpoint[];
  readonly cryptoDir: string;
  /** Makes the running network that of another description: organisations come and go. */
  reconfigure(consortium: Consortium, how?: ChangeOptions): Promise<void>;
  /**
   * Brings a chaincode of the description to another version, policy or collections, by the next sequence: every member's
   * peers have the package and every member has approved before it is committed; the service of the version before serves
   * until then. Failing, it leaves the chaincode as it stood; when it is interrupted, it may be done again.
   *
   * @throws UpgradeError when it cannot be from where the chaincode stands (`nextDefinition` decides, for every engine)
   */
  upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade>;
  /**
   * Gives a member a new CA while the network runs: the new root enters all channels beside the old one, its nodes and users
   * get new certificates, and the old root leaves. When it is interrupted, it may be done again.
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new keys and certificates, for its identity and for TLS, which all channels learn of.
   *
   * @param name its full name: `orderer1.orderer.nmi-north.example`.
   */
  rotateOrderer(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Brings a network up; what it throws depends on the engine, and its message says what to do. */
export async function startEngine(engine: EngineName, options: EngineOptions): Promise<StartedNetwork> {
  // Each engine brings its libraries along: only the one that is asked for is loaded.
  switch (engine) {
    case 'embedded':
      return (await import('./embedded/index.js')).startEmbedded(options);
    case 'native':
      return (await import('./fabric/index.js')).startNative(options);
    case 'docker':
      return (await import('./fabric/index.js')).startDocker(options);
  }
}

/**
 * Ends what a network's process leaves behind when it is killed: real Fabric's nodes.
 *
 * @returns Whether something still ran.
 */
export async function endEngine(engine: EngineName, dataDir: string): Promise<boolean> {
  if (engine === 'embedded') return false;
  const { dockerStatus, nativeStatus, stopDocker, stopNative } = await import('./fabric/index.js');
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
  return (await (await import('./fabric/index.js')).nativeStatus(dataDir)).processes;
}

/** All that the embedded network ever writes. */
const EMBEDDED_ENTRIES = ['channels', 'crypto-config', 'lock', 'logs', 'network.pid'];

/** Deletes the data of a network that does not run: keys, ledgers, logs. Other files in the directory are not touched. */
export async function resetEngine(engine: EngineName, dataDir: string): Promise<void> {
  await rm(requestsFolder(dataDir), { recursive: true, force: true });
  if (engine !== 'embedded') {
    const { resetDocker, resetNative } = await import('./fabric/index.js');
    await (engine === 'docker' ? resetDocker : resetNative)(dataDir);
    return;
  }
  await Promise.all(EMBEDDED_ENTRIES.map((entry) => rm(join(dataDir, entry), { recursive: true, force: true })));
}
