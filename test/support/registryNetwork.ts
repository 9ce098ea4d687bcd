import type { Instant } from '@tracecal/core/model';
import { connect, connectMeasurement } from '@tracecal/gateway-client';
import type { Announced, Measurement, TraceCal } from '@tracecal/gateway-client';
import type { ChaincodeEnvironment } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { Consortium } from '@tracecal/network/topology';
import { selectedEngine } from './engine.js';
import type { Engine, EngineNetwork } from './engine.js';
import type { Hierarchy, Item } from './hierarchy.js';
import { readSigned, transactionOf } from './hierarchy.js';
import { momentOf, submit, submitAll } from './submit.js';

export const REGISTRY = { channel: 'calibration', chaincode: 'registry' } as const;

/** What the chaincode services of all members are started with, so that they serve the registry of this founding. */
export function startedFor({ foundingDigest }: Pick<Hierarchy, 'foundingDigest'>): ChaincodeEnvironment {
  return { [REGISTRY.chaincode]: { TRACECAL_FOUNDING: foundingDigest } };
}

/** Many processes share the machine that tests run on. */
const PATIENCE_MS = 60_000;

/** What a registry needs of the network that it is on. */
type Running = Pick<EngineNetwork, 'organisations' | 'restart' | 'stop'>;

/** A running consortium whose registry is that of a hierarchy, with a connection an organisation. */
export class RegistryNetwork<Network extends Running = EngineNetwork> {
  readonly hierarchy: Hierarchy;
  readonly network: Network;
  readonly #members = new Map<string, TraceCal>();
  #submitted = 0;

  private constructor(network: Network, hierarchy: Hierarchy) {
    this.network = network;
    this.hierarchy = hierarchy;
  }

  /** Starts the sample consortium, by default on the engine of this run; its registry is empty. */
  static async start(
    hierarchy: Hierarchy,
    { engine, consortium }: { readonly engine?: Engine; readonly consortium?: Consortium } = {},
  ): Promise<RegistryNetwork> {
    const chosen = engine ?? (await selectedEngine());
    const network = await chosen.start(consortium ?? readConsortium(defaultConsortiumFile()), startedFor(hierarchy));
    return new RegistryNetwork(network, hierarchy);
  }

  /** The registry of a network that runs already; it is empty. */
  static on<Network extends Running>(network: Network, hierarchy: Hierarchy): RegistryNetwork<Network> {
    return new RegistryNetwork(network, hierarchy);
  }

  /** An organisation's connection to its own peer. */
  async as(organisation: string): Promise<TraceCal> {
    const known = this.#members.get(organisation);
    if (known) {
      return known;
    }
    const connection = await connect({ profile: this.profileOf(organisation), timeoutMs: PATIENCE_MS });
    this.#members.set(organisation, connection);
    return connection;
  }

  /** Submits what the hierarchy was built of since the last time. */
  async submitNew(): Promise<void> {
    const submissions = this.hierarchy.submissions(this.#submitted);
    this.#submitted = this.hierarchy.steps.length;
    await submitAll(this.hierarchy, submissions, (organisation) => this.as(organisation));
  }

  /** Leaves out of {@link submitNew} what was built until now. */
  skipNew(): void {
    this.#submitted = this.hierarchy.steps.length;
  }

  /** Submits one item, through any member: whose word it is, is in the signatures. */
  async submit(item: Item, by = 'nmi-east'): Promise<Announced> {
    return submit(await this.as(by), transactionOf(readSigned(item.statement)), item);
  }

  /** A moment not before what was registered last: epochs may be opened a little ahead. */
  async now(): Promise<Instant> {
    return momentOf(await this.as('nmi-north'));
  }

  /** A site's measurement compartment, as its operator; to be closed by the caller. */
  measurement(channel: string, organisation: string): Promise<Measurement> {
    return connectMeasurement({ profile: this.profileOf(organisation), channel, timeoutMs: PATIENCE_MS });
  }

  profileOf(organisation: string): string {
    const endpoint = this.network.organisations.find(({ id }) => id === organisation);
    if (!endpoint) {
      throw new Error(`The network has no organisation ${organisation}.`);
    }
    return endpoint.profile;
  }

  /** Closes the connections; the next use connects anew. */
  disconnect(): void {
    for (const member of this.#members.values()) member.close();
    this.#members.clear();
  }

  /** Stops and starts the network with its data: what chaincode processes remembered is forgotten. */
  async restart(): Promise<void> {
    this.disconnect();
    await this.network.restart();
  }

  async stop(): Promise<void> {
    this.disconnect();
    await this.network.stop();
  }
}
