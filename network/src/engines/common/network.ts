import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { DirectoryLock } from '../../running/control/index.js';
import type { Log } from '../../system/log.js';
import type { Ports } from '../../system/ports.js';
import type { StartedNetwork } from '../../running/startedNetwork.js';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';
import type { OrdererHandle, PeerHandle } from './nodes/nodes.js';

/** Options of a network of native processes. */
export interface NativeOptions {
  readonly consortium: Consortium;
  /** Directory of all its files: crypto-config tree, configuration, ledgers, logs. Created if missing. */
  readonly dataDir: string;
  /** Ports are chosen once for a data directory: by its first successful start. */
  readonly ports: Ports;
  /** Folder with Fabric's `peer` and `orderer`; by default they are found on PATH. */
  readonly fabricBin?: string;
  /** Chaincodes beside those of the consortium. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  readonly log?: Log;
  /** The lock of the data directory, if the caller holds it; otherwise the network takes it while it runs. */
  readonly lock?: DirectoryLock;
  /** Cancels the start. */
  readonly signal?: AbortSignal;
}

/** One process or container of a network; tests use it to cause and repair faults. */
export interface NodeProcess {
  /** `orderer1.orderer.nmi-north.example`, `peer0.lab-alpha.example`, or a member's chaincode: `registry.lab-alpha.example@1.0`. */
  readonly name: string;
  readonly kind: 'orderer' | 'peer' | 'chaincode';
  /** Undefined for containers. */
  readonly pid: number | undefined;
  readonly running: boolean;
  readonly logFile: string;
  /**
   * `127.0.0.1:9443`: health and metrics (Prometheus), over HTTPS for clients with a certificate of the node's own TLS authority. Chaincode
   * services have no such endpoint, and containers do not publish it. On the described `operationsPort`, it is at the node's host.
   */
  readonly operations?: string;
  start(): Promise<void>;
  /** Sends a signal. The node is then not restarted automatically: the caller is responsible for it. */
  kill(signal: NodeJS.Signals): void;
}

/** A running network of real Fabric, in processes or in containers. */
export interface FabricNetwork extends StartedNetwork {
  readonly processes: readonly NodeProcess[];
  /** The peers with their administrators, to act on the network with the functions of `admin`. */
  readonly peers: readonly PeerHandle[];
  readonly orderers: readonly OrdererHandle[];
  /**
   * Deploys a chaincode, or the next sequence of one, and resolves when it is ready. The services of the previous version run until the new
   * one is committed.
   */
  deploy(chaincode: ChaincodeDeployment): Promise<void>;
  /** Resolves when every organisation is discoverable again for every chaincode on every channel that it belongs to. */
  ready(timeoutMs?: number): Promise<void>;
}

/** The state of a data directory's network, as any process sees it. */
export type NetworkState = 'absent' | 'stopped' | 'running' | 'partly running';
