import { join } from 'node:path';
import { environmentOf, packageIdOf, serviceName, type ChaincodeEnvironment } from '../../chaincode/index.js';
import type { Log } from '../../system/log.js';
import type { ChaincodeDeployment, MemberOrganisation } from '../../topology/index.js';
import { ChaincodeService, type Endorser } from './peer/index.js';

/** A peer, as far as its chaincodes need it. */
export interface ChaincodePeer {
  readonly organisation: MemberOrganisation;
  /** Its full name. */
  readonly host: string;
  readonly endorser: Endorser;
}

/** Common options of the services of all chaincodes. */
export interface ServiceOptions {
  /** Folder of their logs. */
  readonly logs: string;
  /** Folder of the keys of processes during their start. */
  readonly keyDir: string;
  readonly environment: ChaincodeEnvironment;
  readonly executeTimeoutMs: number;
  readonly log: Log;
}

/** A chaincode of the network: a service for each peer, so that endorsements of two peers never come from one process. */
export class DeployedChaincode {
  /** `label:sha256`; every member has the same package. */
  readonly packageId: string;
  readonly #options: ServiceOptions;
  readonly #services = new Map<Endorser, ChaincodeService>();
  #deployment: ChaincodeDeployment;

  /** @throws ChaincodeStartError when there is nothing that could be started */
  constructor(deployment: ChaincodeDeployment, options: ServiceOptions) {
    this.#deployment = deployment;
    this.#options = options;
    this.packageId = packageIdOf(deployment);
  }

  get deployment(): ChaincodeDeployment {
    return this.#deployment;
  }

  /** Switches to another definition with the same package. */
  define(next: ChaincodeDeployment): void {
    this.#deployment = next;
    for (const service of this.#services.values()) service.deployment = next;
  }

  /** The service of a peer, which starts with the first transaction. */
  serviceOf(peer: ChaincodePeer): ChaincodeService {
    const { organisation, endorser } = peer;
    const known = this.#services.get(endorser);
    if (known) return known;
    const { logs, keyDir, environment, executeTimeoutMs, log } = this.#options;
    const service = new ChaincodeService({
      deployment: this.#deployment,
      packageId: this.packageId,
      endorser,
      environment: environmentOf(this.#deployment, organisation.mspId, environment),
      logFile: join(logs, `${this.#nameFor(peer)}.log`),
      keyDir,
      executeTimeoutMs,
      log,
    });
    this.#services.set(endorser, service);
    return service;
  }

  /** Whether a peer's service runs. */
  isInUseBy({ endorser }: ChaincodePeer): boolean {
    return this.#services.get(endorser)?.isInUse === true;
  }

  /** Stops the services of all other peers. */
  async keep(peers: readonly ChaincodePeer[]): Promise<void> {
    const staying = new Set(peers.map(({ endorser }) => endorser));
    const leaving = [...this.#services].filter(([endorser]) => !staying.has(endorser));
    for (const [endorser] of leaving) this.#services.delete(endorser);
    await Promise.all(leaving.map(([, service]) => service.stop()));
  }

  /** Stops every service as soon as no transaction runs on it any more. */
  async retire(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.retire()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
  }

  /** A member's only service is called as on real Fabric, where each member has one. */
  #nameFor({ organisation, host }: ChaincodePeer): string {
    const isOnly = organisation.peers.length === 1;
    return serviceName(this.#deployment, isOnly ? organisation : { domain: host });
  }
}
