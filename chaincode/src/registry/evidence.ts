import { MAX_NONCE } from '@tracecal/core/contracts';
import type { EvidenceAnswer, HeadAnswer, ProvedTrace } from '@tracecal/core/contracts';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { evidenceFor, headEvidence, recordDigests, traceCal, withoutTrust } from '@tracecal/core/trace';
import { traceQuestion } from './queries.js';
import type { StateReader } from './state.js';

/** Longest evidence in one answer: a trace of seven levels reads some 25,000 characters. */
const MAX_CHARACTERS = 8_388_608;

/** Characters that stand for themselves wherever they are written. */
const NONCE = new RegExp(`^[A-Za-z0-9._~+/=-]{0,${MAX_NONCE}}$`);

/** @throws RegistryError `INPUT_INVALID` */
export function requireNonce(nonce: string): void {
  if (!NONCE.test(nonce)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `a nonce has at most ${MAX_NONCE} letters, digits or . _ ~ + / = -: take another one.`,
    );
  }
}

/**
 * All records that a trace reads, whichever roots the one who runs it again may trust.
 *
 * @throws RegistryError `INPUT_INVALID` if that is more than one answer may hold
 */
export async function getEvidence(state: StateReader, device: string, options: string): Promise<EvidenceAnswer> {
  const question = traceQuestion(state, options);
  await state.prefetch([device], true);
  const evidence = await evidenceFor(state, device, question);
  const { number, opened } = await state.epoch();
  const answer = { epoch: { number, opened }, evidence };
  const { length } = canonicalJson(answer);
  if (length > MAX_CHARACTERS) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the evidence has ${length} characters, and one answer holds ${MAX_CHARACTERS}: ask about one kind of quantity, or one place.`,
    );
  }
  return answer;
}

/** All records that show the newest heartbeats, whichever institutes the one who checks them may trust. */
export async function getHead(state: StateReader): Promise<HeadAnswer> {
  const { number, opened } = await state.epoch();
  return { epoch: { number, opened }, evidence: await headEvidence(state, state.now) };
}

/**
 * The digests of that evidence and of its verdict, to be endorsed by peers of several organisations. A FAILED verdict is an answer
 * too: Fabric endorses no errors.
 *
 * @param nonce A word of the asker. It does nothing: it is endorsed with the question, so that an older answer cannot take its place.
 * @throws RegistryError `INPUT_INVALID`
 */
export async function proveTrace(
  state: StateReader,
  device: string,
  { options, nonce }: { readonly options: string; readonly nonce: string },
): Promise<ProvedTrace> {
  requireNonce(nonce);
  const { epoch, evidence } = await getEvidence(state, device, options);
  const { status, ...verdict } = await traceCal(state, device, withoutTrust(traceQuestion(state, options)));
  return {
    type: 'tracecal-answer/1',
    epoch,
    status,
    verdict: sha256(canonicalJson({ ...verdict, status })),
    records: recordDigests(evidence),
  };
}
