import { join } from 'node:path';
import type { PersonAnswer, RegistryAnswer } from '@tracecal/core/contracts';
import { connect, connectMeasurement, connectMonitoring, undefinedIfNotFound } from '../../client/index.js';
import type { ConnectOptions, Measurement, Monitoring, TraceCal } from '../../client/index.js';
import { DirectoryStore } from '../../dcc/index.js';
import type { ContentStore } from '../../dcc/index.js';
import { Bodies } from '../confidential/bodies.js';
import { KeptResults } from '../confidential/keptResults.js';
import { ReaderKeys } from '../confidential/readerKeys.js';
import { ApplicationError } from '../errors.js';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';
import { findRegistryChannel, REGISTRY } from './consortium.js';
import type { Channel, Consortium, KnownMember } from './consortium.js';
import { registryIn } from './foundingFile.js';
import { channelOfSite, memberOf } from './site.js';
import type { SiteLevel } from './site.js';
import { WaitingChildren } from './waitingChildren.js';

/** The user's files and settings, as far as a session needs them, however they are stored. */
export interface Workplace {
  readonly consortium: Consortium;
  readonly keys: CalibrationKeys;
  /** Folder of certificate files. */
  readonly content: string;
  /** Path of the registry's founding, if it is kept here. */
  readonly foundingFile: string;
  /** How long its clients wait; if absent, the clients' default. */
  readonly patience?: Patience;
  /** A member's connection profile, as its path or its content; undefined if its client is not here. */
  profileOf(member: KnownMember): string | object | undefined;
  /** The error for an organisation whose client is not here. */
  notReachable(organisation: string): ApplicationError;
}

/** A time limit for each call, or one shared by all queries and all steps of a transaction. */
export type Patience = Pick<ConnectOptions, 'budget' | 'timeoutMs'>;

type Access = Patience & Pick<ConnectOptions, 'profile'>;

/** One user's work with a network: connections as any member, calibration keys, certificate files. */
export class Session {
  readonly consortium: Consortium;
  readonly keys: CalibrationKeys;
  readonly content: ContentStore;
  /** Confidential results of reports that were issued here. */
  readonly confidential: KeptResults;
  /** The same, encrypted to their readers, and what others encrypted to the readers here. */
  readonly bodies: Bodies;
  /** Keys of readers: those that are here, and the public ones of others. */
  readonly readers: ReaderKeys;
  /** Reports that name certificates which are not registered yet. */
  readonly waiting: WaitingChildren;
  /** The registry's channel. */
  readonly channel: Channel;
  /** The organisation that the user acts as, if they chose one. */
  readonly actor: string | undefined;
  readonly #place: Workplace;
  readonly #clients = new Map<string, Promise<TraceCal>>();
  readonly #opened: Promise<{ close(): void }>[] = [];
  readonly #officers = new Map<string, Promise<PersonAnswer | undefined>>();
  #institutes: Promise<RegistryAnswer['institutes']> | undefined;

  constructor(place: Workplace, actor?: string) {
    this.#place = place;
    this.actor = actor;
    this.keys = place.keys;
    this.consortium = place.consortium;
    this.channel = registryChannel(this.consortium);
    this.content = new DirectoryStore(place.content);
    this.confidential = new KeptResults(place.content);
    this.bodies = new Bodies(join(place.content, 'bodies'));
    this.readers = new ReaderKeys(place.keys.folder, place.content);
    this.waiting = new WaitingChildren(place.content);
  }

  /** As whom is read: the organisation that the user acts as, or any member whose identity is here. */
  get readsAs(): string {
    return this.actor ?? this.#memberHere(this.channel);
  }

  /** A connection for reading. */
  reader(): Promise<TraceCal> {
    return this.as(this.readsAs);
  }

  /**
   * A connection that submits for others: the registry checks the signatures on a statement, not the member that submits it.
   *
   * @param via - The member; if absent, the one that the user acts as, or any that may write.
   */
  relay(via?: string): Promise<TraceCal> {
    const isWriter = this.actor !== undefined && this.channel.writers.includes(this.actor);
    return this.as(via ?? (isWriter ? this.actor : undefined) ?? this.#memberHere(this.channel));
  }

  /**
   * A connection as a member's user; for an organisation that acts through the MSP of a member, as that member's user.
   *
   * @throws ApplicationError `ORGANISATION_UNKNOWN`
   */
  as(organisation: string): Promise<TraceCal> {
    const known = this.#clients.get(organisation) ?? this.#registry(organisation);
    this.#clients.set(organisation, known);
    return known;
  }

  /**
   * The registry for which statements are signed, as the ledger names it. If this data directory holds a founding, both must be the same.
   *
   * @throws ApplicationError `OTHER_REGISTRY`
   */
  async registry(): Promise<string> {
    const told = await (await this.reader()).registry();
    const founded = registryIn(this.#place.foundingFile, this.channel.name);
    if (founded !== undefined && founded !== told) {
      throw new ApplicationError(
        'OTHER_REGISTRY',
        `This ledger holds the registry ${told}, but ${this.#place.foundingFile} is the founding of ${founded}: use the data directory of the registry that you mean.`,
      );
    }
    return told;
  }

  /** The registry's institutes, including revoked ones. */
  institutes(): Promise<RegistryAnswer['institutes']> {
    this.#institutes ??= this.#askInstitutes();
    return this.#institutes;
  }

  /** A registered officer; one that is not registered yet is looked up again the next time. */
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

  /** A site's measurement compartment; as the organisation that the user acts as, or as its operator unless another is named. */
  measurement(site: Channel, as = this.#memberHere(site)): Promise<Measurement> {
    const { name: channel } = site;
    return this.#open(memberOf(site, this.actor ?? as), (access) => connectMeasurement({ ...access, channel }));
  }

  /** A site's monitoring compartment; as the organisation that the user acts as, or as its monitor. */
  monitoring(site: Channel): Promise<Monitoring> {
    const { name: channel } = site;
    return this.#open(memberOf(site, this.actor ?? this.#memberHere(site)), (access) =>
      connectMonitoring({ ...access, channel }),
    );
  }

  member(id: string): KnownMember {
    const member = this.consortium.organisations.find((organisation) => organisation.id === id);
    if (!member) {
      const known = this.consortium.organisations.map((organisation) => organisation.id).join(', ');
      throw new ApplicationError(
        'ORGANISATION_UNKNOWN',
        `No organisation "${id}" in the consortium, which has ${known}.`,
      );
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

  /** The first member of a channel whose client is here; writers come first. */
  #memberHere({ writers, readers }: Channel): string {
    return [...writers, ...readers].find((id) => this.#profileOf(id) !== undefined) ?? writers[0] ?? '';
  }

  #profileOf(organisation: string): string | object | undefined {
    return this.#place.profileOf(this.member(organisation));
  }

  async #registry(organisation: string): Promise<TraceCal> {
    if (!this.#isMember(organisation)) {
      return this.as(await this.#hostOf(organisation));
    }
    return this.#open(organisation, (access) =>
      connect({ ...access, channel: this.channel.name, chaincode: REGISTRY }),
    );
  }

  #isMember(id: string): boolean {
    return this.consortium.organisations.some((organisation) => organisation.id === id);
  }

  /** The member through whose MSP a registered organisation acts that is not in the description of the consortium. */
  async #hostOf(organisation: string): Promise<string> {
    const anyMember = await this.as(this.#memberHere(this.channel));
    const registered = await undefinedIfNotFound(anyMember.getOrganisation(organisation));
    const host = this.consortium.organisations.find(({ mspId }) => mspId === registered?.mspId);
    return (host ?? this.member(organisation)).id;
  }

  #open<T extends { close(): void }>(organisation: string, connectTo: (access: Access) => Promise<T>): Promise<T> {
    const profile = this.#profileOf(organisation);
    const client =
      profile === undefined
        ? Promise.reject(this.#place.notReachable(organisation))
        : connectTo({ profile, ...this.#place.patience });
    this.#opened.push(client);
    return client;
  }
}

function registryChannel(consortium: Consortium): Channel {
  const channel = findRegistryChannel(consortium);
  if (!channel) {
    throw new ApplicationError('INPUT_INVALID', 'The consortium has no chaincode called registry.');
  }
  return channel;
}
