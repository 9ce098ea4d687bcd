import { logLine } from '@tracecal/core/model';
import type { Instant, Subject } from '@tracecal/core/model';
import { hexText } from '@tracecal/core/platform';
import { verifyBlock } from '@tracecal/ledger/block';
import type { VerifiedBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { examine } from '@tracecal/ledger/validation';
import { TX_CODE } from '@tracecal/ledger/wire';
import type { Trust } from '../client/trust/trust.js';
import { trustedRoots } from '../client/trust/trust.js';
import { bytesIn } from '../proof/verify/bytes.js';
import { demandNothingUnsigned } from '../proof/verify/configurations.js';
import { endorsedCall } from '../proof/verify/endorsedCall.js';
import { signedLog } from '../proof/verify/log/index.js';
import type { LogFiles } from '../proof/verify/log/index.js';
import { carried, NotShown } from '../proof/verify/shown.js';
import type { Tier } from '../proof/verify/tiers.js';
import type { Audit, AuditedTransaction } from './audit.js';
import { Configurations } from './configurations.js';
import { compareAudits } from './compare.js';
import type { AuditDifference } from './compare.js';
import { readEvidence } from './evidence.js';
import type { AuditEvidence } from './evidence.js';
import { AuditTrail } from './trail.js';

/** Whom the reader of evidence trusts, and what else they have. */
export interface EvidenceAsked {
  /** Its section `channel` names the orderers. */
  readonly trust: Trust;
  /** The change log: the institutes' word that nothing is missing. */
  readonly log?: LogFiles;
  readonly asOf: Instant;
}

/** What evidence of an audit shows. */
export interface EvidenceReport {
  readonly audit: Audit;
  /** `recorded`: its transactions stood in blocks that the orderers signed; `fresh`: the change log names no others. */
  readonly tiers: Readonly<Record<'recorded' | 'fresh', Tier>>;
  /** What contradicts the evidence: any of it means that the file is forged. */
  readonly contradictions: readonly string[];
  /** What nobody has shown. */
  readonly open: readonly string[];
}

/**
 * Checks the evidence of an audit: the orderers' signatures on each block, and that the audit follows from these blocks.
 *
 * @param text The file.
 * @throws RegistryError `INPUT_INVALID` and others if it is no evidence, or the log is none
 */
export async function verifyEvidence(text: string, { trust, log, asOf }: EvidenceAsked): Promise<EvidenceReport> {
  const evidence = readEvidence(text);
  const { audit } = evidence;
  const contradictions: string[] = [];
  const recorded = recordedTier(evidence, trust, contradictions);
  contradictions.push(...beyondEnd(audit));
  const fresh = log ? await freshTier(audit, { trust, log, asOf, contradictions }) : WITHOUT_LOG;
  const refuted = contradictions.length > 0;
  return {
    audit,
    tiers: {
      recorded: refuted ? { holds: false, shows: contradictions[0] ?? '' } : recorded,
      fresh: refuted ? { ...fresh, holds: false } : fresh,
    },
    contradictions,
    open: leftOpen(audit, fresh.holds),
  };
}

const WITHOUT_LOG: Tier = { holds: false, shows: 'no change log was given' };

function recordedTier(
  { audit, blocks, configurations }: AuditEvidence,
  trust: EvidenceAsked['trust'],
  found: string[],
): Tier {
  const { channel, endorsers } = trust;
  if (channel === undefined) {
    return { holds: false, shows: 'your trust file does not name a channel with its configuration (`channel`)' };
  }
  if (audit.chain.channel !== channel.name || audit.chain.genesis !== channel.genesis) {
    return { holds: false, shows: 'the audit is of another channel than the one that you trust' };
  }
  const trail = new AuditTrail(audit.subject);
  const rules = new Configurations(configurations.map(bytesIn), channel);
  const signers = new Set<string>();
  let before = -1;
  for (const bytes of blocks.map(bytesIn)) {
    try {
      const { config, access } = rules.of(bytes);
      const verified = carried('a block is not accepted', () => {
        demandNothingUnsigned(bytes);
        return verifyBlock(bytes, config);
      });
      const { number } = verified.header;
      if (number <= before || number >= audit.chain.height) throw new NotShown(`block ${number} is out of its place`);
      before = number;
      verified.signers.forEach(({ mspId }) => signers.add(mspId));
      found.push(...takeBlock(trail, verified, access, audit));
    } catch (error) {
      if (!(error instanceof NotShown)) throw error;
      found.push(error.message);
    }
  }
  const derived = trail.audit(audit.chain, { withProvenance: audit.provenance !== null });
  found.push(...compareAudits(audit, derived).differences.map(({ txId, what, block }) => DIFFERS[what](txId, block)));
  if (JSON.stringify(derived.provenance) !== JSON.stringify(audit.provenance)) {
    found.push('the provenance does not follow from the blocks');
  }
  const machine = endorsers?.engine === 'embedded' ? ' (an embedded network: one machine signs as all of them)' : '';
  const by = [...signers].sort();
  return {
    holds: true,
    shows:
      `its ${audit.transactions.length} transactions stood in blocks of ${channel.name} that the quorum of the orderers signed${machine}: ` +
      `${by.join(', ')}; those that it calls valid were endorsed as the channel's configuration asks`,
    by,
  };
}

const DIFFERS: Readonly<Record<AuditDifference['what'], (txId: string, block: number) => string>> = {
  missing: (txId, block) => `no block in the file holds transaction ${txId} of block ${block} as the audit shows it`,
  added: (txId, block) =>
    `block ${block} holds transaction ${txId}, which concerns the subject, and the audit leaves it out`,
  changed: (txId, block) => `the audit shows transaction ${txId} otherwise than block ${block} holds it`,
  'other-block': (_, block) => `the audit names another hash of block ${block} than the orderers signed`,
  'other-chain': (_, block) => `the audit is of another chain, as block ${block} shows`,
};

const CODES: ReadonlyMap<string, number> = new Map(Object.entries(TX_CODE));

/** Takes a block into the trail. The validity of its transactions is the audit's word, as far as it can be. */
function takeBlock(
  trail: AuditTrail,
  { header, hash, envelopes }: VerifiedBlock,
  access: ChannelAccess,
  { transactions }: Audit,
): readonly string[] {
  const claimed = new Map(transactions.map((each) => [each.txId, each.validity]));
  const seals = new Set(
    transactions
      .flatMap(({ epoch }) => [epoch?.opened?.txId, epoch?.sealed?.txId])
      .filter((each) => each !== undefined),
  );
  const wrong: string[] = [];
  const codes = envelopes.map((envelope) => {
    const { txId, code, bound } = examine(envelope, access);
    const said = claimed.get(txId) ?? (seals.has(txId) ? 'VALID' : 'NOT_VALIDATED');
    if (said === 'VALID' && (code !== TX_CODE.VALID || bound === undefined || !isEndorsed(bound, access))) {
      wrong.push(`transaction ${txId} of block ${header.number} cannot be valid, and the audit says that it is`);
    }
    return CODES.get(said) ?? TX_CODE.NOT_VALIDATED;
  });
  trail.take({ number: header.number, hash: hexText(hash), codes, envelopes });
  return wrong;
}

function isEndorsed(
  ...[bound, access]: [Parameters<typeof endorsedCall>[0], Parameters<typeof endorsedCall>[1]]
): boolean {
  try {
    endorsedCall(bound, access, 'too few endorsed it');
    return true;
  } catch (error) {
    if (error instanceof NotShown) return false;
    throw error;
  }
}

interface Logged extends Required<EvidenceAsked> {
  readonly contradictions: string[];
}

/** The log names each valid transaction that may have made a verdict worse, and institutes sign it. */
async function freshTier(audit: Audit, { trust, log, asOf, contradictions }: Logged): Promise<Tier> {
  const { epochs, heartbeats } = await signedLog(log, { from: 0, roots: trustedRoots(trust), asOf });
  const { k } = trust.heartbeats;
  const last = heartbeats[k - 1]?.epoch;
  if (last === undefined)
    return { holds: false, shows: `fewer than ${k} institutes that you trust signed the change log` };
  const lines = new Set(subjectsOf(audit).map(logLine));
  const shown = new Map(audit.transactions.map((each) => [each.txId, each]));
  let since = 0;
  for (const { epoch, transactions } of epochs) {
    for (const { txId, lines: own } of transactions) {
      if (!own.some((line) => lines.has(line))) continue;
      const what = contradictionIn(shown.get(txId));
      // An audit that is older than the log does not lie: it ends earlier.
      if (epoch >= audit.chain.epoch && !shown.has(txId)) since += 1;
      else if (what) contradictions.push(`the change log names transaction ${txId} in epoch ${epoch}: ${what}`);
    }
  }
  const by = [...new Set(heartbeats.map(({ institute }) => institute))].sort();
  if (since > 0) {
    return {
      holds: false,
      shows: `the change log names ${since} more of its transactions, from epoch ${audit.chain.epoch} on, which was open when the audit was made: have a new one made`,
    };
  }
  return {
    holds: true,
    shows: `no transaction up to epoch ${last} that the change log names about it is missing, as ${by.join(', ')} signed`,
    by,
    ...(heartbeats[0] && { asOf: heartbeats[0].time }),
  };
}

/** An audit cannot show what happened after its end. */
function beyondEnd({ chain, transactions }: Audit): readonly string[] {
  return transactions.flatMap(({ txId, epoch }) =>
    epoch !== null && (epoch.number > chain.epoch || (epoch.sealed !== null && epoch.number === chain.epoch))
      ? [`transaction ${txId} entered epoch ${epoch.number}, after the end that the audit names`]
      : [],
  );
}

function contradictionIn(shown: AuditedTransaction | undefined): string | undefined {
  if (shown === undefined) return 'the audit leaves it out';
  return shown.validity === 'VALID' ? undefined : 'it was valid, and the audit calls it refused';
}

/** The subject; of a device also its reports. */
function subjectsOf({ subject, transactions }: Audit): readonly Subject[] {
  const reports = transactions.flatMap(({ statements }) =>
    statements.flatMap(({ subject: about, concerns }) => (concerns.includes('its-report') ? [about.id] : [])),
  );
  return [subject, ...[...new Set(reports)].map((id): Subject => ({ kind: 'report', id }))];
}

function leftOpen({ chain, transactions }: Audit, isComplete: boolean): readonly string[] {
  const refused = transactions.filter(({ validity }) => validity !== 'VALID').length;
  return [
    ...(isComplete
      ? [
          'whether transactions that the change log does not name are missing: registrations, accreditations, refused ones',
        ]
      : [
          'whether the audit leaves out transactions in other blocks: give the change log (--log), or compare it with another audit',
        ]),
    ...(refused > 0 ? [`whether ${refused} of its transactions were refused: no orderer signs that`] : []),
    `whether anything happened after block ${chain.height - 1}, the last one that was read`,
  ];
}
