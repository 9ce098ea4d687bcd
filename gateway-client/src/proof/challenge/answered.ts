import { instantOf } from '@tracecal/core/model';
import type { TraceCal } from '../../client/index.js';
import { TraceCalError } from '../../client/index.js';
import { bundleOf } from '../bundleOf.js';
import { endorsedBundle } from '../endorsed.js';
import { bundleText } from '../verify/index.js';
import type { Challenge } from './challenge.js';
import { invalid } from './problem.js';

/**
 * Answers a question about the present by a bundle with the tier endorsed, as a member.
 *
 * @param endorsers - MSP ids of the members whose peers endorse. They learn the question, and who answers it, but not who asked.
 * @example
 * const service = new ChallengeService({ answer: (asked) => answered(tracecal, asked, endorsers), rates, parallel: 4 });
 */
export async function answered(
  reader: Pick<TraceCal, 'getEvidence' | 'proveTrace'>,
  { device, nonce, ...question }: Challenge,
  endorsers: readonly string[],
): Promise<string> {
  const asked = { ...question, asOf: instantOf(Date.now()) };
  try {
    const { bundle } = await endorsedBundle(reader, () => bundleOf(reader, device, asked), { nonce, endorsers });
    return bundleText(bundle);
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'INPUT_INVALID') {
      throw invalid('The registry does not take this question: check the kind of quantity and the place.');
    }
    throw error;
  }
}
