import { isKind, registrantOf } from '../../model/index.js';
import type { Entry, Instant, OrganisationRecord, Subject } from '../../model/index.js';
import { impedimentsOf } from '../impediments.js';
import type { Impediment, ImpedimentKind, Say } from '../impediments.js';
import type { RecordSource } from '../source.js';
import { Against } from './against.js';
import type { Heard } from './against.js';
import type { Authority, Judged, Known } from './authority.js';
import { MAX_CHAIN } from './keyrings.js';
import { remembered } from './remembered.js';
import type { Key } from './key.js';
import type { Keyrings } from './keyrings.js';
import { Order } from './order.js';
import { tenuresThen } from './ownership.js';
import type { Ownership } from './ownership.js';
import { readable } from './statement.js';
import type { Said } from './statement.js';

type Owners = Pick<Ownership, 'owners' | 'since'>;
const NO_OWNERS: Owners = { owners: [], since: [] };

/** Whether a reinstatement is signed by those who may lift something. */
type Lifts = (word: Said) => Promise<boolean>;

/**
 * Valid objections against a subject, by those who may object to it. An objection stays valid, whatever becomes of its signers and of
 * those who vouched for them. What lifts it is judged by what is known.
 */
export class Objections {
  readonly #source: RecordSource;
  readonly #keyrings: Keyrings;
  readonly #authority: Authority;
  readonly #againstOfficers = new Map<string, Promise<Against>>();
  readonly #againstOrganisations = new Map<string, Promise<Against>>();

  /** @param keyrings All keys that somebody vouched for. */
  constructor(source: RecordSource, keyrings: Keyrings, authority: Authority) {
    this.#source = source;
    this.#keyrings = keyrings;
    this.#authority = authority;
  }

  /**
   * Objections against a subject by the organisations responsible for it, or by organisations above them, by what is known today.
   * @param owners Owners of a device: each owner, and the organisations above it, may object while the device is theirs.
   */
  async impediments(
    subject: Subject,
    entries: readonly Entry[],
    responsible: readonly string[],
    owners: Owners = NO_OWNERS,
  ): Promise<readonly Impediment[]> {
    return (await this.#against(subject, entries, responsible, owners, 'today')).by('today');
  }

  /** The same for an organisation, by what is known. */
  async impedimentsOfOrganisation(
    { id, impediments }: Pick<OrganisationRecord, 'id' | 'impediments'>,
    known: Known,
  ): Promise<readonly Impediment[]> {
    const judged = known === 'today' ? known : 'then';
    const against = await remembered(this.#againstOrganisations, `${judged} ${id}`, () =>
      this.#against({ kind: 'organisation', id }, impediments, [id], NO_OWNERS, judged),
    );
    return against.by(known);
  }

  /** The same for an officer. */
  async impedimentsOfOfficer(id: string, known: Known): Promise<readonly Impediment[]> {
    return (await this.#againstOfficer(id, known === 'today' ? known : 'then')).by(known);
  }

  /** Whether anybody objected to an officer, by what the ledger held at some registration. */
  async isOpposed(officer: string): Promise<boolean> {
    return (await this.#againstOfficer(officer, 'then')).isAny;
  }

  /** Only revocations: nobody can lift them, so they do not depend on what is known of others. */
  async revocationsOfOfficer(id: string): Promise<readonly Impediment[]> {
    const heard = await this.#heardOfOfficer(id, () => Promise.resolve(false));
    return impedimentsOf([...heard.keys()].filter(({ statement }) => isKind(statement, 'revocation')));
  }

  async #against(
    subject: Subject,
    entries: readonly Entry[],
    responsible: readonly string[],
    owners: Owners,
    judged: Judged,
  ): Promise<Against> {
    const lifts: Lifts = (word) => this.#authority.lifts(word, judged);
    const heard = await this.#heard(await this.#words(subject, entries), responsible, owners, lifts);
    return new Against(heard, heard);
  }

  #againstOfficer(id: string, judged: Judged): Promise<Against> {
    return remembered(this.#againstOfficers, `${judged} ${id}`, () =>
      this.#authority.concluded(`against officer ${id} ${judged}`, ({ objections }) => objections.#saidOf(id, judged)),
    );
  }

  async #saidOf(officer: string, judged: Judged): Promise<Against> {
    const lifts: Lifts = (word) => this.#authority.liftsOfOfficer(word, judged);
    return new Against(await this.#heardOfOfficer(officer, lifts));
  }

  async #heardOfOfficer(id: string, lifts: Lifts): Promise<Heard> {
    const { impediments = [] } = (await this.#source.person(id)) ?? {};
    return this.#heard(await this.#words({ kind: 'person', id }, impediments), [registrantOf(id)], NO_OWNERS, lifts);
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
    lifts: Lifts,
  ): Promise<Heard> {
    const heard = new Map<Said<ImpedimentKind>, Say>();
    const order = new Order();
    for (const word of words) {
      const say = order.follows(word.statement) ? await this.#sayIn(word, responsible, owners, lifts) : undefined;
      if (say) {
        order.take(word.statement);
        heard.set(word, say);
      }
    }
    return heard;
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
  async #sayIn(
    word: Said<ImpedimentKind>,
    responsible: readonly string[],
    owners: Owners,
    lifts: Lifts,
  ): Promise<Say | undefined> {
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
    return mayLift && (await lifts(word)) ? { tenure, reach, succeeds } : undefined;
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
