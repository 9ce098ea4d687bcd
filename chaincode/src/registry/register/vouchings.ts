import { isKind, RegistryError } from '@tracecal/core/model';
import type { Entry, JudgedResults, OpenedResults, StatementOf } from '@tracecal/core/model';
import { answerableFor, readStatement, said } from '@tracecal/core/open';
import type { Opener, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { lineDigest, mayVouch, thresholdsDigest } from '@tracecal/core/trace';
import { requireNext, requireRoom } from '../numbers.js';
import { openerFor, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { entriesAboutReport } from './aboutReport.js';
import { indexSpeakers, requirePlace } from './witnesses.js';

/** Registers what an organisation that has read confidential results says about them. What they are stays with those who were told. */
export async function vouch({ state, word }: Registration<'vouching'>): Promise<Details> {
  const { author, subject, body, registry } = word.statement;
  const record = await required('report', subject.id, state.report(subject.id));
  const report = said(record.statement, registry, 'report');
  if (report.digest !== body.digest) {
    throw new RegistryError('INPUT_INVALID', `report ${subject.id} has another digest than the one that was judged.`);
  }
  await requireSealed(state, report, body.opened);
  const given = report.statement.body.results.map(({ quantity }) => quantity);
  const strange = body.judged.find(({ quantity }) => !given.includes(quantity));
  if (strange) {
    throw new RegistryError('INPUT_INVALID', `report ${subject.id} gives no ${strange.quantity}.`);
  }
  const opener = openerFor(state, word);
  const { policy } = await opener.institutes();
  if (body.policy !== thresholdsDigest(policy) && !isWithdrawal(word.statement)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${subject.id} was judged by other thresholds than those of this registry: judge it again.`,
    );
  }
  const device = await required('device', report.statement.body.device, opener.device(report.statement.body.device));
  if (!(await mayVouch(opener, { said: report, device }, author))) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${author} may not vouch for report ${subject.id}: institutes, laboratories, accreditation bodies and observers may, and its issuer and the owners of its device.`,
    );
  }
  const before = await state.vouchings(subject.id);
  requireNext(word, await entriesAboutReport(state, record, author));
  requireRoom(word, before, isWithdrawal(word.statement));
  if (isWithdrawal(word.statement)) {
    requireVouched(word, before);
  } else {
    await requireGranted(opener, report, body.judged);
    await requirePlace(opener, word, before, 'vouching');
  }
  await requireWord(state, word);
  const after = [...before, word.entry];
  state.write(keys.vouchings(subject.id), after);
  await indexSpeakers(state, device, record, [{ vouchings: before }, { vouchings: after }]);
  return { report: subject.id, isKnown: before.some(({ jws }) => readStatement(jws).author === author) };
}

/** What was read is what reports of this registry have sealed: the report itself, and others that it may rest on. */
async function requireSealed(
  state: StateWriter,
  report: Said<'report'>,
  opened: readonly OpenedResults[],
): Promise<void> {
  const names = new Set<string>();
  for (const { report: id, quantity, root } of opened) {
    const name = `${quantity} of report ${id}`;
    if (names.has(name)) {
      throw new RegistryError('INPUT_INVALID', `a vouching names ${name} twice.`);
    }
    names.add(name);
    const of = id === report.statement.subject.id ? report : await registeredReport(state, report, id);
    const named = of.statement.body.results.find((each) => each.quantity === quantity);
    if (!named?.sealed || named.sha256 !== root) {
      throw new RegistryError('INPUT_INVALID', `report ${id} has not sealed its ${quantity} with that root.`);
    }
  }
}

/** What bears the results are lines that were granted: those of the report's author or, where it transcribes a certificate, of that one's. */
async function requireGranted(
  opener: Opener,
  { statement }: Said<'report'>,
  judged: readonly JudgedResults[],
): Promise<void> {
  const laboratories = answerableFor(statement);
  const granted = (await Promise.all(laboratories.map((id) => opener.lines(id)))).flat();
  for (const { quantity, lines } of judged) {
    const known = new Set(granted.filter(({ scope }) => scope.quantity === quantity).map(lineDigest));
    const isStray = lines.some((line) => !known.has(line));
    if (isStray || new Set(lines).size < lines.length) {
      throw new RegistryError(
        'INPUT_INVALID',
        isStray
          ? `a vouching names a line for ${quantity} that nobody has granted ${laboratories.join(' or ')}: judge the report again.`
          : `a vouching names a line for ${quantity} twice.`,
      );
    }
  }
}

async function registeredReport(state: StateWriter, { statement }: Said, id: string): Promise<Said<'report'>> {
  const record = await required('report', id, state.report(id));
  return said(record.statement, statement.registry, 'report');
}

function isWithdrawal({ body }: StatementOf<'vouching'>): boolean {
  return body.judged.every(({ outcome }) => outcome === 'unsound');
}

/** Only what was vouched for can be withdrawn: a withdrawal of nothing would use up space. */
function requireVouched({ statement: { author, subject } }: Said, before: readonly Entry[]): void {
  const last = before.map(({ jws }) => readStatement(jws)).findLast((each) => each.author === author);
  if (!last || !isKind(last, 'vouching') || isWithdrawal(last)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${author} does not vouch for report ${subject.id}: nothing to take back.`,
    );
  }
}
