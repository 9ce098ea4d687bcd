import {
  dateOf,
  isKind,
  kindOf,
  MAX_ACCREDITATIONS_OF_AN_AUTHOR,
  MAX_CONFIRMATIONS_OF_AN_AUTHOR,
  MAX_VOUCHINGS_OF_AN_AUTHOR,
  MAX_KEYS,
  MAX_OF_AN_AUTHOR,
  MAX_REQUIREMENTS_CHARACTERS,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, OwnerEntry, StatementKind, Subject } from '@tracecal/core/model';
import { nextNumber, readStatement } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';

/** A number may skip statements that were never registered, but it may not use up future numbers. */
const MAX_STEP = 1000;

/**
 * Requires that a statement's number follows the author's last one about the subject. So an earlier signed statement cannot
 * be registered after a later one, and no statement can be registered twice.
 *
 * @param entries All entries in the subject's records.
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

/** A statement that creates its subject has number 0. */
export function requireFirst({ statement }: Said): void {
  if (statement.number !== 0) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the statement that registers ${statement.subject.id} must have number 0, not ${statement.number}.`,
    );
  }
}

/** Entries of an author that a standing consent leaves free, for the owner's own statements. */
const ROOM_LEFT = 10;

/** Space in a subject's record for the statements of one author. */
interface Room {
  readonly most: number;
  /**
   * Most characters of all of them together: every reader of the record verifies each one. Absent if their schema already
   * limits their length.
   */
  readonly characters?: number;
  /** Places at the end that are reserved for some of these types. */
  readonly kept?: Readonly<Partial<Record<StatementKind, number>>>;
  /** Short statements that always have space, even when long ones have used up the characters. */
  readonly always?: readonly StatementKind[];
  /** What to do when the record is full. */
  readonly instead: string;
}

/** A suspension can always be lifted. The last places are for revocations, which may need an earlier effective date. */
const AGAINST: Room = {
  most: 40,
  kept: { suspension: 5, reinstatement: 4 },
  instead: 'An organisation above its author can say it.',
};

/** An owner's statements about a device. The last place is for a rejection. */
const DECISIONS: Room = {
  most: MAX_OF_AN_AUTHOR,
  characters: 262_144,
  kept: { acceptance: 1, consent: 1, interval: 1, transfer: 1 },
  always: ['rejection'],
  instead: 'State less at once, or accept a report that says all that older ones say: what it replaces takes no room.',
};

/** Joint decisions of the institutes. */
const JOINT: Room = {
  most: MAX_OF_AN_AUTHOR,
  characters: 524_288,
  instead: 'Another institute can be the author.',
};

/**
 * The one table of these limits. Types with the same room share it. Each author has separate space for each duty: no author can use
 * up the space of another, and statements of one kind cannot block those of another kind. Null: no record collects such statements.
 */
const ROOMS: Readonly<Record<StatementKind, Room | null>> = {
  organisation: { most: MAX_KEYS, characters: 131_072, instead: 'Register the organisation anew, under another id.' },
  device: { most: MAX_KEYS, characters: 131_072, instead: 'Register the device anew, under another id.' },
  authorisation: {
    most: MAX_OF_AN_AUTHOR,
    characters: 262_144,
    instead: 'Authorise the person anew, under another id.',
  },
  suspension: AGAINST,
  reinstatement: AGAINST,
  revocation: AGAINST,
  accreditation: {
    most: MAX_ACCREDITATIONS_OF_AN_AUTHOR,
    characters: 262_144,
    instead: 'Have another accreditor grant these lines.',
  },
  reduction: {
    most: MAX_ACCREDITATIONS_OF_AN_AUTHOR,
    characters: 131_072,
    instead: 'End whole accreditations, and grant anew what remains.',
  },
  acceptance: DECISIONS,
  rejection: DECISIONS,
  consent: DECISIONS,
  interval: DECISIONS,
  transfer: DECISIONS,
  requirements: {
    most: MAX_OF_AN_AUTHOR,
    characters: MAX_REQUIREMENTS_CHARACTERS,
    instead: 'State fewer of them, or shorter ones.',
  },
  review: {
    most: MAX_OF_AN_AUTHOR,
    characters: 524_288,
    instead: 'Issue the reports that are left anew, on what counts now.',
  },
  confirmation: {
    most: MAX_CONFIRMATIONS_OF_AN_AUTHOR,
    characters: 16_384,
    instead: 'Another organisation can confirm it.',
  },
  vouching: {
    most: MAX_VOUCHINGS_OF_AN_AUTHOR,
    characters: 131_072,
    instead: 'Another organisation can vouch for it.',
  },
  admission: JOINT,
  policy: JOINT,
  founding: null,
  report: null,
  seal: null,
  heartbeat: null,
};

const KINDS = Object.keys(ROOMS) as readonly StatementKind[];

/**
 * Requires that the record has space for a statement of this author.
 *
 * @param isTakenBack Whether it takes back what the author said before: no length of that must prevent it.
 */
export function requireRoom({ statement, entry }: Said, entries: readonly Entry[], isTakenBack = false): void {
  const { author, subject } = statement;
  const kind = kindOf(statement);
  const { most, characters = Infinity, kept = {}, always = [], instead } = roomOf(kind);
  const kinds = sharing(kind);
  if (isFirstEnd(entry, entries)) {
    return;
  }
  const taking = thoseTaking(kind, author, entries, subject);
  const taken = taking.length;
  if (!isTakenBack && !always.includes(kind) && charactersOf([entry, ...taking]) > characters) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of ${subject.kind} ${subject.id} has no room for this statement: those of this sort (${kinds.join(', ')}) have ${characters} characters at most. ${instead}`,
    );
  }
  if (taken >= most - (kept[kind] ?? 0)) {
    const others = kinds.filter((each) => (kept[each] ?? 0) < (kept[kind] ?? 0)).join(' or ');
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of ${subject.kind} ${subject.id} holds ${taken} statements of ${author} of this sort (${kinds.join(', ')}): no more are kept${others && `, but for a ${others}`}. ${instead}`,
    );
  }
}

/** Whether an owner's standing consent may be applied once more: the owner's own statements must still have space. */
export function leavesRoom(entry: OwnerEntry, entries: readonly Entry[]): boolean {
  const statement = readStatement(entry.jws);
  const kind = kindOf(statement);
  const { most, characters = Infinity } = roomOf(kind);
  const taking = thoseTaking(kind, statement.author, entries);
  return taking.length + ROOM_LEFT < most && charactersOf([entry, ...taking]) <= characters / 2;
}

/** Including what a consent was applied to. */
function charactersOf(entries: readonly OwnerEntry[]): number {
  return entries.reduce(
    (sum, { jws, applied }) => sum + JSON.stringify(jws).length + (applied ? JSON.stringify(applied).length : 0),
    0,
  );
}

/** @param subject Used for impediments: the record that holds those of an institute also holds those of the others. */
export function roomTaken(kind: StatementKind, author: string, entries: readonly Entry[], subject?: Subject): number {
  return thoseTaking(kind, author, entries, subject).length;
}

function thoseTaking(
  kind: StatementKind,
  author: string,
  entries: readonly Entry[],
  subject?: Subject,
): readonly Entry[] {
  const kinds = sharing(kind);
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

/** A grant can always be taken back: the first reduction that ends a whole accreditation needs no space. */
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
  const room = ROOMS[kind];
  if (room === null) {
    throw new Error(`no record collects statements of type ${kind}: give them a room in ROOMS.`);
  }
  return room;
}

/** The types that share the room of this one. */
function sharing(kind: StatementKind): readonly StatementKind[] {
  const room = roomOf(kind);
  return KINDS.filter((each) => ROOMS[each] === room);
}
