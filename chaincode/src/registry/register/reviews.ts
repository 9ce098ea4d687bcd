import { RegistryError } from '@tracecal/core/model';
import { said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
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
  const standards: string[][] = [];
  for (const { report, digest } of body.reports) {
    standards.push(standardsOf(await requireOwn(state, word, report, digest)));
  }
  const before = await state.reviews(subject.id, author);
  requireNext(word, await entriesAboutReport(state, cause, author));
  requireRoom(word, before);
  await requireWord(state, word);
  state.write(keys.reviews(subject.id, author), [...before, word.entry]);
  for (const { report } of body.reports) {
    state.write(keys.reviewed(report, subject.id), null);
  }
  // They have the signature of the device that the cause is about.
  const isKnown = standards.every((devices) => devices.includes(causing.statement.body.device));
  return { ...(supersedes && { report: supersedes.report }), isKnown };
}

function standardsOf({ statement }: Said<'report'>): string[] {
  return statement.body.parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : []));
}

/** Only the laboratory that calibrated can judge what the cause means for the result. */
async function requireOwn(
  state: StateWriter,
  { statement }: Said<'review'>,
  report: string,
  digest: string,
): Promise<Said<'report'>> {
  const record = await required('report', report, state.report(report));
  const own = said(record.statement, statement.registry, 'report');
  if (own.statement.author !== statement.author || own.digest !== digest) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${statement.author} reviews only its own reports, by their digests: ${report} is not such a one.`,
    );
  }
  return own;
}
