import { mkdirSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';
import { DeployedChaincode, type ChaincodePeer, type ServiceOptions } from './deployedChaincode.js';
import { DeploymentError } from '../../channel/definitions.js';
import type { ChaincodeService } from './peer/index.js';

/** Number of members of whom a service is started in advance: the first write of a new network needs more than one endorsement. */
const STARTED_AHEAD = 2;

export interface ChaincodesOptions extends ServiceOptions {
  /** The peers that run a chaincode. */
  readonly peersRunning: (deployment: ChaincodeDeployment) => readonly ChaincodePeer[];
}

/** The chaincodes of a network. */
export class Chaincodes {
  readonly #options: ChaincodesOptions;
  #deployed: readonly DeployedChaincode[] = [];
  #isStopping = false;

  constructor(options: ChaincodesOptions) {
    this.#options = options;
  }

  /**
   * Adds chaincodes.
   * @throws ChaincodeStartError when there is nothing to start
   */
  add(deployments: readonly ChaincodeDeployment[]): void {
    const { logs, keyDir } = this.#options;
    mkdirSync(logs, { recursive: true });
    // A network that was killed while a chaincode started leaves the key of its process.
    rmSync(keyDir, { recursive: true, force: true });
    this.#deployed = [...this.#deployed, ...deployments.map((one) => new DeployedChaincode(one, this.#options))];
  }

  /** A peer's services on a channel, by chaincode. */
  on(channelId: string, peer: ChaincodePeer): ReadonlyMap<string, ChaincodeService> {
    const here = this.#deployed.filter(({ deployment }) => deployment.channels.includes(channelId));
    return new Map(here.map((chaincode) => [chaincode.deployment.name, chaincode.serviceOf(peer)]));
  }

  /** The chaincode that was deployed like this. */
  deployedAs({ name, channels }: ChaincodeDeployment): DeployedChaincode {
    const found = this.#deployed.find(
      ({ deployment }) => deployment.name === name && isDeepStrictEqual(deployment.channels, channels),
    );
    if (!found) throw new Error(`${name} is not deployed`);
    return found;
  }

  /** Starts the first chaincode for the first peers of the first members of the description, one after the other, before the first transaction. */
  async startAhead(): Promise<void> {
    const [first] = this.#deployed;
    if (!first) return;
    for (const peer of firstPeers(this.#options.peersRunning(first.deployment)).slice(0, STARTED_AHEAD)) {
      if (this.#isStopping) return;
      // The service logs the error; the transaction that needs it gets it again.
      await first
        .serviceOf(peer)
        .ready()
        .catch(() => undefined);
    }
  }

  /** Stops the services of peers that have left. */
  async part(): Promise<void> {
    await Promise.all(
      this.#deployed.map((chaincode) => chaincode.keep(this.#options.peersRunning(chaincode.deployment))),
    );
  }

  /**
   * The next version, which runs beside the previous one for every peer that uses that, and for at least one; the same version if the
   * package is the same.
   * @throws ChaincodeStartError
   */
  async successor(before: DeployedChaincode, next: ChaincodeDeployment, packageId: string): Promise<DeployedChaincode> {
    if (before.packageId === packageId) {
      before.define(next);
      return before;
    }
    const after = new DeployedChaincode(next, this.#options);
    const peers = this.#options.peersRunning(next);
    const inUse = peers.filter((peer) => before.isInUseBy(peer));
    try {
      for (const peer of inUse.length > 0 ? inUse : peers.slice(0, 1)) await after.serviceOf(peer).ready();
      return after;
    } catch (error) {
      await after.stop();
      throw error;
    }
  }

  replace(before: DeployedChaincode, after: DeployedChaincode): void {
    this.#deployed = this.#deployed.map((chaincode) => (chaincode === before ? after : chaincode));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#deployed.map((chaincode) => chaincode.stop()));
  }
}

/** The first peer of each member. */
export function firstPeers<T extends Pick<ChaincodePeer, 'organisation'>>(peers: readonly T[]): readonly T[] {
  return peers.filter(
    ({ organisation: { id } }, index) => peers.findIndex(({ organisation }) => organisation.id === id) === index,
  );
}

/** @throws DeploymentError when a chaincode names a channel that does not exist, or two on one channel have the same name */
export function checkDeployments(consortium: Consortium, deployments: readonly ChaincodeDeployment[]): void {
  const taken = new Set<string>();
  for (const { name, channels } of deployments) {
    for (const channel of channels) {
      if (!consortium.channels.some((candidate) => candidate.name === channel)) {
        throw new DeploymentError(`The chaincode ${name} names the channel ${channel}, which does not exist.`);
      }
      const place = `${name} on channel ${channel}`;
      if (taken.has(place)) throw new DeploymentError(`There are two chaincodes ${place}: rename one of them.`);
      taken.add(place);
    }
  }
}
