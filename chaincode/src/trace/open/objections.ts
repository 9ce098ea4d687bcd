import { dateOf, isKind, precedes } from '../../model/index.js';
import type { Entry } from '../../model/index.js';
import { isValidOn } from '../../signing/index.js';
import { impedimentsOf, inForce } from '../impediments.js';
import type { Impediment, ImpedimentKind } from '../impediments.js';
import type { RecordSource } from '../source.js';
import { MAX_CHAIN } from './keys.js';
import type { Key, Keyrings, Voice } from './keys.js';
import { Order } from './order.js';
import { readable, readStatement } from './statement.js';
import type { Said } from './statement.js';

/** What is said against something, as far as it was said by those who have a say. */
export class Objections {
  readonly #source: RecordSource;
  readonly #keyrings: Keyrings;

  constructor(source: RecordSource, keyrings: Keyrings) {
    this.#source = source;
    this.#keyrings = keyrings;
  }

  /**
   * What was validly said against something by organisations that are responsible for it, or by those above them.
   * @param asking Officers whose own impediments are being looked up: they lift nothing that was said against themselves.
   */
  async impediments(
    entries: readonly Entry[],
    responsible: readonly string[],
    asking: readonly string[] = [],
  ): Promise<readonly Impediment[]> {
    const heard: Said<ImpedimentKind>[] = [];
    const order = new Order();
    const registry = await this.#keyrings.registry();
    for (const word of readable(entries, registry, 'revocation', 'suspension', 'reinstatement')) {
      if (order.follows(word.statement) && (await this.#isHeard(word, responsible, asking))) {
        order.take(word.statement);
        heard.push(word);
      }
    }
    return impedimentsOf(heard);
  }

  /**
   * The voices of an organisation in a statement that were entitled to speak by what the ledger held when it took the
   * statement in: what institutes have decided together does not fall with an officer who is revoked later.
   */
  async entitledVoices(
    entry: Entry,
    organisation: string,
    names: readonly string[] = [],
    asking: readonly string[] = [],
  ): Promise<readonly Voice[]> {
    const entitled: Voice[] = [];
    for (const voice of await this.#keyrings.voices(entry, organisation, names)) {
      if (isCertified(voice, entry) && (await this.#isInOffice(voice, entry, asking))) {
        entitled.push(voice);
      }
    }
    return entitled;
  }

  /** An organisation and those above it, without opening them: their impediments may be what is being looked up. */
  async above(organisation: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let id: string | null = organisation; id !== null && !ids.includes(id) && ids.length < MAX_CHAIN;) {
      ids.push(id);
      id = certifierIn((await this.#keyrings.organisation(id)).keys);
    }
    return ids;
  }

  async #isHeard(
    word: Said<ImpedimentKind>,
    responsible: readonly string[],
    asking: readonly string[],
  ): Promise<boolean> {
    const { statement, entry } = word;
    const { author } = statement;
    if (!(await this.#isAbove(author, responsible))) {
      return false;
    }
    if (!isKind(statement, 'reinstatement')) {
      // Whether the officer is still one is no matter: what was said against something stays said.
      return (await this.#keyrings.voices(entry, author)).length > 0;
    }
    // By whom it was imposed, or above: an owner does not lift what the imprinter said.
    const { lifts } = statement.body;
    const mayLift = (await this.above(lifts)).includes(author) || isSuccessor(responsible, author, lifts);
    return mayLift && (await this.entitledVoices(entry, author, [], asking)).length > 0;
  }

  async #isAbove(author: string, organisations: readonly string[]): Promise<boolean> {
    for (const id of organisations) {
      if ((await this.above(id)).includes(author)) {
        return true;
      }
    }
    return false;
  }

  async #isInOffice({ signer, organisation }: Voice, entry: Entry, asking: readonly string[]): Promise<boolean> {
    if (!signer.startsWith('officer:')) {
      return true;
    }
    const id = signer.slice('officer:'.length);
    if (asking.includes(id)) {
      return false;
    }
    const { impediments = [] } = (await this.#source.person(id)) ?? {};
    const known = impediments.filter(({ registered }) => precedes(registered, entry.registered));
    return !inForce(await this.impediments(known, [organisation], [...asking, id]), entry.registered.date);
  }
}

/** By what is validly signed: an unsigned membership would lend its certifier a say. */
function certifierIn(keys: readonly Key[]): string | null {
  const membership = keys.map(({ said }) => said.statement).find((statement) => isKind(statement, 'organisation'));
  return membership && isKind(membership, 'organisation') ? membership.body.certifier : null;
}

/** Whoever owns a device now lifts what former owners have imposed on it. */
function isSuccessor(responsible: readonly string[], author: string, lifts: string): boolean {
  return responsible.length > 1 && responsible.at(-1) === author && responsible.slice(1).includes(lifts);
}

function isCertified({ key }: Voice, { jws, registered }: Entry): boolean {
  return [readStatement(jws).date, registered.date].every((moment) => isValidOn(key.certificate, dateOf(moment)));
}
