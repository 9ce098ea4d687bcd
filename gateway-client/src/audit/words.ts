import type { Instant, Subject, SubjectKind } from '@tracecal/core/model';
import type { AuditedChain, AuditedStatement, AuditedTransaction, StatementDetails } from './audit.js';

/** Where the type of a statement reads badly before its subject. */
const NAMED: Readonly<Record<string, string>> = {
  device: 'registration of',
  organisation: 'registration of',
  authorisation: 'authorisation of',
  accreditation: 'accreditation of',
  report: 'calibration',
  revocation: 'revocation of',
  suspension: 'suspension of',
  reinstatement: 'reinstatement of',
  transfer: 'transfer of',
  interval: 'interval of',
  acceptance: 'acceptance of a report for',
  rejection: 'rejection of a report for',
};

/** What comes after the first authorisation may bring a key, or only other duties. */
const RENEWED: Readonly<Record<string, string>> = { authorisation: 'a further authorisation of' };

function aboutWords(what: string, isRenewal: boolean): string {
  return isRenewal ? (RENEWED[what] ?? 'a further key or certificate of') : (NAMED[what] ?? `${what} about`);
}

const EQUAL = { true: 'it reads equal', false: 'that it reads equal is taken back' } as const;

/** What a statement turns on: whether it says something or takes it back. */
function turningWords({ equal, judged, outOfLimits, adjusted, until }: StatementDetails): readonly string[] {
  return [
    equal === undefined ? '' : EQUAL[equal],
    judged === undefined
      ? ''
      : `${judged}${/\bunsound\b/.test(judged) ? ' (unsound takes back an earlier vouching)' : ''}`,
    outOfLimits === undefined ? '' : `found out of its limits: ${outOfLimits}`,
    adjusted === undefined ? '' : 'adjusted or repaired',
    until === undefined ? '' : `until ${until}`,
  ];
}

/** One sentence about what a statement says, in the words of the registry. */
export function statementWords({ what, subject, author, details }: AuditedStatement): string {
  const { device, report, owner, begin, end, reason, effective, supersedes, renews } = details;
  const about = aboutWords(what, renews !== undefined);
  const parts = [
    `${about} ${subject.kind} ${subject.id}, by ${author}`,
    device === undefined ? '' : `device ${device}`,
    report === undefined ? '' : `report ${report}`,
    owner === undefined ? '' : `owner ${owner}`,
    begin === undefined
      ? ''
      : `work ${begin === end || end === undefined ? `on ${begin}` : `from ${begin} until ${end}`}`,
    supersedes === undefined ? '' : `in the place of report ${supersedes}`,
    ...turningWords(details),
    reason === undefined ? '' : `reason: ${reason}`,
    effective === undefined ? '' : `effective ${effective}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

const VERDICT_ELSEWHERE =
  'also rests on the standards above it, with their laboratories and people. What was said about these stands in their own audits, and a bundle about the device shows the verdict (tracecal proof create)';

const ELSEWHERE: Readonly<Record<SubjectKind, string>> = {
  device: `whether its calibration holds: it ${VERDICT_ELSEWHERE}`,
  report: `whether its calibration holds: it ${VERDICT_ELSEWHERE}`,
  person:
    'what others said about reports that this person signed, about the organisation that registered this person, and those above it: that stands in their own audits',
  organisation:
    'what others said about its reports, devices and people, and about the organisations above it: that stands in their own audits',
  registry: 'what was said about anything in it',
};

/** What no audit of such a subject tells, however complete it is: a revocation above it concerns another subject. */
export function elsewhereWords({ kind }: Subject): string {
  return ELSEWHERE[kind];
}

/** Who signed. The signatures of a refused transaction were checked by nobody. */
export function signerWords({
  statements,
  validity,
}: Pick<AuditedTransaction, 'statements' | 'validity'>): readonly string[] {
  const signers = [...new Set(statements.flatMap((each) => each.signers))];
  return validity === 'VALID' || signers.length === 0
    ? signers
    : [`names as signers, and nobody checked it: ${signers.join(', ')}`];
}

const REFUSED: Readonly<Record<string, string>> = {
  MVCC_READ_CONFLICT: 'another transaction had changed what it had read',
  PHANTOM_READ_CONFLICT: 'another transaction had changed a range that it had read',
  ENDORSEMENT_POLICY_FAILURE: 'too few endorsed it',
  BAD_CREATOR_SIGNATURE: 'its submitter did not sign it, so anybody may have made it',
  DUPLICATE_TXID: 'a transaction with its id was there before',
  INVALID_ENDORSER_TRANSACTION: 'what was endorsed is not what was asked',
  INVALID_CHAINCODE: 'its chaincode is not the one of the channel',
};

/** Whether a transaction is valid, or why not. */
export function validityWords(validity: string): string {
  return validity === 'VALID'
    ? 'valid'
    : `refused (${validity}): ${REFUSED[validity] ?? 'it broke a rule of the ledger'}`;
}

/** How far the blocks go, in time: a block has none of its own. */
export function untilWords({ signedUntil }: AuditedChain): string {
  return signedUntil === null
    ? 'No institute has signed a date in them yet.'
    : `The newest date that an institute has signed in them is ${signedUntil}.`;
}

/** That a moment may be after the end of what was read; null if it is not. */
export function beyondWords(at: Instant, { height, signedUntil }: AuditedChain): string | null {
  return signedUntil !== null && at <= signedUntil
    ? null
    : `${at} is later than any date that an institute has signed until block ${height - 1}: if these blocks are not the newest ones, more may have been known then.`;
}
