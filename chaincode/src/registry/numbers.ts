import {
  dateOf,
  isKind,
  kindOf,
  MAX_ACCREDITATIONS_OF_AN_AUTHOR,
  MAX_CONFIRMATIONS_OF_AN_AUTHOR,
  MAX_OF_AN_AUTHOR,
  MAX_REQUIREMENTS_CHARACTERS,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, StatementKind, Subject } from '@tracecal/core/model';
import { nextNumber, readStatement } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';

/** A number may leave out what was never registered, but not use up those to come. */
const MAX_STEP = 1000;

/**
 * Requires that a statement's number follows the author's last one about the subject: what was signed before something else
 * cannot be registered after it, and nothing twice.
 *
 * @param entries All that the subject's records hold.
 */
export function requireNext({ statement }: Said, entries: readonly Entry[]): void {
  const { author, subject, number } = statement;
  const next = nextNumber(entries, author, subject);
  const label = `${author} about ${subject.kind} ${subject.id}`;
  if (number < next) {
    throw new RegistryError(
      'ALREADY_EXISTS',
      `statement ${number} of ${author} is not a new one about ${subject.kind} ${subject.id}: sign it with number ${next}.`,
    );
  }
  if (number >= next + MAX_STEP) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the next statement of ${label} has a number from ${next} to ${next + MAX_STEP - 1}, not ${number}.`,
    );
  }
}

/** What brings its subject into being has number 0. */
export function requireFirst({ statement }: Said): void {
  if (statement.number !== 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the statement that registers ${statement.subject.id} must have number 0, not ${statement.number}.`,
    );
  }
}

/** Room in a subject's record for what one author says there. */
interface Room {
  readonly kinds: readonly StatementKind[];
  readonly most: number;
  /** Characters of all of them: whoever reads the record verifies every one. */
  readonly characters?: number;
  /** Places at the end that are kept for some of them. */
  readonly kept?: Readonly<Partial<Record<StatementKind, number>>>;
}

/**
 * The one table of it. Each author has room of its own, and each duty: nobody can use up that of somebody else, nor say so much
 * of one kind that something else can no longer be said.
 */
const ROOMS: readonly Room[] = [
  // Keys.
  { kinds: ['organisation'], most: 32 },
  { kinds: ['device'], most: 32 },
  { kinds: ['authorisation'], most: MAX_OF_AN_AUTHOR },
  // A suspension can always be lifted; the last places are for revocations, which may have to reach further back.
  {
    kinds: ['suspension', 'reinstatement', 'revocation'],
    most: 40,
    kept: { suspension: 5, reinstatement: 4 },
  },
  { kinds: ['accreditation'], most: MAX_ACCREDITATIONS_OF_AN_AUTHOR },
  { kinds: ['reduction'], most: MAX_ACCREDITATIONS_OF_AN_AUTHOR },
  // What an owner says of a device: the last place is for a rejection.
  {
    kinds: ['acceptance', 'rejection', 'consent', 'interval', 'transfer'],
    most: MAX_OF_AN_AUTHOR,
    kept: { acceptance: 1, consent: 1, interval: 1, transfer: 1 },
  },
  { kinds: ['requirements'], most: MAX_OF_AN_AUTHOR, characters: MAX_REQUIREMENTS_CHARACTERS },
  { kinds: ['review'], most: MAX_OF_AN_AUTHOR },
  { kinds: ['confirmation'], most: MAX_CONFIRMATIONS_OF_AN_AUTHOR },
  // What institutes decide together.
  { kinds: ['admission', 'policy'], most: MAX_OF_AN_AUTHOR },
];

/** Requires room for a statement of this author in a record. */
export function requireRoom({ statement, entry }: Said, entries: readonly Entry[]): void {
  const { author, subject } = statement;
  const kind = kindOf(statement);
  const { kinds, most, characters = Infinity, kept = {} } = roomOf(kind);
  const taking = thoseTaking(kind, author, entries, subject);
  const taken = taking.length;
  if ([entry, ...taking].reduce((sum, { jws }) => sum + JSON.stringify(jws).length, 0) > characters) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of ${subject.kind} ${subject.id} has no room for this statement: those of this sort (${kinds.join(', ')}) have ${characters} characters at most. State fewer of them, or shorter ones.`,
    );
  }
  if (taken >= most - (kept[kind] ?? 0) && !isFirstEnd(entry, entries)) {
    const others = kinds.filter((each) => (kept[each] ?? 0) < (kept[kind] ?? 0)).join(' or ');
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of ${subject.kind} ${subject.id} holds ${taken} statements of ${author} of this sort (${kinds.join(', ')}): no more are kept${others && `, but for a ${others}`}.`,
    );
  }
}

/** @param subject Of impediments: those of an institute stand among those of all others. */
export function roomTaken(kind: StatementKind, author: string, entries: readonly Entry[], subject?: Subject): number {
  return thoseTaking(kind, author, entries, subject).length;
}

function thoseTaking(
  kind: StatementKind,
  author: string,
  entries: readonly Entry[],
  subject?: Subject,
): readonly Entry[] {
  const { kinds } = roomOf(kind);
  return entries.filter((entry, place) => {
    const said = readStatement(entry.jws);
    return (
      said.author === author &&
      kinds.includes(kindOf(said)) &&
      (kind === 'admission' ||
        kind === 'policy' ||
        !subject ||
        isKind(said, 'consent') ||
        said.subject.id === subject.id) &&
      !isFirstEnd(entry, entries.slice(0, place))
    );
  });
}

/** What was granted can always be taken back: the first that ends all of an accreditation takes no room. */
function isFirstEnd(entry: Entry, before: readonly Entry[]): boolean {
  const ended = endedBy(entry);
  return (
    ended !== undefined &&
    !before.some(
      (earlier) => readStatement(earlier.jws).author === ended.author && endedBy(earlier)?.number === ended.number,
    )
  );
}

/** The accreditation that a reduction ends as a whole, by its author and number. */
function endedBy({ jws, registered }: Entry): { readonly author: string; readonly number: number } | undefined {
  const statement = readStatement(jws);
  return isKind(statement, 'reduction') &&
    statement.body.lines === null &&
    statement.body.validTo <= dateOf(registered.date)
    ? { author: statement.author, number: statement.body.accreditation }
    : undefined;
}

function roomOf(kind: StatementKind): Room {
  const room = ROOMS.find(({ kinds }) => kinds.includes(kind));
  if (!room) {
    throw new Error(`no record keeps statements of type ${kind} of several authors.`);
  }
  return room;
}
