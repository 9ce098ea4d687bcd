import { existsSync } from 'node:fs';
import type { PersonAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import type { Channel, Consortium, MemberOrganisation } from '@tracecal/network/topology';
import { connect, connectMeasurement, connectMonitoring, TraceCalError } from '../client/index.js';
import type { Measurement, Monitoring, TraceCal } from '../client/index.js';
import { DirectoryStore } from '../dcc/index.js';
import type { ContentStore } from '../dcc/index.js';
import { CalibrationKeys } from './data/calibrationKeys.js';
import type { DataDirectory } from './data/dataDirectory.js';
import { WaitingChildren } from './data/waitingChildren.js';
import { CliError } from './errors.js';
import { registryIn } from './founding/founding.js';
import { findRunning } from './network/runningNetwork.js';
import { findRegistryChannel, REGISTRY } from './registryChannel.js';
import { channelOfSite, memberOf } from './site.js';
import type { SiteLevel } from './site.js';
import { undefinedIfNotFound } from '../client/index.js';

/** One user's work with the network of a data directory: connections as any member, calibration keys, certificate files. */
export class Session {
  readonly consortium: Consortium;
  readonly keys: CalibrationKeys;
  readonly content: ContentStore;
  /** Reports that name certificates which are not registered yet. */
  readonly waiting: WaitingChildren;
  /** The registry's channel. */
  readonly channel: Channel;
  /** The organisation that the user acts as, if they chose one. */
  readonly actor: string | undefined;
  readonly #data: DataDirectory;
  readonly #clients = new Map<string, Promise<TraceCal>>();
  readonly #opened: Promise<{ close(): void }>[] = [];
  readonly #officers = new Map<string, Promise<PersonAnswer | undefined>>();
  #institutes: Promise<RegistryAnswer['institutes']> | undefined;

  /** @throws CliError `NETWORK_DOWN` if no network was ever started or described here */
  constructor(data: DataDirectory, actor?: string, keys = new CalibrationKeys(data.keys)) {
    if (!existsSync(data.consortiumFile) || !existsSync(data.crypto)) {
      throw notReachable(data, 'your organisation');
    }
    this.#data = data;
    this.actor = actor;
    this.keys = keys;
    this.consortium = readConsortium(data.consortiumFile);
    this.channel = registryChannel(this.consortium);
    this.content = new DirectoryStore(data.content);
    this.waiting = new WaitingChildren(data.content);
  }

  /** A connection for reading: as whom the user says, or any member. */
  reader(): Promise<TraceCal> {
    return this.as(this.actor ?? this.#memberHere(this.channel));
  }

  /**
   * A connection that submits for others: the registry judges the signatures on a statement, not the member that submits it.
   *
   * @param via - The member; whom the user acts as, or any member that may write, if it is not given.
   */
  relay(via?: string): Promise<TraceCal> {
    const isWriter = this.actor !== undefined && this.channel.writers.includes(this.actor);
    return this.as(via ?? (isWriter ? this.actor : undefined) ?? this.#memberHere(this.channel));
  }

  /** A connection as a member's user. @throws CliError `ORGANISATION_UNKNOWN` */
  as(organisation: string): Promise<TraceCal> {
    const known = this.#clients.get(organisation) ?? this.#registry(organisation);
    this.#clients.set(organisation, known);
    return known;
  }

  /**
   * What statements are signed for: the registry that the ledger tells of, which has to be the one whose founding this data
   * directory holds, if it holds one.
   *
   * @throws CliError `OTHER_REGISTRY`
   */
  async registry(): Promise<string> {
    const told = await (await this.reader()).registry();
    const founded = registryIn(this.#data, this.channel.name);
    if (founded !== undefined && founded !== told) {
      throw new CliError(
        'OTHER_REGISTRY',
        `The ledger tells of ${told}; ${this.#data.foundingFile} is the founding of ${founded}.`,
      );
    }
    return told;
  }

  /** The registry's institutes, also those that fell. */
  institutes(): Promise<RegistryAnswer['institutes']> {
    this.#institutes ??= this.#askInstitutes();
    return this.#institutes;
  }

  /** An officer as registered; one that is not registered yet is asked for again the next time. */
  async officer(id: string): Promise<PersonAnswer | undefined> {
    const known = this.#officers.get(id) ?? undefinedIfNotFound((await this.reader()).getTechnician(id));
    this.#officers.set(id, known);
    const officer = await known;
    if (!officer) {
      this.#officers.delete(id);
    }
    return officer;
  }

  /** The channel of a site at a level; see {@link channelOfSite}. */
  siteChannel(level: SiteLevel, site: string | undefined, actor = this.actor): Channel {
    return channelOfSite(this.consortium, level, site, actor);
  }

  /** A site's measurement compartment; as whom the user says, or as its operator unless another is named. */
  measurement(site: Channel, as = this.#memberHere(site)): Promise<Measurement> {
    const { name: channel } = site;
    return this.#open(memberOf(site, this.actor ?? as), (profile) => connectMeasurement({ profile, channel }));
  }

  /** A site's monitoring compartment; as whom the user says, or as its monitor. */
  monitoring(site: Channel): Promise<Monitoring> {
    const { name: channel } = site;
    return this.#open(memberOf(site, this.actor ?? this.#memberHere(site)), (profile) =>
      connectMonitoring({ profile, channel }),
    );
  }

  member(id: string): MemberOrganisation {
    const member = this.consortium.organisations.find((organisation) => organisation.id === id);
    if (!member) {
      const known = this.consortium.organisations.map((organisation) => organisation.id).join(', ');
      throw new CliError('ORGANISATION_UNKNOWN', `It has ${known}.`);
    }
    return member;
  }

  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.#opened);
    for (const client of clients) {
      if (client.status === 'fulfilled') {
        client.value.close();
      }
    }
  }

  async #askInstitutes(): Promise<RegistryAnswer['institutes']> {
    return (await (await this.reader()).getRegistry()).institutes;
  }

  /** The first member of a channel whose client is here, those before others that may write. */
  #memberHere({ writers, readers }: Channel): string {
    return [...writers, ...readers].find((id) => existsSync(this.#profileOf(id))) ?? writers[0] ?? '';
  }

  #profileOf(organisation: string): string {
    return connectionProfileFile(this.#data.crypto, this.member(organisation));
  }

  #registry(organisation: string): Promise<TraceCal> {
    return this.#open(organisation, (profile) => connect({ profile, channel: this.channel.name, chaincode: REGISTRY }));
  }

  #open<T extends { close(): void }>(organisation: string, connectTo: (profile: string) => Promise<T>): Promise<T> {
    const profile = this.#profileOf(organisation);
    const client = existsSync(profile) ? connectTo(profile) : Promise.reject(notReachable(this.#data, organisation));
    this.#opened.push(client);
    return client;
  }
}

/** Opens a session, does something with it, and closes it. A network that does not answer is one that is not running. */
export async function withSession<T>(
  { data, as }: { readonly data: DataDirectory; readonly as: string | undefined },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = new Session(data, as);
  try {
    return await work(session);
  } catch (error) {
    const isDown = error instanceof TraceCalError && error.code === 'UNAVAILABLE' && !findRunning(data);
    throw isDown ? new CliError('NETWORK_DOWN', undefined, { cause: error }) : error;
  } finally {
    await session.close();
  }
}

/** What is missing to reach a network, for those who never ran it here. */
function notReachable({ root }: DataDirectory, whose: string): CliError {
  return new CliError(
    'NETWORK_DOWN',
    `To reach one that runs elsewhere, put its consortium.yaml into ${root}, and what its operator gives ${whose} into crypto-config below it: the identity and its connection-….json.`,
  );
}

function registryChannel(consortium: Consortium): Channel {
  const channel = findRegistryChannel(consortium);
  if (!channel) {
    throw new CliError('INPUT_INVALID', 'The consortium has no chaincode called registry.');
  }
  return channel;
}
