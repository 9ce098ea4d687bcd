import type { ChaincodePackage } from '../../../admin/index.js';
import type { ChaincodeDeployment, Consortium } from '../../../topology/index.js';
import type { SupervisedProcess } from '../../../running/startedNetwork.js';
import type { NodeProcess } from '../network.js';
import type { Placement } from '../places/placement.js';

/** A chaincode ready to be installed. */
export interface PackagedChaincode {
  readonly deployment: ChaincodeDeployment;
  /**
   * The package that each member's peers install and the member approves, by organisation id: it names the member's own service and its
   * key.
   */
  readonly packages: ReadonlyMap<string, ChaincodePackage>;
}

/** Runs a network's nodes and chaincode services as processes of this machine, or as containers. */
export interface Runner {
  /** Everything that it runs. */
  readonly processes: readonly NodeProcess[];
  /** The processes that it restarts itself. */
  readonly supervised: readonly SupervisedProcess[];
  /**
   * Packages a chaincode for its members, always in the same way; nothing is started.
   *
   * @throws FabricError `BAD_CHAINCODE`
   */
  package(consortium: Consortium, deployment: ChaincodeDeployment): Promise<PackagedChaincode>;
  /**
   * Runs exactly these nodes and the services of these chaincodes: new ones are started, unlisted ones are stopped, the others are left
   * alone. A chaincode has a service for each of its members; two versions of one may be listed, with a service for each.
   *
   * @throws FabricError `PORT_TAKEN`, `BAD_CHAINCODE`, `PROCESS_ENDED`, `NOT_READY`, `DOCKER_FAILED`
   */
  run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]>;
  /**
   * Stops a node in order and starts it again: nodes read their certificates only at the start.
   *
   * @param why The reason, if nobody requested it.
   */
  restart(name: string, why?: string): Promise<void>;
  /**
   * Stops nodes in order, does some work, and starts them again, also if the work fails. They may not answer yet when this resolves.
   *
   * @throws FabricError `NOT_COPIED` where nodes are not processes of this machine
   */
  whileStopped(names: readonly string[], work: () => Promise<void>): Promise<void>;
  /**
   * Resolves when a check of a node holds.
   *
   * @throws FabricError `PROCESS_ENDED` or `NOT_READY`, with the last lines of its log.
   */
  waitFor(name: string, check: () => Promise<boolean>): Promise<void>;
  /** Stops everything, chaincodes and peers first. */
  stop(): Promise<void>;
}
