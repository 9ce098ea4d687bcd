import type { Entry } from '../../model/index.js';
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
  if (body.equal) {
    requirePlace(author, subject.id, before);
  }
  await requireWord(state, word);
  state.write(keys.confirmations(subject.id), [...before, word.entry]);
  return { report: subject.id };
}

/** What was said can always be taken back: the last place of each organisation is for that. */
function requirePlace(author: string, report: string, before: readonly Entry[]): void {
  const authors = new Set(before.map(({ jws }) => readStatement(jws).author));
  const isFull = !authors.has(author) && authors.size >= MAX_CONFIRMING;
  if (isFull || roomTaken('confirmation', author, before) >= MAX_CONFIRMATIONS_OF_AN_AUTHOR - 1) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${report} has no room for another confirmation: no more are kept.`,
    );
  }
}
