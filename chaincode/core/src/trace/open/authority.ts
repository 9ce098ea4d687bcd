import { dateOf, kindOf } from '../../model/index.js';
import type { Entry, Instant, Registered, StatementKind } from '../../model/index.js';
import { isValidOn } from '../../signing/index.js';
import { bearing, bearingOf, inForce, useAt } from '../impediments.js';
import type { Impediment } from '../impediments.js';
import { isOwnKey, needsOwnKey } from '../signatories.js';
import { conclusions } from './conclusions.js';
import type { Grounds } from './conclusions.js';
import { EMPTY, Keyrings } from './keyrings.js';
import type { Always, Conclude, Judgement, Keyring, Voice } from './keyrings.js';
import { Objections } from './objections.js';
import { readStatement } from './statement.js';
import type { Said } from './statement.js';

/** By what a word is judged: by what is known today, or by what the ledger held at a registration. */
export type Known = Registered | 'today';

/** The same without the registration: what was said against somebody is heard alike at all of them. */
export type Judged = 'then' | 'today';

/**
 * Types whose effect is final, such as a transfer: it stays in force, whatever is stated later about its signers and those who vouched
 * for them. Revocations and suspensions are final as well ({@link Objections}), and so is a vote of the institutes.
 */
const ACTS: readonly StatementKind[] = ['device', 'transfer', 'interval', 'requirements', 'rejection', 'reduction'];

/** By what a statement is judged: an act by what the ledger held when it took it in, all else by what is known today. */
export function judgedBy({ statement, registered }: Said): Known {
  return ACTS.includes(kindOf(statement)) ? registered : 'today';
}

/** Whose word counts, and when: the only place that is asked. */
export class Authority {
  readonly objections: Objections;
  readonly #grounds: Grounds;
  /** Every key that somebody vouched for, whoever that was. */
  readonly #all: Keyrings;
  /** Keys that counted by what the ledger held when it took them in. */
  readonly taken: Keyrings;
  readonly #today: Keyrings;
  /** Keys whose vouchers were not revoked: suspensions of officers are lifted with these. */
  readonly #unrevoked: Keyrings;
  readonly #then = new Map<string, Keyrings>();
  readonly #always: Always;
  #isOpposed = false;

  constructor(grounds: Grounds) {
    this.#grounds = grounds;
    this.#all = new Keyrings(
      grounds,
      undefined,
      this.#concluding('all', (authority) => authority.#all),
    );
    this.taken = new Keyrings(
      grounds,
      {
        whyNot: (voice, entry) => this.whyNot(voice, entry, entry.registered),
        then: (registered) => this.keyrings(registered),
      },
      this.#concluding('taken', ({ taken }) => taken),
    );
    this.#today = this.#keyringsBy((voice, entry) => this.whyNot(voice, entry, 'today'), {
      conclude: this.#concluding('today', (authority) => authority.#today),
    });
    this.#unrevoked = this.#keyringsBy(async (voice, entry) =>
      this.#doubt(voice, entry, await this.#against(voice, (id) => this.objections.revocationsOfOfficer(id))),
    );
    this.objections = new Objections(grounds, this.#all, this);
    this.#always = {
      keyrings: this.#keyringsBy((voice, entry) => this.#unopposed(voice, entry), {
        conclude: (holder, find) => this.#concludedAlways(holder, find),
      }),
      isOpposed: () => this.#isOpposed,
    };
  }

  /** The keys that count by what is known. */
  keyrings(known: Known): Keyrings {
    if (known === 'today') {
      return this.#today;
    }
    const name = `${known.epoch} ${known.date}`;
    const whyNot = (voice: Voice, entry: Entry) => this.whyNot(voice, entry, known);
    const before = this.#then.get(name) ?? this.#keyringsBy(whyNot, { always: this.#always });
    this.#then.set(name, before);
    return before;
  }

  /** Why what a signer vouched for, or lifted, does not count by what is known; undefined if it counts. */
  async whyNot(voice: Voice, entry: Entry, known: Known): Promise<string | undefined> {
    const against = await this.#against(voice, (officer) => this.objections.impedimentsOfOfficer(officer, known));
    return this.#doubt(voice, entry, against, known === 'today' ? this.#grounds : known.date);
  }

  /** The signatures for an organisation whose signers were entitled by what the ledger held at the registration. */
  async entitledVoices(entry: Entry, organisation: string, names: readonly string[] = []): Promise<readonly Voice[]> {
    const { registered } = entry;
    const entitled: Voice[] = [];
    for (const voice of await this.keyrings(registered).voices(entry, organisation, names)) {
      const against = await this.#against(voice, (id) => this.objections.impedimentsOfOfficer(id, registered));
      if (isCertified(voice, entry) && !inForce(against, registered.date)) {
        entitled.push(voice);
      }
    }
    return entitled;
  }

  /** Whether the signer of a reinstatement may lift something: by what is known today, or was when it was registered. */
  async lifts(word: Said, judged: Judged): Promise<boolean> {
    const { statement, entry } = word;
    if (needsOwnKey(statement)) {
      return this.#liftsByItself(word, judged === 'today' ? this.#today : this.#all);
    }
    if (judged === 'then') {
      return (await this.entitledVoices(entry, statement.author)).length > 0;
    }
    for (const voice of await this.#today.voices(entry, statement.author)) {
      if ((await this.whyNot(voice, entry, judged)) === undefined) {
        return true;
      }
    }
    return false;
  }

  /**
   * The same for an officer. Who may lift depends on keys that officers vouched for, so it is not asked whether those are suspended:
   * each answer would need the other one. Revocations cannot be lifted.
   */
  liftsOfOfficer(word: Said, judged: Judged): Promise<boolean> {
    return this.#liftsByItself(word, judged === 'today' ? this.#unrevoked : this.#all);
  }

  /** No officer may lift an objection against a person: officers could lift the objections against each other. */
  async #liftsByItself({ statement, entry }: Said, keyrings: Keyrings): Promise<boolean> {
    const voices = await keyrings.voices(entry, statement.author);
    return voices.some((voice) => isOwnKey(voice.signer) && isCertified(voice, entry));
  }

  /** Remembers what an authority on grounds of its own has found, for all that ask on the same grounds. */
  concluded<T>(name: string, find: (authority: Authority) => Promise<T>): Promise<T> {
    return conclusions.get(name, this.#grounds, (grounds) => find(new Authority(grounds)));
  }

  #keyringsBy(
    whyNot: Judgement['whyNot'],
    { always, conclude }: { readonly always?: Always; readonly conclude?: Conclude } = {},
  ): Keyrings {
    const then = (registered: Registered) => this.keyrings(registered);
    const judgement = { taken: this.taken, whyNot, then, ...(always && { always }) };
    return new Keyrings(this.#grounds, judgement, conclude);
  }

  /** All that open something ask for the same keys: those of the organisations above, and of their officers. */
  #concluding(name: string, of: (authority: Authority) => Keyrings): Conclude {
    return async (holder, find) => {
      const keyring = await this.concluded(`${name} keys of ${holder}`, async (authority) =>
        existing(await find(of(authority))),
      );
      return keyring ?? (EMPTY as Awaited<ReturnType<typeof find>>);
    };
  }

  /** Remembers with the keys whether anybody objected to their vouchers. */
  async #concludedAlways<K extends Keyring>(holder: string, find: (keyrings: Keyrings) => Promise<K>): Promise<K> {
    const always = await this.concluded(`always keys of ${holder}`, async (authority) => {
      const keyring = existing(await find(authority.#always.keyrings));
      return keyring && { keyring, isOpposed: authority.#isOpposed };
    });
    this.#isOpposed ||= always?.isOpposed ?? false;
    return always?.keyring ?? (EMPTY as Keyring as K);
  }

  /** {@link whyNot} at any registration, for a signer whom nobody has objected to. */
  async #unopposed(voice: Voice, entry: Entry): Promise<string | undefined> {
    const { signer } = voice;
    this.#isOpposed ||= !isOwnKey(signer) && (await this.objections.isOpposed(officerIn(signer)));
    return this.#doubt(voice, entry, []);
  }

  #against(
    { signer }: Voice,
    heard: (officer: string) => Promise<readonly Impediment[]>,
  ): Promise<readonly Impediment[]> {
    return isOwnKey(signer) ? Promise.resolve([]) : heard(officerIn(signer));
  }

  #doubt(
    { signer, key }: Voice,
    { jws, registered }: Entry,
    against: readonly Impediment[],
    asked: Instant | Grounds = this.#grounds,
  ): string | undefined {
    const use = useAt(readStatement(jws).date, registered.date);
    const day = [use.done, use.registered].map(dateOf).find((each) => !isValidOn(key.certificate, each));
    if (day !== undefined) {
      return `The certificate of ${signer} was not valid on ${day}.`;
    }
    // A suspension leaves what was done before and after it.
    const standing = against.filter(
      (each) => each.state === 'revoked' || [use.done, use.registered].some((moment) => inForce([each], moment)),
    );
    const found = standing.length === 0 ? undefined : bearing(standing, asked, use, 'signer');
    return found && bearingOf(`Officer ${officerIn(signer)}`, found, use);
  }
}

/** Holders without any record are not remembered. */
function existing<K extends Keyring>(keyring: K): K | undefined {
  return keyring.keys.length + keyring.flaws.length > 0 ? keyring : undefined;
}

function officerIn(signer: string): string {
  return signer.slice('officer:'.length);
}

function isCertified({ key }: Voice, { jws, registered }: Entry): boolean {
  return [readStatement(jws).date, registered.date].every((moment) => isValidOn(key.certificate, dateOf(moment)));
}
