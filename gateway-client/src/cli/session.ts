import { existsSync } from 'node:fs';
import { connectionProfileFile } from '@tracecal/network/pki';
import { readConsortium } from '@tracecal/network/topology';
import type { Channel, Consortium, MemberOrganisation } from '@tracecal/network/topology';
import { connect, connectMeasurement, connectMonitoring, TraceCalError } from '../client/index.js';
import type { Measurement, Monitoring, TraceCal } from '../client/index.js';
import { DirectoryStore } from '../dcc/index.js';
import type { ContentStore } from '../dcc/index.js';
import { CalibrationKeys } from './data/calibrationKeys.js';
import type { DataDirectory } from './data/dataDirectory.js';
import { CliError } from './errors.js';
import { findRunning } from './network/runningNetwork.js';
import { channelOfSite, memberOf } from './site.js';
import type { SiteLevel } from './site.js';

const REGISTRY = 'registry';

/** One user's work with the network of a data directory: connections as any member, calibration keys, certificate files. */
export class Session {
  readonly consortium: Consortium;
  readonly keys: CalibrationKeys;
  readonly content: ContentStore;
  /** The registry's channel. */
  readonly channel: Channel;
  readonly #data: DataDirectory;
  readonly #actor: string | undefined;
  readonly #clients = new Map<string, Promise<TraceCal>>();
  readonly #employers = new Map<string, Promise<string>>();
  readonly #opened: Promise<{ close(): void }>[] = [];

  /** @throws CliError `NETWORK_DOWN` if no network was ever started here */
  constructor(data: DataDirectory, actor?: string, keys = new CalibrationKeys(data.keys)) {
    if (!existsSync(data.consortiumFile) || !existsSync(data.crypto)) {
      throw new CliError('NETWORK_DOWN');
    }
    this.#data = data;
    this.#actor = actor;
    this.keys = keys;
    this.consortium = readConsortium(data.consortiumFile);
    this.channel = registryChannel(this.consortium);
    this.content = new DirectoryStore(data.content);
  }

  /** A connection for reading: as whom the user says, or any member. */
  reader(): Promise<TraceCal> {
    return this.as(this.#actor ?? this.channel.writers[0] ?? '');
  }

  /**
   * A connection that may write for an organisation: its own if it is a writer of the channel, or else that of the
   * organisation that certifies it, and so on upwards: a laboratory sponsors its sensor makers.
   */
  async writerFor(organisation: string): Promise<TraceCal> {
    return this.as(this.#actor ?? (await this.#sponsorOf(organisation)));
  }

  /** A connection as a member's user. @throws CliError `ORGANISATION_UNKNOWN` */
  as(organisation: string): Promise<TraceCal> {
    const known = this.#clients.get(organisation) ?? this.#registry(organisation);
    this.#clients.set(organisation, known);
    return known;
  }

  /** The channel of a site at a level; see {@link channelOfSite}. */
  siteChannel(level: SiteLevel, site: string | undefined, actor = this.#actor): Channel {
    return channelOfSite(this.consortium, level, site, actor);
  }

  /** A site's measurement compartment; as whom the user says, or as its operator unless another is named. */
  measurement(site: Channel, as = site.writers[0]): Promise<Measurement> {
    const { name: channel } = site;
    return this.#open(memberOf(site, this.#actor ?? as), (profile) => connectMeasurement({ profile, channel }));
  }

  /** A site's monitoring compartment; as whom the user says, or as its monitor. */
  monitoring(site: Channel): Promise<Monitoring> {
    const { name: channel, writers } = site;
    return this.#open(memberOf(site, this.#actor ?? writers[0]), (profile) => connectMonitoring({ profile, channel }));
  }

  /** The organisation that a technician works for, which never changes. */
  organisationOf(technician: string): Promise<string> {
    const known = this.#employers.get(technician) ?? this.#askEmployer(technician);
    this.#employers.set(technician, known);
    return known;
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

  async #sponsorOf(organisation: string): Promise<string> {
    let id: string | null = organisation;
    const reader = await this.reader();
    while (id !== null && !this.channel.writers.includes(id)) {
      id = (await reader.getOrganisation(id)).organisation.certifiedBy;
    }
    return id ?? organisation;
  }

  async #askEmployer(technician: string): Promise<string> {
    return (await this.reader()).getTechnicianOrganisation(technician);
  }

  #registry(organisation: string): Promise<TraceCal> {
    return this.#open(organisation, (profile) => connect({ profile, channel: this.channel.name, chaincode: REGISTRY }));
  }

  #open<T extends { close(): void }>(organisation: string, connectTo: (profile: string) => Promise<T>): Promise<T> {
    const profile = connectionProfileFile(this.#data.crypto, this.member(organisation));
    const client = existsSync(profile) ? connectTo(profile) : Promise.reject(new CliError('NETWORK_DOWN'));
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

function registryChannel(consortium: Consortium): Channel {
  const registry = consortium.chaincodes.find(({ name }) => name === REGISTRY);
  const channel = consortium.channels.find(({ name }) => registry?.channels.includes(name));
  if (!channel) {
    throw new CliError('INPUT_INVALID', 'The consortium has no chaincode called registry.');
  }
  return channel;
}
