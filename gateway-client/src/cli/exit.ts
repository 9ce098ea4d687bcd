import { ControlError } from '@tracecal/network/control';
import type { Verdict } from '@tracecal/chaincode/trace';
import type { TraceCalErrorCode } from '../client/index.js';
import { TraceCalError } from '../client/index.js';
import { CLI_ERRORS, CliError } from './errors.js';

/** Exit codes of every command: what a script can rely on. */
export const EXIT = {
  /** Done; a trace ends at NMIs, and what its owner requires is fulfilled. */
  yes: 0,
  /** A verdict that is not TRACEABLE, or not what its owner requires. */
  no: 1,
  /** Bad usage or input. */
  input: 2,
  /** Network or ledger trouble. */
  trouble: 3,
  /** What is named is not registered. */
  nothing: 6,
} as const;

/** What the caller can mend by giving something else. All other codes are trouble with the network or the ledger. */
const INPUT_CODES: readonly TraceCalErrorCode[] = [
  'PROFILE_INVALID',
  'IDENTITY_INVALID',
  'KEY_EXPOSED',
  'KEY_INVALID',
  'SIGNER_INVALID',
  'SIGNER_MISSING',
  'CHECKPOINT_INVALID',
  'TRUST_MISSING',
  'TRUST_INVALID',
  'TRUST_UNCHANGED',
  'JSON_INVALID',
  'JSON_TOO_LARGE',
  'INPUT_INVALID',
  'VERSION_UNKNOWN',
  'CERTIFICATE_INVALID',
  'SIGNATURE_INVALID',
  'ALREADY_EXISTS',
  'PARENT_UNUSABLE',
  'STANDING_INVALID',
  'TIME_INVALID',
  'WRONG_REGISTRY',
];

/** What the process of a network cannot do because it was asked for something that cannot be. */
const REFUSED_BY_NETWORK: readonly string[] = [
  'UPGRADE_REFUSED',
  'ROTATION_REFUSED',
  'CONSORTIUM_INVALID',
  'BAD_CHAINCODE',
  'CHAINCODE_START',
  'CHAINCODE_DEPLOYMENT',
  'OTHER_CONSORTIUM',
  'AUTHORITY_KEY_MISSING',
];

/** By its owner's policy: nobody relies on a device that its owner would not rely on. */
export function exitOfVerdict({ requirements }: Pick<Verdict, 'requirements'>): number {
  return requirements?.fulfilled === true ? EXIT.yes : EXIT.no;
}

/** The exit code of a failure. */
export function exitOfError(error: unknown): number {
  if (error instanceof CliError) {
    return CLI_ERRORS[error.code].exit;
  }
  if (error instanceof TraceCalError && error.code === 'NOT_FOUND') {
    return EXIT.nothing;
  }
  if (error instanceof TraceCalError) {
    return INPUT_CODES.includes(error.code) ? EXIT.input : EXIT.trouble;
  }
  return isAboutInput(error) ? EXIT.input : EXIT.trouble;
}

/** Errors of the parts that only ever judge what they were given: certificates, keys, the consortium's description. */
function isAboutInput(error: unknown): boolean {
  const names = ['DccError', 'PkiError', 'ConsortiumError', 'RegistryError'];
  if (error instanceof ControlError) return REFUSED_BY_NETWORK.includes(error.code);
  return error instanceof Error && names.includes(error.name);
}
