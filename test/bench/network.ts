import { DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import type { Measurement, TraceCal } from '@tracecal/gateway-client';
import { Application } from '../support/application.js';
import type { EngineName } from '../support/engine.js';
import { embeddedEngine } from '../support/engineEmbedded.js';
import { dockerEngine, nativeEngine } from '../support/engineFabric.js';
import { Hierarchy, presentDates } from '../support/hierarchy.js';
import { REGISTRY, RegistryNetwork } from '../support/registryNetwork.js';

const ENGINES = { embedded: embeddedEngine, native: nativeEngine, docker: dockerEngine };

interface Submitter {
  readonly application: Application;
  readonly ledger: Ledger;
}

/** A network under measurement, in processes of its own, with a connection an organisation. Its registry is founded, no more. */
export class BenchNetwork {
  readonly registry: RegistryNetwork;
  readonly #submitters = new Map<string, Submitter>();

  private constructor(registry: RegistryNetwork) {
    this.registry = registry;
  }

  static async start(engine: EngineName): Promise<BenchNetwork> {
    const hierarchy = new Hierarchy(undefined, presentDates());
    await hierarchy.found({ institutes: ['nmi-north', 'nmi-south', 'nmi-east'] });
    const registry = await RegistryNetwork.start(hierarchy, { engine: ENGINES[engine] });
    await registry.submitNew();
    return new BenchNetwork(registry);
  }

  get engine(): EngineName {
    return this.registry.network.engine;
  }

  /** Stops and starts it with its data: what chaincode processes remembered is forgotten. */
  async restart(): Promise<void> {
    this.#disconnect();
    await this.registry.restart();
  }

  async stop(): Promise<void> {
    this.#disconnect();
    await this.registry.stop();
  }

  as(organisation: string): Promise<TraceCal> {
    return this.registry.as(organisation);
  }

  /** A transaction of the registry that reads and writes nothing, from endorsement to commit. */
  async submitNothing(organisation: string): Promise<void> {
    const submitter = this.#submitters.get(organisation) ?? this.#submitter(organisation);
    this.#submitters.set(organisation, submitter);
    // As the SDK submits: it names its endorsers, and asks what became of what orderers refuse and order all the same.
    await submitter.ledger.submit('ping', {});
  }

  /** A site's measurement compartment, as its operator; to be closed by the caller. */
  measurement(channel: string, organisation: string): Promise<Measurement> {
    return this.registry.measurement(channel, organisation);
  }

  #submitter(organisation: string): Submitter {
    const application = new Application(this.registry.network, organisation);
    return { application, ledger: new Ledger(application.gateway, REGISTRY, DEFAULT_LIMITS) };
  }

  #disconnect(): void {
    for (const { application } of this.#submitters.values()) application.close();
    this.#submitters.clear();
  }
}
