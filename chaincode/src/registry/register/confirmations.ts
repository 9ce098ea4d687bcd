import type { Entry, StatementOf } from '../../model/index.js';
import { entriesOf, MAX_CONFIRMATIONS_OF_AN_AUTHOR, MAX_CONFIRMING, RegistryError } from '../../model/index.js';
import { Grounds } from '../../trace/open/conclusions.js';
import { friendship } from '../../trace/open/confirmations.js';
import { Opener } from '../../trace/open/opener.js';
import { readStatement, said } from '../../trace/open/statement.js';
import { keys } from '../keys.js';
import { requireNext, requireRoom, roomTaken } from '../numbers.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';

/** Registers that an officer of another organisation imported the original of a transcription, and how it reads. */
export async function confirm({ state, word }: Registration<'confirmation'>): Promise<Details> {
  const { author, subject, body, registry } = word.statement;
  const record = await required('report', subject.id, state.report(subject.id));
  const report = said(record.statement, registry, 'report');
  const { certificate, certificateSha256, device: id } = report.statement.body;
  if (report.digest !== body.digest || !certificate || certificateSha256 !== body.certificateSha256) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} with that digest does not transcribe the certificate with that digest.`,
    );
  }
  const opener = new Opener(new Grounds(state, word.registered.date));
  const { owners } = await required('device', id, opener.device(id));
  const why = await friendship(opener, author, [report.statement.author, ...owners]);
  if (why !== undefined) {
    throw new RegistryError('NOT_AUTHORISED', `a transcription is confirmed by others: ${why}`);
  }
  const before = await state.confirmations(subject.id);
  requireNext(word, [...entriesOf.report(record), ...before]);
  requireRoom(word, before);
  requirePlace(word.statement, before);
  await requireWord(state, word);
  state.write(keys.confirmations(subject.id), [...before, word.entry]);
  return { report: subject.id };
}

/**
 * What was said can always be taken back: the last place of each organisation is for that. Whoever has not confirmed has nothing
 * to take back, and finds no place either when all are taken: a trace reads as many entries as there are places.
 */
function requirePlace({ author, subject, body }: StatementOf<'confirmation'>, before: readonly Entry[]): void {
  const authors = new Set(before.map(({ jws }) => readStatement(jws).author));
  const isFull = !authors.has(author) && authors.size >= MAX_CONFIRMING;
  const isLast = roomTaken('confirmation', author, before) >= MAX_CONFIRMATIONS_OF_AN_AUTHOR - 1;
  if (isFull || (body.equal && isLast)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} has no room for another confirmation: no more are kept.`,
    );
  }
}
