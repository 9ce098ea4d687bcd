import { dateOf, isKind, precedes, registrantOf } from '../../model/index.js';
import type { Entry, Instant, Subject } from '../../model/index.js';
import { isValidOn } from '../../signing/index.js';
import { impedimentsOf, inForce } from '../impediments.js';
import type { Impediment, ImpedimentKind, Say } from '../impediments.js';
import { isOwnKey, needsOwnKey } from '../signatories.js';
import type { RecordSource } from '../source.js';
import { MAX_CHAIN } from './keyrings.js';
import { remembered } from './remembered.js';
import type { Key } from './key.js';
import type { Keyrings, Voice } from './keyrings.js';
import { Order } from './order.js';
import { tenuresThen } from './ownership.js';
import type { Ownership } from './ownership.js';
import { readable, readStatement } from './statement.js';
import type { Said } from './statement.js';

type Owners = Pick<Ownership, 'owners' | 'since'>;
const NO_OWNERS: Owners = { owners: [], since: [] };

/** Valid objections against a subject, by those who may object to it. */
export class Objections {
  readonly #source: RecordSource;
  readonly #keyrings: Keyrings;
  readonly #againstPeople = new Map<string, Promise<ReadonlyMap<Said<ImpedimentKind>, Say>>>();

  constructor(source: RecordSource, keyrings: Keyrings) {
    this.#source = source;
    this.#keyrings = keyrings;
  }

  /**
   * Objections against a subject by the organisations responsible for it, or by organisations above them.
   * @param owners Owners of a device: each owner, and the organisations above it, may object while the device is theirs.
   */
  async impediments(
    subject: Subject,
    entries: readonly Entry[],
    responsible: readonly string[],
    owners: Owners = NO_OWNERS,
  ): Promise<readonly Impediment[]> {
    const heard = await this.#heard(await this.#words(subject, entries), responsible, owners);
    return impedimentsOf([...heard.keys()], heard);
  }

  /** The same for a person. */
  async impedimentsOfPerson(id: string): Promise<readonly Impediment[]> {
    return impedimentsOf([...(await this.#againstPerson(id)).keys()]);
  }

  #againstPerson(id: string): Promise<ReadonlyMap<Said<ImpedimentKind>, Say>> {
    return remembered(this.#againstPeople, id, async () => {
      const { impediments = [] } = (await this.#source.person(id)) ?? {};
      return this.#heard(await this.#words({ kind: 'person', id }, impediments), [registrantOf(id)], NO_OWNERS);
    });
  }

  /** A statement about another subject does not belong into this record: here it could lift an impediment that nobody lifted. */
  async #words({ kind, id }: Subject, entries: readonly Entry[]): Promise<readonly Said<ImpedimentKind>[]> {
    const registry = await this.#keyrings.registry();
    return readable(entries, registry, 'revocation', 'suspension', 'reinstatement').filter(
      ({ statement: { subject } }) => subject.kind === kind && subject.id === id,
    );
  }

  async #heard(
    words: readonly Said<ImpedimentKind>[],
    responsible: readonly string[],
    owners: Owners,
  ): Promise<ReadonlyMap<Said<ImpedimentKind>, Say>> {
    const heard = new Map<Said<ImpedimentKind>, Say>();
    const order = new Order();
    for (const word of words) {
      const say = order.follows(word.statement) ? await this.#sayIn(word, responsible, owners) : undefined;
      if (say) {
        order.take(word.statement);
        heard.set(word, say);
      }
    }
    return heard;
  }

  /**
   * The signatures for an organisation whose signers were entitled when the statement was registered: a joint decision of institutes
   * stays valid if an officer is revoked later.
   */
  async entitledVoices(entry: Entry, organisation: string, names: readonly string[] = []): Promise<readonly Voice[]> {
    const entitled: Voice[] = [];
    for (const voice of await this.#keyrings.voices(entry, organisation, names)) {
      if (isCertified(voice, entry) && (await this.#isInOffice(voice, entry))) {
        entitled.push(voice);
      }
    }
    return entitled;
  }

  /** An organisation and those above it, without opening them: the caller may be looking up their impediments just now. */
  async above(organisation: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let id: string | null = organisation; id !== null && !ids.includes(id) && ids.length < MAX_CHAIN;) {
      ids.push(id);
      id = certifierIn((await this.#keyrings.organisation(id)).keys);
    }
    return ids;
  }

  /** Why the author may object; undefined if the author may not. */
  async #sayIn(word: Said<ImpedimentKind>, responsible: readonly string[], owners: Owners): Promise<Say | undefined> {
    const { statement, entry } = word;
    const { author } = statement;
    const tenure = (await this.#isAbove(author, responsible)) ? null : await this.#tenureOf(word, owners);
    if (tenure === undefined) {
      return undefined;
    }
    const reach = reachOf(tenure, owners);
    if (!isKind(statement, 'reinstatement')) {
      // It does not matter whether the officer still holds the office: an objection stays valid.
      const isSaid = (await this.#keyrings.voices(entry, author)).length > 0;
      return isSaid ? { tenure, reach, succeeds: false } : undefined;
    }
    // Only the organisation that imposed it, or one above it, may lift it. An owner may also lift what former owners imposed.
    const succeeds = !(await this.above(statement.body.lifts)).includes(author);
    const mayLift = !succeeds || (tenure !== null && owners.owners[tenure] === author);
    return mayLift && (await this.#lifts(word)) ? { tenure, reach, succeeds } : undefined;
  }

  /** No officer may lift an objection against a person: officers could lift the objections against each other. */
  async #lifts({ statement, entry }: Said): Promise<boolean> {
    if (!needsOwnKey(statement)) {
      return (await this.entitledVoices(entry, statement.author)).length > 0;
    }
    const voices = await this.#keyrings.voices(entry, statement.author);
    return voices.some((voice) => isOwnKey(voice.signer) && isCertified(voice, entry));
  }

  /** The owner in whose name an organisation speaks about a device: itself, or an owner below it. */
  async #tenureOf({ statement, registered }: Said, owners: Owners): Promise<number | undefined> {
    for (const tenure of tenuresThen(owners, registered).toReversed()) {
      if ((await this.above(owners.owners[tenure] ?? '')).includes(statement.author)) {
        return tenure;
      }
    }
    return undefined;
  }

  async #isAbove(author: string, organisations: readonly string[]): Promise<boolean> {
    for (const id of organisations) {
      if ((await this.above(id)).includes(author)) {
        return true;
      }
    }
    return false;
  }

  async #isInOffice({ signer }: Voice, entry: Entry): Promise<boolean> {
    if (isOwnKey(signer)) {
      return true;
    }
    const heard = await this.#againstPerson(signer.slice('officer:'.length));
    const known = [...heard.keys()].filter(({ registered }) => precedes(registered, entry.registered));
    return !inForce(impedimentsOf(known), entry.registered.date);
  }
}

/** The first owner is also responsible for everything that was done before the device was registered. */
function reachOf(tenure: number | null, { since }: Owners): Instant | null {
  return tenure === null || tenure === 0 ? null : (since[tenure]?.date ?? null);
}

/** Uses signed statements only: an unsigned membership would let its certifier object. */
function certifierIn(keys: readonly Key[]): string | null {
  const membership = keys.map(({ said }) => said.statement).find((statement) => isKind(statement, 'organisation'));
  return membership && isKind(membership, 'organisation') ? membership.body.certifier : null;
}

function isCertified({ key }: Voice, { jws, registered }: Entry): boolean {
  return [readStatement(jws).date, registered.date].every((moment) => isValidOn(key.certificate, dateOf(moment)));
}
