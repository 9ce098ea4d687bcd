import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { DirectoryLock } from '../../running/control/index.js';
import type { Log } from '../../system/log.js';
import type { Ports } from '../../system/ports.js';
import type { StartedNetwork } from '../../running/startedNetwork.js';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';
import type { OrdererHandle, PeerHandle } from './nodes/nodes.js';

/** How a network of native processes is started. */
export interface NativeOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, configuration, ledgers, logs. Created when missing. */
  readonly dataDir: string;
  /** They are chosen once for a data directory: by the first start that comes to a good end. */
  readonly ports: Ports;
  /** Folder with Fabric's `peer` and `orderer`; default: they are looked for on PATH. */
  readonly fabricBin?: string;
  /** Chaincodes beside those of the consortium. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  readonly log?: Log;
  /** The lock of the data directory where the caller holds it; otherwise the network does while it runs. */
  readonly lock?: DirectoryLock;
  /** Gives up on starting. */
  readonly signal?: AbortSignal;
}

/** One process or container of a network; faults are made with it, and mended. */
export interface NodeProcess {
  /** `orderer1.orderer.nmi-north.example`, `peer0.lab-alpha.example`, or a member's chaincode: `registry.lab-alpha.example@1.0`. */
  readonly name: string;
  readonly kind: 'orderer' | 'peer' | 'chaincode';
  /** Containers have none here. */
  readonly pid: number | undefined;
  readonly running: boolean;
  readonly logFile: string;
  /**
   * `127.0.0.1:9443`: health and metrics (Prometheus), over HTTPS for those with a certificate of the node's own TLS authority.
   * Chaincode services have none, and containers keep it to themselves.
   */
  readonly operations?: string;
  start(): Promise<void>;
  /** Who sends a signal here looks after it himself: it is not started again when it ends. */
  kill(signal: NodeJS.Signals): void;
}

/** A running network of real Fabric, in processes or in containers. */
export interface FabricNetwork extends StartedNetwork {
  readonly processes: readonly NodeProcess[];
  /** The peers with their administrators, to act on the network with the functions of `admin`. */
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
  /**
   * Deploys a chaincode, or the next sequence of one, and resolves when it is ready. The services of the version before
   * serve until the new one is committed.
   */
  deploy(chaincode: ChaincodeDeployment): Promise<void>;
  /** Resolves when every organisation is discoverable again for every chaincode on every channel it belongs to. */
  ready(timeoutMs?: number): Promise<void>;
}

/** What runs on a data directory, seen from any process. */
export type NetworkState = 'absent' | 'stopped' | 'running' | 'partly running';
