import { isKind, kindOf, STATEMENT_TYPES } from '@tracecal/core/model';
import type {
  Entry,
  Instant,
  Jws,
  Registered,
  Statement,
  StatementKind,
  StatementOf,
  Subject,
} from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import { jwsPayload, jwsSignature, payloadText, signerName, signingInput } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import { needsOwnKey, signatoriesOf } from '@tracecal/core/trace';
import { keyHolder, signatureOf } from '../calibrationKeys.js';
import type { KeyHolder, KeyHolderRequest } from '../calibrationKeys.js';
import { known, Records } from './records.js';
import type { Item, KeySpec, Saying, Step, Submission } from './specs.js';
import { transactionOf } from './transactions.js';

/** What brings its subject into being has number 0. */
const CREATIONS: readonly StatementKind[] = ['founding', 'admission', 'device', 'report'];

export interface Words<Kind extends StatementKind> extends Saying {
  readonly author: string;
  readonly subject: StatementOf<Kind>['subject'];
  readonly body: StatementOf<Kind>['body'];
}

/** A statement whose type is not told apart. */
type AnyStatement = StatementOf<StatementKind>;

/** Keys of those who sign, statements in their names, and the calls that register them. */
export class Statements extends Records {
  /** Everything that was built, in order, as calls of the registry. */
  readonly steps: Step[] = [];
  /** Dates of the seals, in order. */
  readonly seals: Instant[] = [];
  /** Institutes, in order. */
  institutes: readonly string[] = [];
  /** Institutes that do not speak any more. */
  protected readonly fallen = new Set<string>();
  readonly #holders = new Map<string, KeyHolder[]>();
  readonly #numbers = new Map<string, number>();
  #transactions = 0;
  #registry: string | undefined;

  // --- Keys -------------------------------------------------------------------------------------------------------

  /** Somebody's newest key. */
  holder(kind: SignerKind, id: string): KeyHolder {
    return this.#holder(`${kind}:${id}`);
  }

  #holder(signer: string): KeyHolder {
    const name = this.#wholeName(signer);
    return known(this.#holders.get(name)?.at(-1), name);
  }

  protected async addHolder(
    request: Omit<KeyHolderRequest, 'generation' | 'valid' | 'key'>,
    { valid, sameKeyAs, seed }: KeySpec = {},
  ): Promise<KeyHolder> {
    const name = signerName(request.role, request.id);
    const holders = this.#holders.get(name) ?? [];
    const holder = await keyHolder({
      ...request,
      generation: holders.length,
      ...(valid && { valid }),
      ...(seed !== undefined && { seed }),
      ...(sameKeyAs !== undefined && { key: this.#holder(sameKeyAs) }),
    });
    this.#holders.set(name, [...holders, holder]);
    return holder;
  }

  /** Who speaks for an organisation: its officer, or its own key where it has none. */
  voiceOf(organisation: string): string {
    const officer = signerName('officer', `${organisation}/officer`);
    return this.#holders.has(officer) ? officer : signerName('organisation', organisation);
  }

  // --- Statements -------------------------------------------------------------------------------------------------

  /** What all but the founding is signed for. */
  get registry(): string {
    return known<string>(this.#registry, 'founding');
  }

  protected nameRegistry(founding: Jws): void {
    this.#registry = registryName(this.channel, founding);
  }

  /** What would be signed: for tests that change it or sign it differently. */
  statement<Kind extends StatementKind>(kind: Kind, words: Words<Kind>): StatementOf<Kind> {
    const { author, subject, body, registered = this.dates.founded, date = registered } = words;
    const number = words.number ?? (CREATIONS.includes(kind) ? 0 : this.nextNumber(author, subject));
    const registry = kind === 'founding' ? this.channel : this.registry;
    return { type: STATEMENT_TYPES[kind], registry, author, date, number, subject, body };
  }

  /** Everybody whose signature a statement needs; of the institutes no more than a majority. */
  signersOf(saying: AnyStatement): readonly string[] {
    const statement = saying as Statement;
    const { names, voices, majority } = signatoriesOf(statement, (id) => this.institutes.includes(id));
    const isOfficer = isKind(statement, 'authorisation') && statement.body.role === 'officer';
    const byItself = isOfficer || needsOwnKey(statement);
    const entitled = [statement.author, ...this.institutes].filter(
      (id, place, all) =>
        this.institutes.includes(id) &&
        !this.fallen.has(id) &&
        all.indexOf(id) === place &&
        (majority === 'institutes' || id !== statement.subject.id),
    );
    const fewest = Math.max(majority === 'institutes' ? 1 : 2, Math.floor(entitled.length / 2) + 1);
    const speaking = majority === 'none' ? voices : entitled.slice(0, fewest);
    // Officers do not depend on one another: the organisation's own key authorises them.
    return [...names, ...speaking.map((id) => (byItself ? signerName('organisation', id) : this.voiceOf(id)))];
  }

  /** Signs with the keys of these, by default of everybody whose signature it needs. */
  sign(statement: AnyStatement, signers: readonly string[] = this.signersOf(statement)): Jws {
    return this.signAs(statement, signers);
  }

  /**
   * Signatures of holders by signer name (`technician:t-1`) over any payload; `technician:t-1=device:d-1` signs in the
   * name of the first with the key of the second.
   */
  signAs(payload: unknown, signers: readonly string[]): Jws {
    const encoded = jwsPayload(payload);
    const signatures = signers.map((signer) => {
      const [name = '', holder = name] = signer.split('=');
      const whole = this.#wholeName(name);
      return jwsSignature(whole, signatureOf(this.#holder(holder), signingInput(whole, encoded)));
    });
    return { payload: encoded, signatures };
  }

  /** What was signed with some fields changed, of its body too, signed by those whose signature it needs, or by these. */
  changed(jws: Jws, { body, ...changes }: Readonly<Record<string, unknown>>, signers?: readonly string[]): Jws {
    const old = readSigned(jws);
    const statement = { ...old, ...changes, body: { ...old.body, ...(body as object | undefined) } };
    return this.signAs(statement, signers ?? this.signersOf(statement));
  }

  // --- The ledger -------------------------------------------------------------------------------------------------

  /** The stamp of something that the ledger takes in at a moment. */
  stamp(date: Instant = this.dates.founded): Registered {
    this.#transactions += 1;
    const epoch = this.seals.filter((seal) => seal <= date).length;
    const decisions = this.registryRecord?.changes.length ?? 0;
    return { epoch, date, decisions, txId: `tx-${this.#transactions}` };
  }

  protected entry(statement: Jws, { registered, date }: Saying): Entry {
    return { jws: statement, registered: this.stamp(registered ?? date) };
  }

  protected step(item: Item, at: Instant): Item {
    const statement = readSigned(item.statement);
    const kind = kindOf(statement);
    const argument = JSON.stringify({ items: [item] });
    this.steps.push({
      transaction: transactionOf(statement),
      argument,
      kind,
      item,
      organisation: statement.author,
      at,
    });
    return item;
  }

  /**
   * The calls that make a registry hold what was built: all in order of their dates, or those from a step on as they were
   * built. Laboratories call for the sensor makers below them.
   */
  submissions(from = 0): readonly Submission[] {
    const steps = this.steps.slice(from).map((step) => ({ ...step, by: this.#writerAbove(step.organisation) }));
    return from > 0 ? steps : steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  /** The organisation, or the first above it, that may write at the calibration level. */
  #writerAbove(organisation: string): string {
    const statement = this.membershipOf(organisation)?.body;
    const isWriter = statement === undefined || ['NMI', 'LAB'].includes(statement.kind);
    return isWriter || statement.certifier === null ? organisation : this.#writerAbove(statement.certifier);
  }

  /** What an organisation is, by its own newest statement. */
  membershipOf(organisation: string): StatementOf<'organisation'> | undefined {
    const entry = this.organisations.get(organisation)?.memberships.at(-1);
    return entry && (readSigned(entry.jws) as StatementOf<'organisation'>);
  }

  protected nextNumber(author: string, { kind, id }: Pick<Subject, 'kind' | 'id'>): number {
    const key = `${author} ${kind} ${id}`;
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Signers may be named by the short id, too. */
  #wholeName(signer: string): string {
    const [role = '', id = ''] = /^([a-z]+):(.*)$/.exec(signer)?.slice(1) ?? [];
    const kind = role === 'technician' || role === 'officer' ? 'person' : role === 'device' ? 'device' : 'organisation';
    return `${role}:${this.idOf(kind, id)}`;
  }
}

/** What was signed, whether it makes sense or not. */
export function readSigned(jws: Jws): Statement {
  return JSON.parse(payloadText(jws)) as Statement;
}
