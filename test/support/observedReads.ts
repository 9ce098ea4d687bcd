import { connect } from '@tracecal/gateway-client';
import type { TraceCal, Trust } from '@tracecal/gateway-client';
import { askBucket } from '@tracecal/gateway-client/proof';
import { connect as openReplica, Follower } from '@tracecal/gateway-client/replica';
import type { ReplicaReader } from '@tracecal/gateway-client/replica';
import type { Labelled } from './guesser.js';
import type { ProvenDevice } from './provenDevice.js';
import type { Random } from './random.js';
import { definitionsOutside, peerOf } from './replica/recordedChain.js';
import { temporaryFolder } from './temporaryFolder.js';
import { Wiretap } from './wiretap.js';

/** Ways to read a verdict; of the first three it is asked which device was meant, of the last two who asked. */
export const WAYS = ['plain', 'bucket', 'replica', 'own identity', 'shared identity'] as const;
export type Way = (typeof WAYS)[number];

const PEOPLE = ['oem-a', 'oem-b', 'monitor'];

/** A small registry, whose reads are observed as the peer that is asked observes them. */
export class ObservedReads {
  readonly devices: readonly string[];
  readonly #proven: ProvenDevice;
  readonly #trust: Trust;
  readonly #replica: ReplicaReader;
  readonly #taps = new Map<string, Wiretap>();
  readonly #clients = new Map<string, TraceCal>();

  private constructor(proven: ProvenDevice, devices: readonly string[], trust: Trust, replica: ReplicaReader) {
    this.#proven = proven;
    this.devices = devices;
    this.#trust = trust;
    this.#replica = replica;
  }

  /** Of a network with readers, whose devices are placed in buckets. */
  static async start(proven: ProvenDevice): Promise<ObservedReads> {
    const { registry } = proven;
    const { devices } = await proven.placeDevices();
    const replica = temporaryFolder();
    const peers = [await peerOf(registry, 'nmi-north')];
    const follower = new Follower({ replica, peers, definitions: definitionsOutside(registry.network) });
    await follower.catchUp();
    await follower.close();
    return new ObservedReads(proven, devices, await proven.trust(), await openReplica({ replica }));
  }

  /** As many reads of each subject one way, in random order. */
  async observe(way: Way, ofEach: number, random: Random): Promise<readonly Labelled[]> {
    const subjects = way === 'own identity' || way === 'shared identity' ? PEOPLE : this.devices;
    const order = subjects
      .flatMap((subject) => Array.from({ length: ofEach }, () => ({ subject, at: random.next() })))
      .sort((one, other) => one.at - other.at);
    const reads: Labelled[] = [];
    for (const { subject } of order) reads.push({ subject, seen: await this.#read(way, subject) });
    return reads;
  }

  /** Ends the reading; the network goes on. */
  async stop(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    for (const tap of this.#taps.values()) tap.close();
    await this.#replica.close();
  }

  async #read(way: Way, subject: string): Promise<Labelled['seen']> {
    const [any = ''] = this.devices;
    switch (way) {
      case 'plain': {
        const { tap, client } = await this.#through('oem-a');
        return tap.observed(() => client.traceCal(subject));
      }
      case 'bucket': {
        const { tap, client } = await this.#through('oem-a');
        return tap.observed(() => askBucket(client, subject, { trust: this.#trust }));
      }
      case 'replica': {
        const { tap } = await this.#through('oem-a');
        return tap.observed(() => this.#replica.traceCal(subject));
      }
      case 'own identity': {
        const { tap, client } = await this.#through(subject);
        return tap.observed(() => client.traceCal(any));
      }
      case 'shared identity': {
        const { tap, client } = await this.#through('nmi-north', 'readers', subject);
        return tap.observed(() => client.traceCal(any));
      }
    }
  }

  /** A connection of somebody through a member's peer. */
  async #through(member: string, identity = member, person = identity): Promise<{ tap: Wiretap; client: TraceCal }> {
    const { network } = this.#proven.registry;
    const name = `${member} ${person}`;
    const tap = this.#taps.get(name) ?? (await Wiretap.before(network, member, identity));
    this.#taps.set(name, tap);
    const client = this.#clients.get(name) ?? (await connect({ profile: tap.profile, timeoutMs: 60_000 }));
    this.#clients.set(name, client);
    return { tap, client };
  }
}
