import { isKind, RegistryError } from '@tracecal/core/model';
import type { Entry } from '@tracecal/core/model';
import { friendship, readStatement, said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { requireNext, requireRoom } from '../numbers.js';
import { openerFor, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';
import { indexSpeakers, requirePlace } from './witnesses.js';

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
  requireRoom(word, before, !body.equal);
  if (body.equal) {
    await requirePlace(opener, word, before, 'confirmation');
  } else {
    requireConfirmed(word, before);
  }
  await requireWord(state, word);
  const after = [...before, word.entry];
  state.write(keys.confirmations(subject.id), after);
  await indexSpeakers(state, device, record, [{ confirmations: before }, { confirmations: after }]);
  return { report: subject.id };
}

/** Only an existing confirmation can be withdrawn: a withdrawal of nothing would use up space. */
function requireConfirmed({ statement: { author, subject } }: Said, before: readonly Entry[]): void {
  const last = before.map(({ jws }) => readStatement(jws)).findLast((each) => each.author === author);
  if (!last || !isKind(last, 'confirmation') || !last.body.equal) {
    throw new RegistryError('INPUT_INVALID', `${author} has not confirmed report ${subject.id}: nothing to take back.`);
  }
}
