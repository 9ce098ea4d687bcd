import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ChaincodeDeployment, Consortium } from '../topology/index.js';
import { DeploymentError } from './definitions.js';
import type { Log } from '../log.js';
import { ChaincodeService, type Endorser } from './peer/index.js';

export interface ChaincodesOptions {
  /** Where their output goes. */
  readonly logs: string;
  readonly executeTimeoutMs: number;
  readonly log: Log;
  /** The endorsers of the members of these channels. */
  readonly endorsersOn: (channels: readonly string[]) => readonly Endorser[];
}

/** The chaincodes of a network: a service each. */
export class Chaincodes {
  readonly #options: ChaincodesOptions;
  #services: readonly ChaincodeService[] = [];

  constructor(options: ChaincodesOptions) {
    this.#options = options;
  }

  /** Starts further ones; {@link started} says when they run. @throws ChaincodeStartError when there is nothing to start */
  start(deployments: readonly ChaincodeDeployment[]): void {
    for (const deployment of deployments) this.#services = [...this.#services, this.#start(deployment)];
  }

  /** @throws ChaincodeStartError when one that is started here ended instead */
  async started(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.started));
  }

  /** What runs on a channel, by name. */
  on(channelId: string): ReadonlyMap<string, ChaincodeService> {
    const here = this.#services.filter(({ channels }) => channels.includes(channelId));
    return new Map(here.map((service) => [service.name, service]));
  }

  /** The service of a chaincode that was started. */
  serviceOf({ name, channels }: ChaincodeDeployment): ChaincodeService {
    const found = this.#services.find(
      (service) => service.name === name && isDeepStrictEqual(service.channels, channels),
    );
    if (!found) throw new Error(`${name} has no service`);
    return found;
  }

  /** Gives every service streams to endorsers that have come since. */
  async meet(newcomers: readonly Endorser[]): Promise<void> {
    await Promise.all(
      this.#services.flatMap((service) =>
        this.#options
          .endorsersOn(service.channels)
          .filter((endorser) => newcomers.includes(endorser))
          .map((endorser) => service.addEndorser(endorser)),
      ),
    );
  }

  /** Takes the streams to endorsers that have gone from every service. */
  part(leavers: readonly Endorser[]): void {
    for (const service of this.#services) for (const endorser of leavers) service.removeEndorser(endorser);
  }

  /**
   * The service of the next version, running and registered beside the one before; the same one where the package is the same.
   * @throws ChaincodeStartError
   */
  async successor(before: ChaincodeService, next: ChaincodeDeployment, packageId: string): Promise<ChaincodeService> {
    if (before.packageId === packageId) {
      before.deployment = next;
      return before;
    }
    const after = this.#start(next);
    try {
      await after.registered();
      return after;
    } catch (error) {
      await after.stop();
      throw error;
    }
  }

  replace(before: ChaincodeService, after: ChaincodeService): void {
    this.#services = this.#services.map((service) => (service === before ? after : service));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
  }

  #start(deployment: ChaincodeDeployment): ChaincodeService {
    const { logs, executeTimeoutMs, log, endorsersOn } = this.#options;
    mkdirSync(logs, { recursive: true });
    const service = new ChaincodeService({
      deployment,
      endorsers: endorsersOn(deployment.channels),
      logFile: join(logs, `${deployment.name}-${deployment.channels.join('-')}.log`),
      executeTimeoutMs,
      log,
    });
    service.start();
    return service;
  }
}

/** @throws DeploymentError when a chaincode names a channel that the consortium does not have, or a name twice on one */
export function checkDeployments(consortium: Consortium, deployments: readonly ChaincodeDeployment[]): void {
  const taken = new Set<string>();
  for (const { name, channels } of deployments) {
    for (const channel of channels) {
      if (!consortium.channels.some((candidate) => candidate.name === channel)) {
        throw new DeploymentError(`The chaincode ${name} names the channel ${channel}, which does not exist.`);
      }
      const place = `${name} on channel ${channel}`;
      if (taken.has(place)) throw new DeploymentError(`There are two chaincodes ${place}: give one another name.`);
      taken.add(place);
    }
  }
}
