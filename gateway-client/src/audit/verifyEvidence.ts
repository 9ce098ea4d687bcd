import type { Instant } from '@tracecal/core/model';
import { TraceCalError } from '../client/errors.js';
import type { TimeBudget } from '../client/timeBudget.js';
import { trustedRoots } from '../client/trust/trust.js';
import type { Trust } from '../client/trust/trust.js';
import type { FreshnessAsked } from '../proof/verify/fresh.js';
import type { HeadSeen } from '../proof/verify/log/index.js';
import type { Tier } from '../proof/verify/tiers.js';
import type { Audit } from './audit.js';
import { checkBlocks } from './checkBlocks.js';
import type { CheckedAudit } from './checkBlocks.js';
import { checkLog } from './checkLog.js';
import { readEvidence } from './evidence.js';
import { elsewhereWords } from './words.js';

/** Whom the reader of evidence trusts, and what else they have. */
export interface EvidenceAsked {
  /** Its section `channel` names the orderers. */
  readonly trust: Trust;
  /** The change log, which is the institutes' word that nothing is missing, and how recent it has to be. */
  readonly fresh?: Omit<FreshnessAsked, 'k'>;
  /** How long checking its blocks may take; without it as long as it takes. */
  readonly budget?: TimeBudget;
}

/** How many contradictions are told: one is enough, and whoever forges a file can make any number. */
export const MOST_CONTRADICTIONS = 100;

/** What evidence of an audit shows. */
export interface EvidenceReport {
  readonly audit: Audit;
  /** `recorded`: its transactions stood in blocks that the orderers signed; `fresh`: the change log names no others. */
  readonly tiers: Readonly<Record<'recorded' | 'fresh', Tier>>;
  /** What contradicts the evidence: any of it means that the file is forged. Not more than {@link MOST_CONTRADICTIONS}, and how many more. */
  readonly contradictions: readonly string[];
  /** What nobody has shown. */
  readonly open: readonly string[];
  /** The newest change log that was seen, to be remembered; null without one. */
  readonly seen: HeadSeen | null;
}

/**
 * Checks the evidence of an audit: the orderers' signatures on each block, that the audit follows from these blocks, and, with the change log,
 * that nothing valid is missing and nothing refused is called valid.
 *
 * @param text The file.
 * @throws RegistryError `INPUT_INVALID` and others if it is no evidence, or the log is none, or older than one seen before; TraceCalError
 * `TIMED_OUT` when the budget is used up
 */
export async function verifyEvidence(
  text: string,
  { trust, fresh: asked, budget }: EvidenceAsked,
): Promise<EvidenceReport> {
  requireTime(budget);
  const evidence = readEvidence(text);
  const { audit } = evidence;
  const blocks = checkBlocks(evidence, trust, () => {
    requireTime(budget);
  });
  const log = asked && (await checkLog(blocks, { ...asked, trust, roots: trustedRoots(trust) }));
  const { tier, until, seen } = log ?? WITHOUT_LOG;
  const contradictions = someOf([...blocks.contradictions, ...(log?.contradictions ?? [])]);
  const [refutation] = contradictions;
  const tiers =
    refutation === undefined
      ? { recorded: blocks.tier, fresh: tier }
      : {
          recorded: { holds: false, shows: refutation },
          // What shows why a tier holds must not stand beside its refutation.
          fresh: tier.holds ? { holds: false, shows: refutation } : tier,
        };
  return { audit, tiers, contradictions, open: leftOpen(blocks, tier.holds ? until : undefined), seen };
}

function requireTime(budget: TimeBudget | undefined): void {
  if (!budget?.deadline.isOver) return;
  throw new TraceCalError(
    'TIMED_OUT',
    `Checking the evidence took longer than the ${budget.timeoutMs / 1000} s that it may take: give it more time, or have a device or a report audited instead of an organisation.`,
  );
}

function someOf(contradictions: readonly string[]): readonly string[] {
  const more = contradictions.length - MOST_CONTRADICTIONS;
  return more <= 0 ? contradictions : [...contradictions.slice(0, MOST_CONTRADICTIONS), `and ${more} more like these`];
}

const WITHOUT_LOG = { tier: { holds: false, shows: 'no change log was given' }, until: undefined, seen: null } as const;

/** Of what the change log cannot tell that it is missing. */
const NEVER_NAMED: Readonly<Record<Audit['subject']['kind'], string>> = {
  device: 'reports about it that no owner accepted, and what was said against those',
  report: 'decisions of owners about it, which the log names by the device',
  person: 'what the person signed or is named in',
  organisation: 'what it said, signed or is named in',
  registry: 'what it is named in',
};

function leftOpen(
  { audit: { chain, subject, transactions }, logged }: CheckedAudit,
  until: { readonly epoch: number; readonly time: Instant } | undefined,
): readonly string[] {
  const refused = transactions.filter(({ validity }) => validity !== 'VALID').length;
  const named = until && logged ? logged.filter(({ epoch }) => epoch <= until.epoch).length : 0;
  const unsure = transactions.length - refused - named;
  return [
    elsewhereWords(subject),
    ...(until
      ? [
          `whether transactions that the change log does not name are missing: registrations, accreditations, refused ones; ${NEVER_NAMED[subject.kind]}`,
          ...(until.epoch < chain.epoch ? [`whether any are missing of epoch ${until.epoch + 1} and later ones`] : []),
        ]
      : [
          'whether the audit leaves out transactions in other blocks: give the change log, or compare it with another audit',
        ]),
    ...(unsure > 0
      ? [
          `whether the ledger found ${unsure} of its transactions valid, which were endorsed and which no log in hand names: no orderer signs that`,
        ]
      : []),
    ...(transactions.some(({ epoch }) => epoch?.opened ?? epoch?.sealed)
      ? ['whether its epochs begin and end with the seals that it shows, where institutes sent several at once']
      : []),
    ...(refused > 0 ? [`whether ${refused} of its transactions were refused: no orderer signs that`] : []),
    `whether all blocks until block ${chain.height - 1} were read, as whoever made the file says, and whether anything happened after it`,
  ];
}
