import { connect, connectMeasurement, DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import type { Measurement, TraceCal } from '@tracecal/gateway-client';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { Application } from '../support/application.js';
import type { EngineName, EngineNetwork } from '../support/engine.js';
import { embeddedEngine } from '../support/engineEmbedded.js';
import { dockerEngine, nativeEngine } from '../support/engineFabric.js';

const ENGINES = { embedded: embeddedEngine, native: nativeEngine, docker: dockerEngine };
const REGISTRY = { channel: 'calibration', chaincode: 'registry' };

/** A network under measurement, in processes of its own, with a connection an organisation. */
export class BenchNetwork {
  readonly #network: EngineNetwork;
  readonly #members = new Map<string, TraceCal>();
  readonly #applications = new Map<string, Application>();

  private constructor(network: EngineNetwork) {
    this.#network = network;
  }

  static async start(engine: EngineName): Promise<BenchNetwork> {
    return new BenchNetwork(await ENGINES[engine].start(readConsortium(defaultConsortiumFile())));
  }

  get engine(): EngineName {
    return this.#network.engine;
  }

  /** Stops and starts it with its data: what chaincode processes remembered is forgotten. */
  async restart(): Promise<void> {
    this.#disconnect();
    await this.#network.restart();
  }

  async stop(): Promise<void> {
    this.#disconnect();
    await this.#network.stop();
  }

  async as(organisation: string): Promise<TraceCal> {
    const known = this.#members.get(organisation);
    if (known) {
      return known;
    }
    const connection = await connect(this.#profileOf(organisation));
    this.#members.set(organisation, connection);
    return connection;
  }

  /** A transaction of the registry that reads and writes nothing, from endorsement to commit. */
  async submitNothing(organisation: string): Promise<void> {
    const application = this.#applications.get(organisation) ?? new Application(this.#network, organisation);
    this.#applications.set(organisation, application);
    // As the SDK submits: orderers may refuse what they order all the same, and it asks what became of that.
    await new Ledger(application.gateway, REGISTRY, DEFAULT_LIMITS).submit('ping', {});
  }

  /** A site's measurement compartment, as its operator; to be closed by the caller. */
  measurement(channel: string, organisation: string): Promise<Measurement> {
    return connectMeasurement({ profile: this.#profileOf(organisation), channel });
  }

  #profileOf(organisation: string): string {
    const endpoint = this.#network.organisations.find(({ id }) => id === organisation);
    if (!endpoint) {
      throw new Error(`The network has no organisation ${organisation}.`);
    }
    return endpoint.profile;
  }

  #disconnect(): void {
    for (const connection of [...this.#members.values(), ...this.#applications.values()]) {
      connection.close();
    }
    this.#members.clear();
    this.#applications.clear();
  }
}
