import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { DirectoryLock } from '../../running/control/index.js';
import type { Log } from '../../system/log.js';
import type { Ports } from '../../system/ports.js';
import type { MessageBudget } from './rpc/index.js';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';

/** How an embedded network is started. */
export interface EmbeddedOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, ledgers, chaincode logs, lock. Created when missing. */
  readonly dataDir: string;
  /** Free ones are kept: the next start listens there again, unless it asks for those that are configured. */
  readonly ports: Ports;
  /** Chaincodes beside those of the consortium, usually services that somebody else runs. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  /** The peers' clock, in milliseconds since the epoch; injectable for tests of the time window and of expiry. */
  readonly clock?: () => number;
  readonly log?: Log;
  /** The lock of the data directory where the caller holds it; otherwise the network does while it runs. */
  readonly lock?: DirectoryLock;
  /** Gives up on starting. */
  readonly signal?: AbortSignal;
  /** How long a chaincode may take for one transaction; Fabric's 30 seconds unless given. */
  readonly executeTimeoutMs?: number;
  /** What its peers hold of callers whose signatures are not checked yet; one of 128 MiB unless given. */
  readonly budget?: MessageBudget;
}
