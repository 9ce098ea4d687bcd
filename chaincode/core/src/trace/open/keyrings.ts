import { CERTIFIES, isUnsound, refusalText, registrantOf, RegistryError } from '../../model/index.js';
import type { CertifiedEntry, Entry, Imprint, Membership, StatementKind } from '../../model/index.js';
import { isIssuedBy, signerName } from '../../signing/index.js';
import { speakersFor } from '../signatories.js';
import type { RecordSource } from '../source.js';
import { isSameDevice, isSameMember, kindIn, mayNotCertify } from './holders.js';
import { attempt, flaw, keysThen, mayIssue, ownKey, personKey, requireSignature, signingKey } from './key.js';
import type { Key } from './key.js';
import { Order } from './order.js';
import type { Numbered } from './order.js';
import { registryOf } from './registry.js';
import { remembered } from './remembered.js';
import { rootsOf } from './rootKeys.js';

/** Length of the longest chain of certification. */
export const MAX_CHAIN = 16;

/** A holder's keys, oldest first. */
export interface Keyring<Kind extends StatementKind = StatementKind> {
  readonly keys: readonly Key<Kind>[];
  /** Why further keys in the record are not valid. */
  readonly flaws: readonly string[];
}

/** A valid signature: its signer and key. */
export interface Voice {
  readonly signer: string;
  readonly organisation: string;
  readonly key: Key;
}

/** Why a signature no longer counts, by what is known today about its signer; undefined if it counts. */
export type WhyNot = (voice: Voice, entry: Entry) => Promise<string | undefined>;

const EMPTY: Keyring<never> = { keys: [], flaws: [] };

/** The signer who vouched for the key no longer counts. */
class VoucherGone extends RegistryError {}

/**
 * Finds the keys that people, organisations and devices may sign with, up to the roots. Every key is checked against the statement
 * that vouches for it and the certificate above it; whether it was valid on a day is checked at its use.
 */
export class Keyrings {
  readonly #source: RecordSource;
  readonly #organisations = new Map<string, Promise<Keyring<'organisation' | 'founding' | 'admission'>>>();
  readonly #people = new Map<string, Promise<Keyring<'authorisation'>>>();
  readonly #officers = new Map<string, Promise<Keyring<'authorisation'>>>();
  readonly #devices = new Map<string, Promise<Keyring<'device'>>>();
  #registry: Promise<string> | undefined;
  #roots: Promise<ReadonlyMap<string, Key<'founding' | 'admission'>>> | undefined;

  readonly #whyNot: WhyNot;

  /** @param whyNot By default, a key stays valid whatever is stated later about those who vouched for it. */
  constructor(source: RecordSource, whyNot: WhyNot = () => Promise.resolve(undefined)) {
    this.#source = source;
    this.#whyNot = whyNot;
  }

  /** The registry that statements have to be signed for. */
  registry(): Promise<string> {
    this.#registry ??= registryOf(this.#source);
    return this.#registry;
  }

  /** Root keys of the institutes as founding and admissions name them; `institutes.ts` decides whether they were admitted. */
  roots(): Promise<ReadonlyMap<string, Key<'founding' | 'admission'>>> {
    this.#roots ??= this.#source
      .founding()
      .then(async (record) => (record ? rootsOf(record, this.#source.channel, await this.registry()) : new Map()));
    return this.#roots;
  }

  organisation(id: string, below: readonly string[] = []): Promise<Keyring<'organisation' | 'founding' | 'admission'>> {
    if (below.includes(id) || below.length >= MAX_CHAIN) {
      return Promise.resolve({
        keys: [],
        flaws: [`Organisation ${id} is certified by itself, over ${below.join(', ')}.`],
      });
    }
    return remembered(this.#organisations, id, () => this.#organisationKeys(id, [...below, id]));
  }

  /** Keys of a technician or an officer. */
  person(id: string): Promise<Keyring<'authorisation'>> {
    return remembered(this.#people, id, () => this.#personKeys(id));
  }

  device(id: string): Promise<Keyring<'device'>> {
    return remembered(this.#devices, id, () => this.#deviceKeys(id));
  }

  /** Keys of an officer: authorised by the organisation's own key, so that officers do not depend on one another. */
  officer(id: string): Promise<Keyring<'authorisation'>> {
    return remembered(this.#officers, id, () => this.#officerKeys(id));
  }

  async #officerKeys(id: string): Promise<Keyring<'authorisation'>> {
    const { keys } = await this.organisation(registrantOf(id));
    const registry = await this.registry();
    return collect(await this.#authorisations(id), (entry) => {
      const key = personKey(id, entry, registry, keys);
      if (key.said.statement.body.role !== 'officer') {
        throw flaw(`${id} is not an officer.`);
      }
      requireSignature(entry, signerName('organisation', registrantOf(id)), keys);
      return Promise.resolve(key);
    });
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
    const root = (await this.roots()).get(id);
    const record = await this.#source.organisation(id);
    const found: Key<'organisation' | 'founding' | 'admission'>[] = root ? [root] : [];
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
    const { keys, flaws } = await collect(memberships, async (entry) => {
      const key = await vouched(entry, memberships, membershipKey);
      if (key.certificate.sha256 !== root?.certificate.sha256) {
        found.push(key);
      }
      return key;
    });
    // A key that was replaced by a newer one no longer needs anybody to vouch for it.
    const isRenewed = keys.at(-1)?.said.entry.jws === memberships.at(-1)?.jws;
    return { keys: found, flaws: isRenewed ? [] : flaws };
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
    const reason = await this.#whyNot(voice, entry);
    if (reason !== undefined) {
      throw new VoucherGone('CERTIFICATE_INVALID', reason);
    }
  }

  /** An officer whom the old key authorised signs for a new key, so that no certifier can take over the organisation. */
  async #requireRollOver(entry: CertifiedEntry, id: string, before: readonly Key[]): Promise<void> {
    const registry = await this.registry();
    for (const signer of speakersFor(entry.jws, id, [signerName('organisation', id)])) {
      const officer = signer.slice('officer:'.length);
      for (const authorisation of await this.#authorisations(officer)) {
        const key = attempt(() => personKey(officer, authorisation, registry, before));
        if (key?.said.statement.body.role === 'officer' && signingKey(entry, signer, [key])) {
          return this.#requireBelieved({ signer, organisation: id, key }, entry);
        }
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
    return collect(authorisations, (entry) => vouched(entry, authorisations, authorisedKey));
  }

  async #deviceKeys(id: string): Promise<Keyring<'device'>> {
    const record = await this.#source.device(id);
    const registry = await this.registry();
    const organisation = registrantOf(id);
    let first: Imprint | undefined;
    return collect(record?.imprints ?? [], async (entry) => {
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
      if ((await this.voices(entry, body.owner)).length !== 1) {
        throw flaw(`${body.owner} has not signed that it owns device ${id}.`);
      }
      return key;
    });
  }

  async #imprinter(entry: Entry, technician: string, organisation: string): Promise<Key> {
    const { keys } = registrantOf(technician) === organisation ? await this.person(technician) : EMPTY;
    const technicians = keys.filter(({ said: { statement } }) => statement.body.role === 'technician');
    return requireSignature(entry, signerName('technician', technician), technicians);
  }
}

/**
 * The key of an entry. If the signer who vouched for it no longer counts, but the same certificate was vouched for again later, the
 * key is valid from the start because of that later statement.
 */
async function vouched<K extends Key>(
  entry: CertifiedEntry,
  entries: readonly CertifiedEntry[],
  keyOf: (entry: CertifiedEntry) => Promise<K>,
): Promise<K> {
  try {
    return await keyOf(entry);
  } catch (error) {
    const later = entries.slice(entries.indexOf(entry) + 1);
    const again = later.find(({ certificate }) => certificate === entry.certificate);
    if (!(error instanceof VoucherGone) || !again) {
      throw error;
    }
    const key = await vouched(again, entries, keyOf);
    return { ...key, said: { ...key.said, registered: entry.registered } };
  }
}

async function collect<E, K extends StatementKind>(
  entries: readonly E[],
  keyOf: (entry: E) => Promise<Key<K>>,
): Promise<Keyring<K>> {
  const keys: Key<K>[] = [];
  const flaws: string[] = [];
  const order = new Order();
  for (const entry of entries) {
    try {
      const key = await keyOf(entry);
      requireOrder(order, key.said.statement);
      keys.push(key);
    } catch (error) {
      if (!isUnsound(error)) {
        throw error;
      }
      flaws.push(refusalText(error));
    }
  }
  return { keys, flaws };
}

function requireOrder(order: Order, statement: Numbered): void {
  if (!order.follows(statement)) {
    throw flaw(
      `Statement ${statement.number} of ${statement.author} about ${statement.subject.id} is not a newer one.`,
    );
  }
  order.take(statement);
}
