import type { ChaincodePackage } from '../../../admin/index.js';
import type { ChaincodeDeployment, Consortium } from '../../../topology/index.js';
import type { SupervisedProcess } from '../../../running/startedNetwork.js';
import type { NodeProcess } from '../network.js';
import type { Placement } from '../places/placement.js';

/** A chaincode ready to be installed. */
export interface PackagedChaincode {
  readonly deployment: ChaincodeDeployment;
  /** What each member's peers install and what it approves, by organisation id: where its own service is, and the key to that. */
  readonly packages: ReadonlyMap<string, ChaincodePackage>;
}

/** What a network's nodes and chaincode services run as: processes of this machine, or containers. */
export interface Runner {
  /** All that it runs. */
  readonly processes: readonly NodeProcess[];
  /** Those among them that it looks after itself. */
  readonly supervised: readonly SupervisedProcess[];
  /**
   * Packages a chaincode for its members, the same way every time; nothing is started.
   *
   * @throws FabricError `BAD_CHAINCODE`
   */
  package(consortium: Consortium, deployment: ChaincodeDeployment): Promise<PackagedChaincode>;
  /**
   * Runs these nodes and the services of these chaincodes, and nothing else: what is new is started, what is not named any
   * more is ended, what is there is left alone. A chaincode has a service for each of its members; two versions of one may be
   * named, and have services of their own.
   *
   * @throws FabricError `PORT_TAKEN`, `BAD_CHAINCODE`, `PROCESS_ENDED`, `NOT_READY`, `DOCKER_FAILED`
   */
  run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]>;
  /**
   * Ends a node in order and starts it again: nodes read their certificates at the start alone.
   *
   * @param why when nobody has asked for that.
   */
  restart(name: string, why?: string): Promise<void>;
  /**
   * Resolves when a check of a node holds.
   *
   * @throws FabricError `PROCESS_ENDED` or `NOT_READY`, with the last lines that it wrote.
   */
  waitFor(name: string, check: () => Promise<boolean>): Promise<void>;
  /** Ends everything, chaincodes and peers first. */
  stop(): Promise<void>;
}
