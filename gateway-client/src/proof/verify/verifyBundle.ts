import { millisecondsOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Epoch, Instant } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import {
  EvidenceMissing,
  requireOpening,
  sourceOf,
  traceCal,
  traceOptions,
  withDisclosures,
} from '@tracecal/core/trace';
import type { RecordSource, Verdict } from '@tracecal/core/trace';
import { requireAsked } from './asked.js';
import type { Asked } from './asked.js';
import { readBundle } from './bundle.js';
import type { Bundle } from './bundle.js';
import { endorsedIn } from './endorsed.js';
import { freshTier, logAbout } from './fresh.js';
import type { Freshness, LogAbout } from './fresh.js';
import { leftOut } from './leftOut.js';
import { recordedIn } from './recorded.js';
import { requireInForce } from './requireInForce.js';
import { leftOpen, TIERS } from './tiers.js';
import type { Tier, TierName } from './tiers.js';

/** What a bundle proves to whoever trusts these roots. */
export interface ProofReport {
  /** SHA-256 of the bundle, hex. */
  readonly bundle: string;
  /** The epoch that was open when the records were read: by its maker's word, unless the tier endorsed holds. */
  readonly epoch: Epoch;
  /** The verdict, found again here from the bundle's records. */
  readonly verdict: Verdict;
  readonly tiers: Readonly<Record<TierName, Tier>>;
  /** What the change log says; null without one. */
  readonly fresh: Freshness | null;
  /** What nobody has shown, in sentences. */
  readonly notChecked: readonly string[];
}

/** What `tracecal proof verify --json` prints: what a bundle proves, and what somebody required of it. */
export interface ProofAnswer extends ProofReport {
  /** The file of the bundle. */
  readonly file: string;
  /** Tiers that were required (`--require`) and do not hold. */
  readonly missing: readonly TierName[];
  /** What else is to be known of the verdict, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Runs the trace again over a bundle's records. It asks nobody, and believes nothing of the bundle that is not signed by a
 * key that leads to one of the roots.
 *
 * @param text The bundle as it was made.
 * @param asked With the content of a trust file: `{ ...trust, roots: trustedRoots(trust) }`.
 * @throws RegistryError `INPUT_INVALID` (also for a bundle that was made for another question, for an option that does not exist, and for a
 * trust file that may not be used now), `VERSION_UNKNOWN`, `JSON_INVALID`, `JSON_TOO_LARGE`
 */
export async function verifyBundle(text: string, asked: Asked): Promise<ProofReport> {
  requireAsked(asked);
  requireInForce(asked);
  const bundle = readBundle(text);
  requireDevice(bundle, asked.device);
  const { disclosures = [] } = asked;
  const evidence = sourceOf(bundle.evidence);
  await requireOpening(evidence, disclosures);
  const records = withDisclosures(evidence, disclosures);
  const about = asked.fresh && (await logAbout(bundle, asked.roots, asked.fresh));
  const endorsed = await endorsedIn(bundle, asked);
  const moment = asked.asOf ?? about?.moment ?? momentIn(bundle, endorsed);
  const verdict = await verdictAt({ ...bundle, records }, asked, moment);
  requireRegistry(verdict, asked.registry);
  const recorded = await recordedIn(bundle, asked);
  const tiers = {
    ...TIERS,
    chain: chainIn(verdict),
    ...(about && { fresh: freshTier(about, verdict.registry) }),
    ...(endorsed && { endorsed }),
    ...(recorded && { recorded }),
  };
  const open = [...leftOpen(tiers, verdict.asOf), ...leftOut(bundle.question)];
  return {
    bundle: sha256(text),
    epoch: bundle.epoch,
    verdict,
    tiers,
    fresh: about ? found(about) : null,
    notChecked: asked.registry === undefined ? [...open, anyRegistry(verdict)] : open,
  };
}

/**
 * The moment that a bundle is about, if the verifier names none. Whoever asked peers about a moment just before asked about now: what the
 * records hold against something until then counts.
 */
function momentIn({ question: { asOf } }: Bundle, endorsed: Tier | undefined): Instant {
  const asked = endorsed?.holds ? endorsed.asOf : undefined;
  return asked !== undefined && asked > asOf && millisecondsOf(asked) - millisecondsOf(asOf) <= TIME_WINDOW_MS
    ? asked
    : asOf;
}

/** The maker chose a device, and what of it; the rest of the question is the verifier's. @throws RegistryError `INPUT_INVALID` */
async function verdictAt(
  { device, question, records }: Pick<Bundle, 'device' | 'question'> & { readonly records: RecordSource },
  { knownAt, intervalDays, roots, explain = false }: Asked,
  asOf: Instant,
): Promise<Verdict> {
  const own = { ...question, asOf, knownAt: knownAt ?? null, intervalDays: intervalDays ?? null, roots, explain };
  try {
    return await traceCal(records, device, traceOptions(own));
  } catch (error) {
    if (!(error instanceof EvidenceMissing)) {
      throw error;
    }
    throw new RegistryError(
      'INPUT_INVALID',
      `the bundle does not hold ${error.of.join(' ')}, which a verdict as of ${asOf} needs: ${madeFor(question)}.`,
    );
  }
}

function madeFor({ knownAt, intervalDays }: Bundle['question']): string {
  const own = [
    ...(knownAt === null ? [] : [`with what the ledger held at ${knownAt}`]),
    ...(intervalDays === null ? [] : [`with an interval of ${intervalDays} days`]),
  ].join(' and ');
  return own === '' ? 'have one made for this question' : `it was made ${own}: ask so, or have another one made`;
}

function requireDevice({ device: own }: Bundle, device: string | undefined): void {
  if (device !== undefined && device !== own) {
    throw new RegistryError('INPUT_INVALID', `the bundle is about device ${own}, and you ask about ${device}.`);
  }
}

function requireRegistry({ registry: own }: Verdict, registry: string | undefined): void {
  if (registry !== undefined && registry !== own) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the bundle is of registry ${own}, and your trust file names ${registry}: have one made there.`,
    );
  }
}

function found({ heartbeats, changes, seen }: LogAbout): Freshness {
  return { heartbeats, changes, seen };
}

function anyRegistry({ registry }: Verdict): string {
  return `whether ${registry} is the registry that you mean: your trust file names none`;
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
