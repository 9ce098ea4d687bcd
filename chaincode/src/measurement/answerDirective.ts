import { MEASUREMENT_EVENTS } from '@tracecal/core/contracts';
import type { AnswerRecord, DirectiveAnswered, DirectiveRecord } from '@tracecal/core/contracts';
import { isAbout, readAnswer, unverifiedAnswer, unverifiedDirective } from '@tracecal/core/directives';
import type { Answer, Directive } from '@tracecal/core/directives';
import { instantOf, millisecondsOf, registrantOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { isSignedBy, readCertificate, signerName } from '@tracecal/core/signing';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { deviceCertificate, requireKind } from '../levels/index.js';
import { keys } from './keys.js';

/** Answers for one device that leave room for more gateways. For the device itself there is always room: once with each of its keys. */
const ROOM_FOR_GATEWAYS = 16;

/**
 * Puts the answer to a directive on the channel, for a device that it is about, signed by the device or by a gateway of the operator: once
 * with each key. A false answer bars no true one: {@link answerThatCounts} says which of them counts.
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
  const certificate = await deviceCertificate(state, by);
  readAnswer(jws, [certificate]);
  const key = keys.answer(directive, device, await nextPlace(state, content, certificate));
  const record: AnswerRecord = { answer: jws, digest, by: caller.mspId, recorded: state.stamp };
  state.write(key, record);
  return state.conclude({ type: MEASUREMENT_EVENTS.directiveAnswered, directive, device, outcome });
}

/** Where the answer comes among those for its device. @throws RegistryError `ALREADY_EXISTS`, `INPUT_INVALID` */
async function nextPlace(state: LedgerWriter, { directive, device, by }: Answer, certificate: string): Promise<number> {
  const { publicKey, keySha256 } = readCertificate(certificate, 'device');
  const signer = signerName('device', by);
  let place = 1;
  for (;;) {
    const before = await state.read<AnswerRecord>(keys.answer(directive, device, place));
    if (!before) {
      break;
    }
    if (isSignedBy(before.answer, signer, publicKey, keySha256)) {
      throw new RegistryError(
        'ALREADY_EXISTS',
        `directive ${directive} is answered for ${device} already, by ${by} with this key.`,
      );
    }
    place += 1;
  }
  if (by !== device && place > ROOM_FOR_GATEWAYS) {
    throw new RegistryError(
      'INPUT_INVALID',
      `directive ${directive} has ${place - 1} answers for ${device}: only the device itself may answer it now.`,
    );
  }
  return place;
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
