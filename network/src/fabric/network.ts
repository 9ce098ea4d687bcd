import type { Log, OrganisationEndpoint } from '../embedded/index.js';
import type { AuthorityKind } from '../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from '../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import type { OrdererHandle, PeerHandle } from './nodes.js';

/** How a network of native processes is started. */
export interface NativeOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, configuration, ledgers, logs. Created when missing. */
  readonly dataDir: string;
  /** `configured` listens on the ports of the consortium; `free` lets the system choose, once for a data directory. */
  readonly ports: 'configured' | 'free';
  /** Folder with Fabric's `peer` and `orderer`; default: they are looked for on PATH. */
  readonly fabricBin?: string;
  /** Chaincodes beside those of the consortium. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  readonly log?: Log;
}

/** One process or container of a network; faults are made with it, and mended. */
export interface NodeProcess {
  /** `orderer1.orderer.nmi-north.example`, `peer0.lab-alpha.example`, or a chaincode with its version. */
  readonly name: string;
  readonly kind: 'orderer' | 'peer' | 'chaincode';
  /** Containers have none here. */
  readonly pid: number | undefined;
  readonly running: boolean;
  readonly logFile: string;
  /** `127.0.0.1:9443`: health and metrics (Prometheus) over plain HTTP; chaincode services have none. */
  readonly operations?: string;
  start(): Promise<void>;
  /** Who sends a signal here looks after it himself: it is not started again when it ends. */
  kill(signal: NodeJS.Signals): void;
}

/** A running network of real Fabric, in processes or in containers. */
export interface FabricNetwork {
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  readonly processes: readonly NodeProcess[];
  /** The peers with their administrators, to act on the network with the functions of `admin`. */
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
  /**
   * Deploys a chaincode, or the next sequence of one, and resolves when it is ready. The service of the version before
   * serves until the new one is committed.
   */
  deploy(chaincode: ChaincodeDeployment): Promise<void>;
  /**
   * Makes the running network that of another description: organisations come and go by signed updates of the channels'
   * configurations, new peers join, and chaincodes with a higher sequence get their new definitions. When it is interrupted,
   * it may be done again. Channels and orderers stay as they are.
   *
   * @param how new peers join from the genesis blocks, with all blocks there ever were, unless it says from snapshots.
   * @throws FabricError `OTHER_CONSORTIUM` when channels or orderers differ; ChannelError `UPDATE_REFUSED`; AdminError
   */
  reconfigure(consortium: Consortium, how?: ChangeOptions): Promise<void>;
  /**
   * Brings a chaincode that is deployed already to another definition, by the next sequence. Failing, it leaves the chaincode
   * as it stood on all channels that have not committed the new definition.
   *
   * @throws UpgradeError, FabricError, AdminError
   */
  upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade>;
  /**
   * Gives a member a new CA while the network runs: the new root enters all channels beside the old one, its nodes and users
   * get new certificates (for the same keys from an identity CA, with new keys for TLS), and the old root leaves. Its own
   * peers are restarted. When it is interrupted, it may be done again.
   *
   * @throws RotationError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new keys and certificates, for its identity and for TLS, while the others go on: all channels learn of
   * them, and then it is restarted.
   *
   * @param name its full name: `orderer1.orderer.nmi-north.example`.
   * @throws RotationError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateOrderer(name: string): Promise<void>;
  /** Resolves when every organisation is discoverable again for every chaincode on every channel it belongs to. */
  ready(timeoutMs?: number): Promise<void>;
  /** Ends every process, chaincode and peers first. Safe to call twice. */
  stop(): Promise<void>;
}

/** A process of a network, seen from any process. */
export interface ProcessStatus {
  readonly name: string;
  /** None while it does not run. */
  readonly pid: number | undefined;
  /** How often it has ended by itself and was started again. */
  readonly restarts: number;
  /** How it ended last by itself, and when: `SIGKILL, 2026-11-22T20:15:00.000Z`. */
  readonly lastEnd: string | undefined;
}

/** What runs on a data directory, seen from any process. */
export interface NativeStatus {
  readonly state: 'absent' | 'stopped' | 'running' | 'partly running';
  readonly processes: readonly ProcessStatus[];
}
