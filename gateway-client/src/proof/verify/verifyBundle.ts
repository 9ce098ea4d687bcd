import { RegistryError } from '@tracecal/core/model';
import type { Epoch, Instant } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { EvidenceMissing, sourceOf, traceCal, traceOptions } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { readBundle } from './bundle.js';
import { CHAIN_LEAVES_OPEN, TIERS } from './tiers.js';
import type { Tier, TierName } from './tiers.js';

/** What a verifier brings: nothing of it comes with the bundle. */
export interface Asked {
  /** SHA-256 of the root certificates that the verifier trusts, hex. */
  readonly roots: readonly string[];
  /** Another moment than the bundle's, if its records answer that, too. */
  readonly asOf?: Instant;
  /** Whether every edge says what each check compared. */
  readonly explain?: boolean;
}

/** What a bundle proves to whoever trusts these roots. */
export interface ProofReport {
  /** SHA-256 of the bundle, hex. */
  readonly bundle: string;
  /** By its maker's word: the epoch that was open when the records were read. */
  readonly epoch: Epoch;
  /** The verdict, found again here from the bundle's records. */
  readonly verdict: Verdict;
  readonly tiers: Readonly<Record<TierName, Tier>>;
  /** What nobody has shown, in sentences. */
  readonly notChecked: readonly string[];
}

/**
 * Runs the trace again over a bundle's records. It asks nobody, and believes nothing of the bundle that is not signed by a
 * key that leads to one of the roots.
 *
 * @param text The bundle as it was made.
 * @throws RegistryError `INPUT_INVALID` (also for a bundle that was made for another question), `VERSION_UNKNOWN`,
 * `JSON_INVALID`, `JSON_TOO_LARGE`
 */
export async function verifyBundle(text: string, { roots, asOf, explain = false }: Asked): Promise<ProofReport> {
  const bundle = readBundle(text);
  const { device, question, evidence } = bundle;
  const options = traceOptions({ ...question, asOf: asOf ?? question.asOf, roots, explain });
  const verdict = await judged(() => traceCal(sourceOf(evidence), device, options));
  return {
    bundle: sha256(text),
    epoch: bundle.epoch,
    verdict,
    tiers: { ...TIERS, chain: chainIn(verdict) },
    notChecked: CHAIN_LEAVES_OPEN,
  };
}

async function judged(trace: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await trace();
  } catch (error) {
    if (error instanceof EvidenceMissing) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the bundle does not hold ${error.of.join(' ')}, which this question needs: have one made for this question.`,
      );
    }
    throw error;
  }
}

/** Somebody's word is no link of a chain, whoever accepts it. */
function chainIn({ status, roots }: Verdict): Tier {
  const named = [...new Set(roots.map(({ organisation }) => organisation))].sort().join(' and ');
  switch (status) {
    case 'TRACEABLE':
      return { holds: true, shows: `every link up to ${named} is signed and sound, as far as these records go` };
    case 'ATTESTED':
      return {
        holds: false,
        shows: "these records are signed and sound, but they rest on somebody's word, too: the verdict says on whose",
      };
    case 'INCOMPLETE':
    case 'FAILED':
      return { holds: false, shows: 'no sound chain up to a root that you trust: the verdict says why' };
  }
}
