import { setTimeout as delay } from 'node:timers/promises';
import type { ProvedTrace } from '@tracecal/core/contracts';
import { canonicalJson, parseJson } from '@tracecal/core/model';
import { utf8Text } from '@tracecal/core/platform';
import { recordDigests } from '@tracecal/core/trace';
import { SerializedIdentity } from '@tracecal/ledger/wire';
import { TraceCalError } from '../client/index.js';
import type { EndorsedQuestion, ProofOptions, TraceCal } from '../client/index.js';
import { understood } from '../client/understood.js';
import { endorsedAnswer } from './verify/answered.js';
import type { Bundle } from './verify/index.js';

/** A member's own peer is a block behind for a moment at most. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 100;

/** A bundle with the tier endorsed. */
export interface EndorsedBundle {
  readonly bundle: Bundle;
  /** MSP ids of the members whose peers answered: they learnt the question, as did the member whose gateway was used. */
  readonly endorsedBy: readonly string[];
}

/**
 * Has peers of several organisations answer for a bundle's records. While they and the peer that gave the records are a block apart,
 * the records are read once more.
 *
 * @param make - Makes the bundle; always about the same question.
 * @throws TraceCalError `ENDORSEMENTS_DIFFER`
 * @example
 * const { bundle, endorsedBy } = await endorsedBundle(tracecal, () => bundleOf(tracecal, id, { asOf }), { nonce });
 */
export async function endorsedBundle(
  reader: Pick<TraceCal, 'proveTrace'>,
  make: () => Promise<Bundle>,
  options: ProofOptions = {},
): Promise<EndorsedBundle> {
  for (let attempt = 0; ; attempt += 1) {
    const bundle = await make();
    const proved = await reader.proveTrace(bundle.device, bundle.question, options);
    if (agree(answerOf(proved), bundle)) {
      return { bundle: { ...bundle, endorsed: endorsedAnswer(proved) }, endorsedBy: endorsersOf(proved) };
    }
    if (attempt + 1 >= ATTEMPTS) {
      throw new TraceCalError(
        'ENDORSEMENTS_DIFFER',
        'The endorsing peers found other records than the peer of your gateway every time: try again when less is written.',
      );
    }
    await delay(FIRST_PAUSE_MS * 2 ** attempt);
  }
}

function agree({ epoch, records }: ProvedTrace, bundle: Bundle): boolean {
  return canonicalJson([epoch, records]) === canonicalJson([bundle.epoch, recordDigests(bundle.evidence)]);
}

function answerOf({ result }: EndorsedQuestion): ProvedTrace {
  return understood(
    () => parseJson(utf8Text(result) ?? '', { maxLength: 8_388_608, maxDepth: 6 }) as unknown as ProvedTrace,
  );
}

function endorsersOf({ endorsements }: EndorsedQuestion): readonly string[] {
  return [...new Set(endorsements.map(({ endorser }) => SerializedIdentity.decode(endorser).mspId))].sort();
}
