import { RegistryError } from '@tracecal/core/model';
import { said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '../keys.js';
import { requireNext, requireRoom } from '../numbers.js';
import { requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';

/**
 * Registers that a laboratory has reviewed its reports after something they depend on was called in question, and that the
 * reports stand.
 */
export async function review({ state, word }: Registration<'review'>): Promise<Details> {
  const { author, subject, body, registry } = word.statement;
  const cause = await required('report', subject.id, state.report(subject.id));
  const causing = said(cause.statement, registry, 'report');
  const { supersedes, results } = causing.statement.body;
  const isCause = supersedes !== null || results.some(({ foundOutOfLimits }) => foundOutOfLimits);
  if (!isCause || causing.digest !== body.digest) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} with that digest amends no other, and did not find its device out of its limits: there is nothing to review.`,
    );
  }
  for (const { report, digest } of body.reports) {
    await requireOwn(state, word, report, digest);
  }
  const before = await state.reviews(subject.id, author);
  requireNext(word, await entriesAboutReport(state, cause, author));
  requireRoom(word, before);
  await requireWord(state, word);
  state.write(keys.reviews(subject.id, author), [...before, word.entry]);
  for (const { report } of body.reports) {
    state.write(keys.reviewed(report, subject.id), null);
  }
  return supersedes ? { report: supersedes.report } : {};
}

/** Only the laboratory that calibrated can judge what the cause means for the result. */
async function requireOwn(
  state: StateWriter,
  { statement }: Said<'review'>,
  report: string,
  digest: string,
): Promise<void> {
  const record = await required('report', report, state.report(report));
  const own = said(record.statement, statement.registry, 'report');
  if (own.statement.author !== statement.author || own.digest !== digest) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${statement.author} reviews only its own reports, by their digests: ${report} is not such a one.`,
    );
  }
}
