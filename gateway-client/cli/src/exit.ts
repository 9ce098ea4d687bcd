import { RegistryError } from '@tracecal/core/model';
import { VERDICT_STATUSES } from '@tracecal/core/trace';
import type { VerdictStatus } from '@tracecal/core/trace';
import { relianceOn, TraceCalError } from '@tracecal/gateway-client';
import type { Reliance, TraceCalErrorCode, Wish } from '@tracecal/gateway-client';
import { ApplicationError } from '@tracecal/gateway-client/application';
import type { ApplicationErrorCode } from '@tracecal/gateway-client/application';
import { ControlError } from '@tracecal/network/control';
import { MemberError } from '@tracecal/network/member';
import type { MemberErrorCode } from '@tracecal/network/member';
import { ProposalError } from '@tracecal/network/proposal';
import type { ProposalErrorCode } from '@tracecal/network/proposal';
import { CLI_ERRORS, CliError } from './errors.js';

/** Exit codes of every command: what a script can rely on. They never change meaning. */
export const EXIT = {
  yes: 0,
  failed: 1,
  input: 2,
  trouble: 3,
  attested: 4,
  incomplete: 5,
  nothing: 6,
  refused: 7,
  stale: 8,
  interrupted: 130,
} as const;

/** What they mean, for help and people. */
export const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  yes: 'done; a verdict that its owner accepts (TRACEABLE, unless the owner accepts accreditations), or the asker (--accept)',
  failed:
    "a FAILED verdict, or one that lacks something else that the device's owner requires; a seal that does not hold; logs, audits or members that contradict each other; values dropped or unsupported",
  input: 'bad usage or input',
  trouble: 'network, ledger or disk trouble, or an outcome that is not known yet: try again',
  attested: 'an ATTESTED verdict: sound, but resting on the word of somebody',
  incomplete:
    'an INCOMPLETE verdict, a founding that not all members signed, a proposal that not enough have, or a member that waits for others: something is missing',
  nothing: 'what is named is not registered',
  refused: 'the registry or the network refused: the same request will be refused again',
  stale: 'the heartbeats seen are not as fresh as the question or the owner requires',
  interrupted: 'interrupted before it was done, for example by Ctrl-C; what runs until then (watch, up) ends with 0',
};

/** Of the failures of the application. */
export const EXIT_OF_APPLICATION_ERROR: Readonly<Record<ApplicationErrorCode, number>> = {
  USAGE: EXIT.input,
  INPUT_INVALID: EXIT.input,
  NOT_REGISTERED: EXIT.nothing,
  FILE_UNREADABLE: EXIT.input,
  FILE_UNWRITABLE: EXIT.input,
  WRITING_FAILED: EXIT.trouble,
  ALREADY_EXISTS: EXIT.refused,
  ORGANISATION_UNKNOWN: EXIT.input,
  SITE_UNKNOWN: EXIT.input,
  NOT_IN_CHANNEL: EXIT.input,
  OTHER_REGISTRY: EXIT.input,
  NOT_THEIRS: EXIT.input,
  KEYS_MISSING: EXIT.input,
  NETWORK_DOWN: EXIT.trouble,
};

/** Errors that the caller can fix by changing the input. All other codes are trouble with the network or the ledger. */
const INPUT_CODES: readonly TraceCalErrorCode[] = [
  'PROFILE_INVALID',
  'IDENTITY_INVALID',
  'KEY_EXPOSED',
  'KEY_INVALID',
  'SIGNER_INVALID',
  'SIGNER_MISSING',
  'TOKEN_SUPPORT_MISSING',
  'TOKEN_KEY_INVALID',
  'TOKEN_UNAVAILABLE',
  'TOKEN_PIN_REFUSED',
  'TICKET_INVALID',
  'TICKET_COUNTER_INVALID',
  'NOT_A_READER',
  'BODY_INVALID',
  'CHECKPOINT_INVALID',
  'CHECKPOINT_IN_USE',
  'FILE_UNREADABLE',
  'FILE_UNWRITABLE',
  'REPLICA_MISSING',
  'REPLICA_BEHIND',
  'REPLICA_WITHOUT_BLOCKS',
  'PIN_INVALID',
  'OTHER_CHANNEL',
  'TRUST_MISSING',
  'TRUST_INVALID',
  'TRUST_UNCHANGED',
  'JSON_INVALID',
  'JSON_TOO_LARGE',
  'INPUT_INVALID',
  'VERSION_UNKNOWN',
  'CERTIFICATE_INVALID',
  'SIGNATURE_INVALID',
];

/** Valid requests that are not allowed, or cannot be on this ledger: retrying is useless. */
const REFUSALS: readonly TraceCalErrorCode[] = [
  'NOT_AUTHORISED',
  'ALREADY_EXISTS',
  'PARENT_UNUSABLE',
  'RESULT_REFUSED',
  'STANDING_INVALID',
  'TIME_INVALID',
  'WRONG_REGISTRY',
  'NOT_PERMITTED',
  'IDENTITY_REFUSED',
  'CHAINCODE_ERROR',
  'TRANSACTION_INVALID',
  'ENDORSEMENT_POLICY_FAILURE',
];

/** Impossible requests that a network refuses, in a process of its own or in this one. */
const REFUSED_BY_NETWORK: readonly string[] = [
  'UPGRADE_REFUSED',
  'ROTATION_REFUSED',
  'CONSORTIUM_INVALID',
  'BAD_CHAINCODE',
  'CHAINCODE_START',
  'CHAINCODE_DEPLOYMENT',
  'OTHER_CONSORTIUM',
  'AUTHORITY_KEY_MISSING',
  'NOT_COPIED',
  'NOT_ALONE',
  'PATH_UNUSABLE',
];

/** What a data directory refuses, whatever the files say. */
const MEMBER_REFUSALS: readonly MemberErrorCode[] = [
  'ALREADY_THERE',
  'ALREADY_STARTED',
  'NO_ROTATION',
  'NOT_IN_CHANNELS',
];

/** What a channel refuses of a proposal, whatever its file says. */
const PROPOSAL_REFUSALS: readonly ProposalErrorCode[] = ['NO_CHANGE', 'STALE', 'NOT_WRITER'];

/** Success if the owner's policy accepts the verdict, or the asker accepts it with `--accept`. */
export function exitOfVerdict(verdict: Parameters<typeof relianceOn>[0], wish?: Wish): number {
  const { lacks } = relianceOn(verdict, wish);
  return lacks === null ? EXIT.yes : EXIT_OF_LACK[lacks];
}

const EXIT_OF_LACK: Readonly<Record<NonNullable<Reliance['lacks']>, number>> = {
  freshness: EXIT.stale,
  soundness: EXIT.failed,
  evidence: EXIT.incomplete,
  requirements: EXIT.failed,
  traceability: EXIT.attested,
};

/** Exit code of a recorded verdict, without its owner's requirements. */
export function exitOfStatus(status: VerdictStatus): number {
  return EXIT_OF_STATUS[status];
}

const EXIT_OF_STATUS: Readonly<Record<VerdictStatus, number>> = {
  TRACEABLE: EXIT.yes,
  ATTESTED: EXIT.attested,
  INCOMPLETE: EXIT.incomplete,
  FAILED: EXIT.failed,
};

/** Exit code of the worst of several verdicts. */
export function exitOfWorst(counts: Readonly<Record<VerdictStatus, number>>): number {
  const worst = VERDICT_STATUSES.findLast((status) => counts[status] > 0);
  return worst === undefined ? EXIT.yes : exitOfStatus(worst);
}

/** Exit code of several actions: the most urgent one counts. Trouble comes first, then bad input, then refusals. */
export function exitOfAll(exits: readonly number[]): number {
  return (
    [EXIT.trouble, EXIT.input, EXIT.refused, EXIT.nothing].find((each) => exits.includes(each)) ??
    Math.max(EXIT.yes, ...exits)
  );
}

/** The exit code of a failure. */
export function exitOfError(error: unknown): number {
  if (error instanceof CliError) {
    return CLI_ERRORS[error.code].exit;
  }
  if (error instanceof ApplicationError) {
    return EXIT_OF_APPLICATION_ERROR[error.code];
  }
  if (error instanceof TraceCalError) {
    return exitOfCode(error.code);
  }
  if (error instanceof MemberError) {
    return exitOfMember(error.code);
  }
  if (error instanceof ProposalError) {
    return PROPOSAL_REFUSALS.includes(error.code) ? EXIT.refused : EXIT.input;
  }
  // The registry's own checks also run here, before anything is sent. What they refuse, the registry would refuse too.
  if (error instanceof RegistryError && REFUSALS.includes(error.code)) {
    return EXIT.refused;
  }
  return isAboutInput(error) ? EXIT.input : EXIT.trouble;
}

function exitOfMember(code: MemberErrorCode): number {
  if (code === 'NOT_AGREED') return EXIT.incomplete;
  return MEMBER_REFUSALS.includes(code) ? EXIT.refused : EXIT.input;
}

function exitOfCode(code: TraceCalErrorCode): number {
  if (code === 'NOT_FOUND') {
    return EXIT.nothing;
  }
  return REFUSALS.includes(code) ? EXIT.refused : INPUT_CODES.includes(code) ? EXIT.input : EXIT.trouble;
}

/** Errors of the parts that only check their input: certificates, keys, the consortium's description. */
function isAboutInput(error: unknown): boolean {
  const names = ['DccError', 'PkiError', 'ConsortiumError', 'FirewallError', 'BackupError', 'RegistryError'];
  if (!(error instanceof Error)) return false;
  // The engine's own errors are known by name: its library is loaded only by those who run nodes.
  if (error.name === 'FabricError' && 'code' in error) return REFUSED_BY_NETWORK.includes(String(error.code));
  if (error instanceof ControlError) return REFUSED_BY_NETWORK.includes(error.code);
  return names.includes(error.name);
}
