import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { DirectoryLock } from '../../running/control/index.js';
import type { Log } from '../../system/log.js';
import type { Ports } from '../../system/ports.js';
import type { MessageBudget } from './rpc/index.js';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';

/** Options of an embedded network. */
export interface EmbeddedOptions {
  readonly consortium: Consortium;
  /** Directory of all its files: crypto-config tree, ledgers, chaincode logs, lock. Created if missing. */
  readonly dataDir: string;
  /** Chosen free ports are saved: the next start uses them again, unless it asks for the configured ones. */
  readonly ports: Ports;
  /** Chaincodes beside those of the consortium, usually services that somebody else runs. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  /** The peers' clock, in milliseconds since the epoch; injectable for tests of the time window and of expiry. */
  readonly clock?: () => number;
  readonly log?: Log;
  /** The lock of the data directory, if the caller holds it; otherwise the network takes it while it runs. */
  readonly lock?: DirectoryLock;
  /** Cancels the start. */
  readonly signal?: AbortSignal;
  /** How long a chaincode may take for one transaction; Fabric's 30 seconds unless given. */
  readonly executeTimeoutMs?: number;
  /** How long a gateway waits for an evaluation of another peer; the 3 seconds of core.yaml unless given. */
  readonly endorsementTimeoutMs?: number;
  /** Limit for messages of callers whose signatures are not checked yet; by default 128 MiB. */
  readonly budget?: MessageBudget;
}
