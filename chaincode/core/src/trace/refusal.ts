import { RegistryError } from '../model/index.js';
import type { RegistryErrorCode } from '../model/index.js';
import type { CheckName, Edge, Finding } from './verdict.js';

type Codes = Readonly<Partial<Record<CheckName, RegistryErrorCode>>>;

/** The refusal code if a check fails about the submitted report. */
const ownCodes: Codes = {
  identity: 'WRONG_REGISTRY',
  digest: 'SIGNATURE_INVALID',
  signatories: 'SIGNATURE_INVALID',
  'technician-signature': 'SIGNATURE_INVALID',
  'technician-certified': 'NOT_AUTHORISED',
  'technician-authorised': 'NOT_AUTHORISED',
  'organisation-certified': 'NOT_AUTHORISED',
  'device-certified': 'CERTIFICATE_INVALID',
  scope: 'NOT_AUTHORISED',
  support: 'RESULT_REFUSED',
  conformity: 'RESULT_REFUSED',
  standing: 'STANDING_INVALID',
  chronology: 'TIME_INVALID',
};

/** The refusal code if a check fails about the use of a parent, when that is not the parent's fault. */
const parentCodes: Codes = {
  'parent-signature': 'SIGNATURE_INVALID',
  chronology: 'TIME_INVALID',
  quantity: 'INPUT_INVALID',
  'self-calibration': 'INPUT_INVALID',
};

/**
 * Refuses a report that a trace would fail, in the words of the first check that fails. What is only missing or attested
 * (digital certificates from elsewhere, paper, results that cannot be read) may be registered: a trace says so every time.
 *
 * @param edges The report itself first, then its use of each of its parents; from `examineReport`.
 */
export function refuseFailed([own, ...parents]: readonly Edge[]): void {
  // More than can be compared here is too much for every trace, which could then never find a fault in it.
  refuse(
    [own, ...parents].flatMap((edge) => edge?.findings ?? []).find(({ check }) => check === 'limits'),
    {},
    'INPUT_INVALID',
  );
  // Old certificates are registered too; whether one is overdue matters only to its users at the time.
  refuse(
    own?.findings.find(({ outcome, check }) => outcome === 'failed' && check !== 'interval'),
    ownCodes,
    'INPUT_INVALID',
  );
  for (const { report, findings } of parents) {
    // A parent that is named as a report of this registry must be one; certificates from elsewhere have no report id.
    const unusable = findings.find(
      ({ outcome, check }) => outcome === 'failed' || (check === 'parent-registered' && report !== null),
    );
    refuse(unusable, parentCodes, 'PARENT_UNUSABLE');
  }
}

/** The checks of a report's authors and signatures. */
const OF_SIGNATURES: readonly CheckName[] = [
  'identity',
  'signatories',
  'technician-signature',
  'technician-certified',
  'device-certified',
  'parent-signature',
];

/** Refuses a report without the required signatures, whatever its results are. */
export function refuseUnsigned(edges: readonly Edge[]): void {
  refuseFailed(
    edges.map((edge) => ({ ...edge, findings: edge.findings.filter(({ check }) => OF_SIGNATURES.includes(check)) })),
  );
}

function refuse(finding: Finding | undefined, codes: Codes, otherwise: RegistryErrorCode): void {
  if (finding) {
    throw new RegistryError(codes[finding.check] ?? otherwise, finding.reason);
  }
}
