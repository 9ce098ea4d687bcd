import { MEASUREMENT_EVENTS } from '@tracecal/core/contracts';
import type { AnswerRecord, DirectiveAnswered, DirectiveRecord } from '@tracecal/core/contracts';
import { isAbout, readAnswer, unverifiedAnswer, unverifiedDirective } from '@tracecal/core/directives';
import type { Answer, Directive } from '@tracecal/core/directives';
import { instantOf, millisecondsOf, registrantOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { deviceCertificate, requireKind } from '../levels/index.js';
import { keys } from './keys.js';

/**
 * Puts the answer to a directive on the channel: once for every device that it is about, signed by the device or by a gateway of the
 * operator.
 *
 * @throws RegistryError `NOT_AUTHORISED`, `NOT_FOUND`, `ALREADY_EXISTS`, `TIME_INVALID`, `WRONG_REGISTRY`, and those of `readAnswer`
 */
export async function answerDirective(state: LedgerWriter, caller: Caller, json: string): Promise<DirectiveAnswered> {
  caller.requireRole('recorder');
  await requireKind(state, caller, 'OEM');
  const { content, jws, digest } = unverifiedAnswer(json);
  const { directive, device, outcome, by } = content;
  const given = await state.read<DirectiveRecord>(keys.directive(directive));
  if (!given) {
    throw new RegistryError('NOT_FOUND', `no directive ${directive} was given here.`);
  }
  const answered = unverifiedDirective({ directive: given.directive, certificate: given.certificate }).content;
  requireFitting(content, answered);
  requireDate(content.date, answered.date, state.now);
  // Whoever signs chooses the date, so the key also has to be valid now: otherwise a replaced one would count for good.
  readAnswer(jws, [await deviceCertificate(state, by)]);
  const key = keys.answer(directive, device);
  if (await state.read(key)) {
    throw new RegistryError('ALREADY_EXISTS', `directive ${directive} is answered for ${device} already.`);
  }
  const record: AnswerRecord = { answer: jws, digest, by: caller.mspId, recorded: state.stamp };
  state.write(key, record);
  return state.conclude({ type: MEASUREMENT_EVENTS.directiveAnswered, directive, device, outcome });
}

/** What is signed without a network is answered without one, so the date of a directive counts and not when it was registered. */
function requireDate(date: Instant, directed: Instant, now: Instant): void {
  if (date > instantOf(millisecondsOf(now) + TIME_WINDOW_MS)) {
    throw new RegistryError('TIME_INVALID', `the answer is dated ${date}, which lies ahead: check the clock.`);
  }
  if (date < instantOf(millisecondsOf(directed) - TIME_WINDOW_MS)) {
    throw new RegistryError(
      'TIME_INVALID',
      `the answer is dated ${date}, before its directive (${directed}): check the clock and sign it again.`,
    );
  }
}

function requireFitting(answer: Answer, directive: Directive): void {
  if (answer.registry !== directive.registry) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `the answer names registry ${answer.registry}, not ${directive.registry}.`,
    );
  }
  if (!isAbout(directive, answer.device)) {
    throw new RegistryError('INPUT_INVALID', `the directive is not about ${answer.device}.`);
  }
  if (answer.by !== answer.device && registrantOf(answer.by) !== directive.operator) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${answer.by} may not answer for ${answer.device}: only the device itself or a gateway of ${directive.operator}.`,
    );
  }
}
