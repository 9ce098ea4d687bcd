import {
  MAX_CONFIRMATIONS_OF_AN_AUTHOR,
  MAX_VOUCHINGS_OF_AN_AUTHOR,
  MAX_CONFIRMING_OF_A_MEMBER,
  MAX_CONFIRMING_OF_AN_INSTITUTE,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, ReportRecord } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import type { OpenDevice, Opener, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { Foundation } from '@tracecal/core/registry';
import { foundationsOf, nameOf } from '../foundations.js';
import type { Words } from '../foundations.js';
import { roomTaken } from '../numbers.js';
import type { StateWriter } from '../state.js';

// Organisations that nobody asked for their word about a report: those that confirm a transcription, and those that vouch for confidential
// results.

/**
 * An accepted report is in the index with its author; from then on it is indexed with the organisations that speak for it too.
 *
 * @param words What they said, before and after this transaction.
 */
export async function indexSpeakers(
  state: StateWriter,
  device: OpenDevice,
  report: ReportRecord,
  [before, after]: readonly [Words, Words],
): Promise<void> {
  const { kind } = device.imprint.body;
  const keyOf = (on: Foundation) => keys.rests(on, kind, device.id, report.id);
  const { author: id } = readStatement(report.statement.jws);
  if ((await state.read<null>(keyOf({ kind: 'organisation', id }))) === undefined) {
    return;
  }
  const known = await foundationsOf(state, report, device, before);
  const now = await foundationsOf(state, report, device, after);
  without(now, known).forEach((on) => {
    state.write(keyOf(on), null);
  });
  without(known, now).forEach((on) => {
    state.remove(keyOf(on));
  });
}

function without(all: readonly Foundation[], others: readonly Foundation[]): readonly Foundation[] {
  const names = new Set(others.map(nameOf));
  return all.filter((each) => !names.has(nameOf(each)));
}

const MOST = { confirmation: MAX_CONFIRMATIONS_OF_AN_AUTHOR, vouching: MAX_VOUCHINGS_OF_AN_AUTHOR };

/** What was said can always be withdrawn: the last place of each organisation is reserved for that. */
export async function requirePlace(
  opener: Opener,
  { statement: { author, subject } }: Said<'confirmation' | 'vouching'>,
  before: readonly Entry[],
  kind: 'confirmation' | 'vouching',
): Promise<void> {
  const authors = new Set(before.map(({ jws }) => readStatement(jws).author));
  const isFull = !authors.has(author) && (await isRoomFull(opener, author, authors));
  if (isFull || roomTaken(kind, author, before) >= MOST[kind] - 1) {
    throw new RegistryError('INPUT_INVALID', `report ${subject.id} has no room for another ${kind}: no more are kept.`);
  }
}

/**
 * Whether the organisations that share a space with this one have filled it. Nobody can use up the space of others with
 * organisations that it certifies or acts through: the members that an institute certifies share one space, and the
 * organisations below them share another.
 */
async function isRoomFull(opener: Opener, author: string, others: Iterable<string>): Promise<boolean> {
  const own = await roomOf(opener, author);
  const rooms = await Promise.all(Array.from(others, (other) => roomOf(opener, other)));
  const beside = rooms.flatMap((room) => (own && room?.whose === own.whose ? [room.mspId] : []));
  return (
    beside.filter((mspId) => mspId === own?.mspId).length >= MAX_CONFIRMING_OF_A_MEMBER ||
    new Set(beside.filter((mspId) => mspId !== own?.mspId)).size >= MAX_CONFIRMING_OF_AN_INSTITUTE
  );
}

/**
 * The space that an organisation uses: that of the members certified by an institute, or that of the organisations below
 * them. An institute uses none.
 */
async function roomOf(
  opener: Opener,
  id: string,
): Promise<{ readonly whose: string; readonly mspId: string } | undefined> {
  const { organisations } = await opener.certification(id);
  const [institute, member] = organisations.slice(-2).reverse();
  return (
    institute &&
    member && {
      whose: `${member.id === id ? 'certified by' : 'below'} ${institute.id}`,
      mspId: member.membership.body.mspId,
    }
  );
}
