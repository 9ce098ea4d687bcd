import { RegistryError } from '../model/index.js';
import type { RegistryErrorCode } from '../model/index.js';
import type { CheckName, Edge, Finding } from './verdict.js';

type Codes = Readonly<Partial<Record<CheckName, RegistryErrorCode>>>;

/** The refusal code of a check that fails for the submitted report. */
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

/** The refusal code of a check that fails for the use of a parent through no fault of the parent. */
const parentCodes: Codes = {
  'parent-signature': 'SIGNATURE_INVALID',
  chronology: 'TIME_INVALID',
  quantity: 'INPUT_INVALID',
  'self-calibration': 'INPUT_INVALID',
};

/**
 * Refuses a report that every trace would fail, with the sentence of the first check that fails. Reports with missing or attested
 * links (digital certificates from elsewhere, paper, results that cannot be read) may be registered: every trace reports these links.
 *
 * @param edges The report itself first, then its use of each of its parents; from `examineReport`.
 */
export function refuseFailed([own, ...parents]: readonly Edge[]): void {
  // A report that is too large to compare here is too large for every trace, which could then never find its faults.
  refuse(
    [own, ...parents].flatMap((edge) => edge?.findings ?? []).find(({ check }) => check === 'limits'),
    {},
    'INPUT_INVALID',
  );
  // Old certificates may be registered; whether one is overdue matters only to those who rely on it.
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

/** The checks of the authors and signatures of a report. */
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
