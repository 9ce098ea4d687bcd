import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { canonicalJson, RegistryError } from '@tracecal/core/model';
import { evidenceFor } from '@tracecal/core/trace';
import { traceQuestion } from './queries.js';
import type { StateReader } from './state.js';

/** Longest evidence in one answer: a trace of seven levels reads some 25,000 characters. */
const MAX_CHARACTERS = 8_388_608;

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
