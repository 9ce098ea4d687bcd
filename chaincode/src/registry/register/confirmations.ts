import {
  isKind,
  MAX_CONFIRMATIONS_OF_AN_AUTHOR,
  MAX_CONFIRMING_OF_A_MEMBER,
  MAX_CONFIRMING_OF_AN_INSTITUTE,
  RegistryError,
} from '@tracecal/core/model';
import type { Entry, ReportRecord } from '@tracecal/core/model';
import { friendship, readStatement, said } from '@tracecal/core/open';
import type { OpenDevice, Opener, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import type { Foundation } from '@tracecal/core/registry';
import { foundationsOf, nameOf } from '../foundations.js';
import { requireNext, requireRoom, roomTaken } from '../numbers.js';
import { openerFor, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';

/**
 * Registers that an officer of another organisation imported the original of a transcription, and the result of the
 * comparison.
 */
export async function confirm({ state, word }: Registration<'confirmation'>): Promise<Details> {
  const { author, subject, body, registry } = word.statement;
  const record = await required('report', subject.id, state.report(subject.id));
  const report = said(record.statement, registry, 'report');
  const { certificate, certificateSha256, device: id } = report.statement.body;
  if (report.digest !== body.digest || !certificate || certificateSha256 !== body.certificateSha256) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} with that digest was not imported from the certificate with that digest.`,
    );
  }
  const opener = openerFor(state, word);
  const device = await required('device', id, opener.device(id));
  const why = await friendship(opener, author, [report.statement.author, ...device.owners]);
  if (why !== undefined) {
    throw new RegistryError('NOT_AUTHORISED', `a transcription is confirmed by others: ${why}`);
  }
  const before = await state.confirmations(subject.id);
  requireNext(word, await entriesAboutReport(state, record, author));
  requireRoom(word, before);
  if (body.equal) {
    await requirePlace(opener, word, before);
  } else {
    requireConfirmed(word, before);
  }
  await requireWord(state, word);
  const after = [...before, word.entry];
  state.write(keys.confirmations(subject.id), after);
  await indexConfirmers(state, device, record, [before, after]);
  return { report: subject.id };
}

/** An accepted report is in the index with its author; from then on it is indexed with the confirming organisations too. */
async function indexConfirmers(
  state: StateWriter,
  device: OpenDevice,
  report: ReportRecord,
  [before, after]: readonly [readonly Entry[], readonly Entry[]],
): Promise<void> {
  const { kind } = device.imprint.body;
  const keyOf = (on: Foundation) => keys.rests(on, kind, device.id, report.id);
  const { author: id } = readStatement(report.statement.jws);
  if ((await state.read<null>(keyOf({ kind: 'organisation', id }))) === undefined) {
    return;
  }
  const known = await foundationsOf(state, report, device, { confirmations: before });
  const now = await foundationsOf(state, report, device, { confirmations: after });
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

/** Only an existing confirmation can be withdrawn: a withdrawal of nothing would use up space. */
function requireConfirmed({ statement: { author, subject } }: Said, before: readonly Entry[]): void {
  const last = before.map(({ jws }) => readStatement(jws)).findLast((each) => each.author === author);
  if (!last || !isKind(last, 'confirmation') || !last.body.equal) {
    throw new RegistryError('INPUT_INVALID', `${author} has not confirmed report ${subject.id}: nothing to take back.`);
  }
}

/** A confirmation can always be withdrawn: the last place of each organisation is reserved for that. */
async function requirePlace(
  opener: Opener,
  { statement: { author, subject } }: Said,
  before: readonly Entry[],
): Promise<void> {
  const authors = new Set(before.map(({ jws }) => readStatement(jws).author));
  const isFull = !authors.has(author) && (await isRoomFull(opener, author, authors));
  if (isFull || roomTaken('confirmation', author, before) >= MAX_CONFIRMATIONS_OF_AN_AUTHOR - 1) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} has no room for another confirmation: no more are kept.`,
    );
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
