import { isKind, isUnsound } from '../../model/index.js';
import type { RegistryPolicy, RegistryRecord } from '../../model/index.js';
import { afterWord, inForce } from '../impediments.js';
import type { Impediment, ImpedimentKind } from '../impediments.js';
import { signatoriesOf } from '../signatories.js';
import type { RecordSource } from '../source.js';
import type { Authority } from './authority.js';
import { Order } from './order.js';
import { said } from './statement.js';
import type { Said } from './statement.js';

type Change = Said<'admission' | 'policy' | ImpedimentKind>;

/** The institutes of a registry and their joint decisions, after a number of decisions. */
export interface Council {
  /** Admitted institutes by id, in order, including those that were removed. */
  readonly members: ReadonlyMap<string, Institute>;
  readonly policy: RegistryPolicy;
}

/** The institutes now, and at the time of a registration. */
export interface Institutes extends Council {
  /** Digest of the founding statement, hex; null if no valid founding is on record. */
  readonly founding: string | null;
  /** The institutes after this number of decisions. */
  readonly after: (decisions: number) => Council;
}

export interface Institute {
  readonly id: string;
  /** SHA-256 of the certificate with which it was founded or admitted, hex. */
  readonly certificateSha256: string;
  readonly impediments: readonly Impediment[];
}

/** The strict policy that applies as long as no policy was agreed. */
const NO_POLICY: RegistryPolicy = { transcriptionDays: 1, accreditors: 'body' };

/**
 * Determines the institutes from what they signed: first all founders, then each change by a majority of the institutes in good
 * standing when it was registered. A change without that majority has no effect.
 */
export async function openInstitutes(source: RecordSource, authority: Authority): Promise<Institutes> {
  const keyrings = authority.keyrings('today');
  const record = await source.founding();
  const roots = await keyrings.roots();
  const founding = record && readFounding(record, source.channel);
  if (!record || !founding?.statement.body.institutes.every(({ id }) => roots.has(id))) {
    const nobody: Council = { members: new Map(), policy: NO_POLICY };
    return { founding: null, ...nobody, after: () => nobody };
  }
  const state = new Deciding(founding, authority);
  const registry = await keyrings.registry();
  for (const entry of record.changes) {
    try {
      await state.apply(said(entry, registry, 'admission', 'policy', 'revocation', 'suspension', 'reinstatement'));
    } catch (error) {
      if (!isUnsound(error)) {
        throw error;
      }
      state.pass();
    }
  }
  return state.result();
}

function readFounding(record: RegistryRecord, channel: string): Said<'founding'> | undefined {
  try {
    return said(record.founding, channel, 'founding');
  } catch (error) {
    if (isUnsound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Least number of signatures that remove another institute: of two institutes, neither can remove the other. */
const FEWEST_AGAINST = 2;

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Institutes in good standing at a moment. */
export function standing(members: ReadonlyMap<string, Institute>, moment: string): readonly string[] {
  return [...members.values()].filter(({ impediments }) => !inForce(impediments, moment)).map(({ id }) => id);
}

/**
 * Whether enough institutes have signed, including the author: more than half of those that were not removed. A suspended institute
 * cannot sign, but counts: its suspension does not give its vote to the others.
 */
export async function hasMajority(
  word: Said,
  { members }: Council,
  authority: Authority,
  names: readonly string[],
): Promise<boolean> {
  const { statement, registered } = word;
  const { majority } = signatoriesOf(statement, (id) => members.has(id));
  const counted = [...members.values()].filter(
    ({ id, impediments }) =>
      !impediments.some(({ state, effective }) => state === 'revoked' && effective <= registered.date) &&
      (majority === 'institutes' || id !== statement.subject.id),
  );
  const speaking: string[] = [];
  for (const { id, impediments } of counted) {
    if (!inForce(impediments, registered.date) && (await speaks(word, id, authority, names))) {
      speaking.push(id);
    }
  }
  const fewest = majority === 'institutes' ? 1 : FEWEST_AGAINST;
  return speaking.includes(statement.author) && speaking.length >= Math.max(fewest, majorityOf(counted.length));
}

/** Whether a signer was entitled to sign for an institute when it was registered. */
async function speaks(
  { entry }: Said,
  institute: string,
  authority: Authority,
  names: readonly string[],
): Promise<boolean> {
  return (await authority.entitledVoices(entry, institute, names)).length > 0;
}

class Deciding {
  readonly #authority: Authority;
  readonly #order = new Order();
  readonly #founding: Said<'founding'>;
  /** After each decision, the founding first. */
  readonly #councils: Council[];

  constructor(founding: Said<'founding'>, authority: Authority) {
    this.#authority = authority;
    this.#founding = founding;
    const { institutes, policy } = founding.statement.body;
    const members = institutes.map(
      ({ id, certificateSha256 }) => [id, { id, certificateSha256, impediments: [] }] as const,
    );
    this.#councils = [{ members: new Map(members), policy }];
  }

  get #now(): Council {
    return this.#councils.at(-1) ?? { members: new Map(), policy: NO_POLICY };
  }

  async apply(change: Change): Promise<void> {
    if (this.#order.follows(change.statement) && (await this.#isAgreed(change))) {
      this.#order.take(change.statement);
      this.#councils.push(this.#enacted(change));
    } else {
      this.pass();
    }
  }

  /** For a record that cannot be read. */
  pass(): void {
    this.#councils.push(this.#now);
  }

  async #isAgreed(change: Change): Promise<boolean> {
    const { members } = this.#now;
    const { names, voices, majority } = signatoriesOf(change.statement, (id) => members.has(id));
    return majority === 'none'
      ? speaks(change, voices[0] ?? '', this.#authority, names)
      : hasMajority(change, this.#now, this.#authority, names);
  }

  #enacted(change: Change): Council {
    const { members, policy } = this.#now;
    const { statement } = change;
    const { id } = statement.subject;
    if (isKind(statement, 'policy')) {
      return { members, policy: statement.body };
    }
    const member = members.get(id);
    if (isKind(statement, 'admission')) {
      const { certificateSha256 } = statement.body;
      const admitted = { id, certificateSha256, impediments: [] };
      return member ? this.#now : { policy, members: new Map([...members, [id, admitted]]) };
    }
    // A majority lifts what a majority imposed; an institute lifts what it imposed on itself.
    const mayLift = !isKind(statement, 'reinstatement') || (statement.author === id) === (statement.body.lifts === id);
    if (!member || !mayLift) {
      return this.#now;
    }
    const impediments = afterWord(member.impediments, change as Said<ImpedimentKind>);
    return { policy, members: new Map([...members, [id, { ...member, impediments }]]) };
  }

  result(): Institutes {
    const councils = this.#councils;
    const last = this.#now;
    return { founding: this.#founding.digest, ...last, after: (decisions) => councils[decisions] ?? last };
  }
}
