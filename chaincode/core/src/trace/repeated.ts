import { chronology } from './checks/chronology.js';
import { useOf } from './checks/check.js';
import { deviceCertified } from './checks/deviceCertified.js';
import type { Check, Link, TraceContext } from './checks/index.js';
import { organisationCertified } from './checks/organisationCertified.js';
import { parentSignature } from './checks/parentSignature.js';
import { signatories } from './checks/signatories.js';
import { technicianAuthorised } from './checks/technicianAuthorised.js';
import { technicianCertified } from './checks/technicianCertified.js';
import { technicianSignature } from './checks/technicianSignature.js';
import { findings } from './examine.js';
import { bearing, useAt } from './impediments.js';
import type { Citation, OpenReport } from './open/opened.js';
import type { Opener } from './open/opener.js';

/** Who signed a report, and when: an amendment that repeats it takes that over. All else is checked at the amendment itself. */
const OF_REPORT: readonly Check[] = [
  signatories,
  technicianSignature,
  technicianCertified,
  technicianAuthorised,
  organisationCertified,
  chronology,
];
const OF_PARENT: readonly Check[] = [parentSignature, deviceCertified];

/**
 * A late amendment that repeats a report changes nothing that a verdict depends on (an address, a number). Its content was registered
 * with that report, so it is no transcription. That report's signers vouch for the time, so they must have been
 * entitled, and the report may not have been withdrawn before it was amended.
 */
export async function asRepeated(opener: Opener, report: OpenReport, context: TraceContext): Promise<OpenReport> {
  const isLate = report.isTranscription && report.laboratory.id === report.organisation;
  const repeats = isLate ? await opener.repeatedBy(report) : undefined;
  const isSound = repeats && isInForce(repeats, report, context) && (await isSigned(opener, repeats, context));
  return isSound ? { ...report, repeats, isTranscription: false } : report;
}

function isInForce(repeats: OpenReport, { registered }: OpenReport, { moment }: TraceContext): boolean {
  const { impediments, technician, issuer } = repeats;
  const signers = [...(technician ? [technician] : []), ...issuer.organisations];
  return (
    !bearing(impediments, moment, useAt(registered), 'source') &&
    signers.every((signer) => !bearing(signer.impediments, moment, useOf(repeats), 'signer'))
  );
}

async function isSigned(opener: Opener, report: OpenReport, context: TraceContext): Promise<boolean> {
  const itself = linkTo({ cited: report, between: [], report }, null, context);
  if (OF_REPORT.some((check) => findings(check, itself, context).length > 0)) {
    return false;
  }
  for (const parent of report.payload.parents) {
    const citation = parent.kind === 'report' ? await opener.citation(parent) : null;
    const isUnsigned =
      citation !== null &&
      ('outcome' in citation ||
        OF_PARENT.some((check) => findings(check, linkTo(citation, report, context), context).length > 0));
    if (isUnsigned) {
      return false;
    }
  }
  return true;
}

/** As far as checks of signatures read it. */
function linkTo(citation: Citation, reliant: OpenReport | null, { moment }: TraceContext): Link {
  return {
    ...citation,
    reliant,
    needed: [],
    parents: [],
    words: { then: { moment, ownDays: null, required: undefined }, meanwhile: [] },
    isLater: false,
    path: [],
    devices: new Set(),
  };
}
