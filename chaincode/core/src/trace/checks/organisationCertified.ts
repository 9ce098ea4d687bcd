import { dateOf } from '../../model/index.js';
import { isValidOn } from '../../signing/index.js';
import { useAt } from '../impediments.js';
import type { Use } from '../impediments.js';
import { failed, holds, signingUse } from './check.js';
import type { CertificationChain, Check, OpenOrganisation, Remark } from './check.js';

/**
 * The issuing and the imprinting organisation are certified, link by link, up to a National Metrology Institute: on the day of the
 * work (by the signer's word) and when the ledger registered it.
 */
export const organisationCertified: Check = {
  name: 'organisation-certified',
  about: 'report',
  examine({ report }) {
    const found = certifiedUpToInstitute(report.issuer, signingUse(report));
    const { date } = report.device.registered;
    return found.length > 0 ? found : certifiedUpToInstitute(report.device.imprinting, useAt(date));
  },
  told({ report: { issuer, device } }) {
    return [
      `The laboratory is certified through ${chainOf(issuer)}; the key of device ${device.id} through ${chainOf(device.imprinting)}.`,
    ];
  },
};

function chainOf({ organisations }: CertificationChain): string {
  return organisations.map(({ id }) => id).join(', ');
}

/** Whether every organisation of a chain is certified by the next one on these days, and the last is an institute. */
export function certifiedUpToInstitute({ organisations, missing }: CertificationChain, use: Use): readonly Remark[] {
  if (missing !== null) {
    return failed(`The certification chain breaks off: organisation ${missing} is not registered as its certifier.`);
  }
  for (const [depth, organisation] of organisations.entries()) {
    const problem = linkProblem(organisation, depth, use);
    if (problem !== undefined) {
      return failed(problem);
    }
  }
  return holds;
}

function linkProblem({ id, keys, flaws }: OpenOrganisation, depth: number, use: Use): string | undefined {
  if (flaws[0] !== undefined) {
    return flaws[0];
  }
  const day = [use.begun, use.done, use.registered]
    .map(dateOf)
    .find((each) => !keys.some(({ certificate }) => isValidOn(certificate, each)));
  if (day !== undefined) {
    return `The calibration certificate of organisation ${id} was not valid on ${day}.`;
  }
  // Below this certificate are `depth` organisations and the technician; all of them are CAs.
  const deepest = keys.some(({ certificate: { pathLength } }) => pathLength === null || pathLength >= depth + 1);
  return deepest
    ? undefined
    : `The certificate of organisation ${id} does not allow ${depth + 1} levels of certification below it.`;
}
