import { CERTIFIES, registrantOf } from '../../model/index.js';
import type { CertifiedEntry, Entry, Imprint, Membership, Registered, StatementKind } from '../../model/index.js';
import { isIssuedBy, signerName } from '../../signing/index.js';
import { speakersFor } from '../signatories.js';
import type { Grounds } from './conclusions.js';
import { collect, vouched, VoucherGone } from './collect.js';
import { endedIn } from './endedIn.js';
import { carrierKey } from './carrierKey.js';
import { isSameDevice, isSameMember, kindIn, mayNotCertify } from './holders.js';
import {
  attempt,
  flaw,
  keysThen,
  mayIssue,
  ownKey,
  personKey,
  requireSignature,
  signingKey,
  statedKey,
} from './key.js';
import type { Key } from './key.js';
import { registryOf } from './registry.js';
import { remembered } from './remembered.js';
import { rootsOf } from './rootKeys.js';
import { Succession } from './succession.js';

/** Length of the longest chain of certification. */
export const MAX_CHAIN = 16;

/** A holder's keys, oldest first. */
export interface Keyring<Kind extends StatementKind = StatementKind> {
  readonly keys: readonly Key<Kind>[];
  /** Why further keys in the record are not valid. */
  readonly flaws: readonly string[];
  /** Keys that somebody vouched for again after newer ones had replaced them: they sign nothing but the word that vouches for them. */
  readonly returned: readonly Key<Kind>[];
}

/** A valid signature: its signer and key. */
export interface Voice {
  readonly signer: string;
  readonly organisation: string;
  readonly key: Key;
}

/** How the keys that count are told from all keys on record. */
export interface Judgement {
  /** The keys that counted when the ledger took them in: a newer one among them ends the earlier ones for good. */
  readonly taken?: Keyrings;
  /** Why a signature that vouches for a key does not count; undefined if it counts. */
  readonly whyNot: (voice: Voice, entry: Entry) => Promise<string | undefined>;
  /** The keys that counted at a registration. */
  readonly then: (registered: Registered) => Keyrings;
  /** The keys that counted at every registration, if there are such. */
  readonly always?: Always;
}

/** Keys that count at every registration, as long as none of their vouchers was objected to. */
export interface Always {
  readonly keyrings: Keyrings;
  /** Whether somebody objected to one of their vouchers: then each registration has keys of its own. */
  readonly isOpposed: () => boolean;
}

type Find<Kind extends StatementKind> = (keyrings: Keyrings) => Promise<Keyring<Kind>>;

/** Remembers what the same keyrings on grounds of their own have found. */
export type Conclude = <K extends Keyring>(holder: string, find: (keyrings: Keyrings) => Promise<K>) => Promise<K>;

export const EMPTY: Keyring<never> = { keys: [], flaws: [], returned: [] };

/**
 * Finds the keys that people, organisations and devices may sign with, up to the roots. Every key is checked against the statement
 * that vouches for it and the certificate above it; whether it was valid on a day is checked at its use.
 */
export class Keyrings {
  readonly #source: Grounds;
  readonly #keys = new Map<string, Promise<Keyring>>();
  #registry: Promise<string> | undefined;
  #roots: Promise<ReadonlyMap<string, Key<'founding' | 'admission'>>> | undefined;

  readonly #judgement: Judgement | undefined;
  readonly #conclude: Conclude | undefined;

  /**
   * @param judgement By default, a key stays valid whatever is stated about those who vouched for it.
   * @param conclude By default, nothing is remembered beyond these keyrings.
   */
  constructor(source: Grounds, judgement?: Judgement, conclude?: Conclude) {
    this.#source = source;
    this.#judgement = judgement;
    this.#conclude = conclude;
  }

  /** The registry that statements have to be signed for. */
  registry(): Promise<string> {
    this.#registry ??= this.#judgement?.taken?.registry() ?? registryOf(this.#source);
    return this.#registry;
  }

  /** Root keys of the institutes as founding and admissions name them; `institutes.ts` decides whether they were admitted. */
  roots(): Promise<ReadonlyMap<string, Key<'founding' | 'admission'>>> {
    this.#roots ??= this.#judgement?.taken?.roots() ?? this.#readRoots();
    return this.#roots;
  }

  async #readRoots(): Promise<ReadonlyMap<string, Key<'founding' | 'admission'>>> {
    const record = await this.#source.founding();
    return record ? rootsOf(record, this.#source.channel, await this.registry()) : new Map();
  }

  organisation(id: string, below: readonly string[] = []): Promise<Keyring<'organisation' | 'founding' | 'admission'>> {
    if (below.includes(id) || below.length >= MAX_CHAIN) {
      return Promise.resolve({
        ...EMPTY,
        flaws: [`Organisation ${id} is certified by itself, over ${below.join(', ')}.`],
      });
    }
    const find: Find<'organisation' | 'founding' | 'admission'> = (keyrings) =>
      keyrings.#organisationKeys(id, [...below, id]);
    return this.#once(`organisation ${id}`, find, below.length === 0);
  }

  /** Keys of a technician or an officer. */
  person(id: string): Promise<Keyring<'authorisation'>> {
    return this.#once(`person ${id}`, (keyrings) => keyrings.#personKeys(id));
  }

  device(id: string): Promise<Keyring<'device'>> {
    return this.#once(`device ${id}`, (keyrings) => keyrings.#deviceKeys(id));
  }

  /** Keys of an officer: authorised by the organisation's own key, so that officers do not depend on one another. */
  officer(id: string): Promise<Keyring<'authorisation'>> {
    return this.#once(`officer ${id}`, (keyrings) => keyrings.#officerKeys(id));
  }

  /** @param isWhole Whether it was asked for by itself, and not on the way up from others. */
  #once<K extends StatementKind>(holder: string, find: Find<K>, isWhole = true): Promise<Keyring<K>> {
    const conclude = isWhole ? this.#conclude : undefined;
    return this.#remembered(holder, () =>
      conclude
        ? conclude(holder, (keyrings) => keyrings.#remembered(holder, () => find(keyrings)))
        : this.#always(holder, find, isWhole),
    );
  }

  #remembered<K extends StatementKind>(holder: string, find: () => Promise<Keyring<K>>): Promise<Keyring<K>> {
    return remembered(this.#keys as Map<string, Promise<Keyring<K>>>, holder, find);
  }

  /** What counts at every registration, or else what counts at this one: there may be as many as entries in the records. */
  async #always<K extends StatementKind>(holder: string, find: Find<K>, isWhole: boolean): Promise<Keyring<K>> {
    const always = this.#judgement?.always;
    if (always && !always.isOpposed()) {
      const answer = await always.keyrings.#once(holder, find, isWhole);
      if (!always.isOpposed()) {
        return answer;
      }
    }
    return find(this);
  }

  async #officerKeys(id: string): Promise<Keyring<'authorisation'>> {
    const { keys } = await this.organisation(registrantOf(id));
    const registry = await this.registry();
    return collect(
      await this.#authorisations(id),
      (entry) => {
        const key = personKey(id, entry, registry, keys);
        if (key.said.statement.body.role !== 'officer') {
          throw flaw(`${id} is not an officer.`);
        }
        requireSignature(entry, signerName('organisation', registrantOf(id)), keys);
        return Promise.resolve(key);
      },
      { taken: await this.#judgement?.taken?.officer(id) },
    );
  }

  /** The valid signatures by which an organisation speaks in a statement. */
  async voices(entry: Entry, organisation: string, names: readonly string[] = []): Promise<readonly Voice[]> {
    const voices: Voice[] = [];
    for (const signer of speakersFor(entry.jws, organisation, names)) {
      const { keys }: Keyring = signer.startsWith('officer:')
        ? await this.officer(signer.slice('officer:'.length))
        : await this.organisation(organisation);
      const key = signingKey(entry, signer, keys);
      if (key) {
        voices.push({ signer, organisation, key });
      }
    }
    return voices;
  }

  async #organisationKeys(id: string, path: readonly string[]) {
    const known = (await this.roots()).get(id);
    const record = await this.#source.organisation(id);
    const taken = await this.#judgement?.taken?.organisation(id);
    const root = known && endedIn(taken?.keys, known);
    const found: Key<'organisation' | 'founding' | 'admission'>[] = root ? [root] : [];
    const succession = new Succession(taken?.returned, root);
    let first: Membership | undefined;
    const registry = await this.registry();
    const memberships = record?.memberships ?? [];
    const membershipKey = async (entry: CertifiedEntry): Promise<Key<'organisation'>> => {
      const key = ownKey(entry, registry, 'organisation', id, id);
      const { body, subject } = key.said.statement;
      if (subject.id !== id) {
        throw flaw(`What is on record as membership of ${id} is that of ${subject.id}.`);
      }
      first ??= body;
      if (!isSameMember(first, body)) {
        throw flaw(`A further key of organisation ${id} must leave its kind, MSP and certifier as they are.`);
      }
      if (key.certificate.sha256 === root?.certificate.sha256) {
        return key;
      }
      if (found.length > 0) {
        await this.#requireRollOver(entry, id, found);
      }
      if (!root) {
        await this.#requireCertifier(key, body, path);
      }
      return key;
    };
    const { keys, flaws, returned } = await collect(
      memberships,
      async (entry) => {
        const key = await vouched(entry, memberships, membershipKey);
        if (key.certificate.sha256 !== root?.certificate.sha256 && !succession.isReturn(key)) {
          found.push(endedIn(taken?.keys, key));
        }
        return key;
      },
      { succession },
    );
    // A key that was replaced by a newer one no longer needs anybody to vouch for it.
    const last = memberships.findLast(({ jws }) => !returned.some(({ said }) => said.entry.jws === jws));
    const isRenewed = keys.at(-1)?.said.entry.jws === last?.jws;
    return { keys: found, flaws: isRenewed ? [] : flaws, returned };
  }

  /** The certifier may certify this kind, has issued the certificate and has signed the organisation's statement. */
  async #requireCertifier(key: Key, { kind, certifier }: Membership, path: readonly string[]): Promise<void> {
    const { entry, statement } = key.said;
    const { id } = statement.subject;
    const { keys: above } = await this.organisation(certifier ?? id, path);
    const issuers = keysThen(above, entry.registered);
    if (!issuers.some((issuer) => mayIssue(issuer) && isIssuedBy(key.certificate, issuer.certificate))) {
      throw flaw(`The certificate of organisation ${id} was not issued by ${certifier ?? 'anybody'}.`);
    }
    const [voice, ...others] = await this.voices(entry, certifier ?? '');
    if (!voice || others.length > 0) {
      throw flaw(`${certifier ?? 'Nobody'} has not signed what organisation ${id} is.`);
    }
    const certifying = kindIn(above);
    if (certifying && !CERTIFIES[certifying].includes(kind)) {
      throw flaw(mayNotCertify(certifier ?? 'Nobody', certifying, id, kind));
    }
    await this.#requireBelieved(voice, entry);
  }

  async #requireBelieved(voice: Voice, entry: Entry): Promise<void> {
    const reason = await this.#judgement?.whyNot(voice, entry);
    if (reason !== undefined) {
      throw new VoucherGone('CERTIFICATE_INVALID', reason);
    }
  }

  /** An officer whom the old key authorised signs for a new key, so that no certifier can take over the organisation. */
  async #requireRollOver(entry: CertifiedEntry, id: string, before: readonly Key[]): Promise<void> {
    const registry = await this.registry();
    for (const signer of speakersFor(entry.jws, id, [signerName('organisation', id)])) {
      const officer = signer.slice('officer:'.length);
      const key = carrierKey(entry, signer, {
        stated: (await this.#authorisations(officer)).flatMap(
          (authorisation) => attempt(() => statedKey(officer, authorisation, registry)) ?? [],
        ),
        before,
      });
      if (key) {
        return this.#requireBelieved({ signer, organisation: id, key }, entry);
      }
    }
    throw flaw(`The new key of organisation ${id} is not carried over by an officer under the old one.`);
  }

  async #authorisations(id: string): Promise<readonly CertifiedEntry[]> {
    return (await this.#source.person(id))?.authorisations ?? [];
  }

  async #personKeys(id: string): Promise<Keyring<'authorisation'>> {
    const organisation = registrantOf(id);
    const { keys } = await this.organisation(organisation);
    const registry = await this.registry();
    const authorisations = await this.#authorisations(id);
    const authorisedKey = async (entry: CertifiedEntry): Promise<Key<'authorisation'>> => {
      const key = personKey(id, entry, registry, keys);
      if (key.said.statement.body.role === 'officer') {
        requireSignature(entry, signerName('organisation', organisation), keys);
        return key;
      }
      const [voice, ...others] = await this.voices(entry, organisation);
      if (!voice || others.length > 0) {
        throw flaw(`Organisation ${organisation} has not authorised ${id}.`);
      }
      await this.#requireBelieved(voice, entry);
      return key;
    };
    const taken = await this.#judgement?.taken?.person(id);
    return collect(authorisations, (entry) => vouched(entry, authorisations, authorisedKey), { taken });
  }

  async #deviceKeys(id: string): Promise<Keyring<'device'>> {
    const imprints = await this.#source.imprints(id);
    const registry = await this.registry();
    const organisation = registrantOf(id);
    let first: Imprint | undefined;
    return collect(
      imprints,
      async (entry) => {
        const key = ownKey(entry, registry, 'device', organisation, id);
        const { subject, author, body } = key.said.statement;
        if (subject.id !== id || author !== organisation) {
          throw flaw(`What is on record as imprint of device ${id} is that of ${subject.id} by ${author}.`);
        }
        first ??= body;
        if (!isSameDevice(first, body)) {
          throw flaw(
            `A further key of device ${id} must leave its kind, serial number, model and manufacturer as they are.`,
          );
        }
        const technician = await this.#imprinter(entry, body.technician, organisation);
        if (!isIssuedBy(key.certificate, technician.certificate)) {
          throw flaw(`The certificate of device ${id} was not issued by technician ${body.technician}.`);
        }
        // The owner's word is an act: it is judged by what the ledger held then.
        const then = this.#judgement?.then(entry.registered) ?? this;
        if ((await then.voices(entry, body.owner)).length !== 1) {
          throw flaw(`${body.owner} has not signed that it owns device ${id}.`);
        }
        return key;
      },
      { taken: await this.#judgement?.taken?.device(id) },
    );
  }

  async #imprinter(entry: Entry, technician: string, organisation: string): Promise<Key> {
    const { keys } = registrantOf(technician) === organisation ? await this.person(technician) : EMPTY;
    const technicians = keys.filter(({ said: { statement } }) => statement.body.role === 'technician');
    return requireSignature(entry, signerName('technician', technician), technicians);
  }
}
