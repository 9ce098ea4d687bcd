import { useAt } from '../impediments.js';
import { attested, failed, holds, missing, relyingUse } from './check.js';
import type { Check, OpenReport, Remark } from './check.js';
import { certifiedUpToInstitute } from './organisationCertified.js';

/** The laboratory that a transcribed certificate names is the member that the report states, and that member belonged to the registry. */
export const issuer: Check = {
  name: 'issuer',
  about: 'report',
  examine({ report }) {
    const { id, organisation, payload, laboratory } = report;
    if (!payload.certificate || laboratory.id === null) {
      return holds;
    }
    const own = laboratory.id === organisation;
    const name = known(report);
    if (!laboratory.isNamed) {
      const said = `Certificate ${payload.certificate.number} of report ${id} names its laboratory "${payload.certificate.laboratory}", but the registry knows ${laboratory.id} as ${name}`;
      return own
        ? attested(`${said}: only ${payload.technician} says that both are the same.`)
        : missing(`${said}: nothing shows that both are the same.`);
    }
    return own ? holds : membershipThen(report);
  },
  told({ report: { id, organisation, payload, laboratory } }) {
    return payload.certificate
      ? [
          laboratory.id === organisation
            ? `Report ${id} was imported from certificate ${payload.certificate.number} of ${organisation} itself.`
            : `Report ${id} transcribes certificate ${payload.certificate.number} of "${payload.certificate.laboratory}", which is ${laboratory.id ?? 'no member of this registry'}.`,
        ]
      : [`Report ${id} is of ${organisation} itself, and was not imported from a certificate.`];
  },
};

function known({ laboratory: { chain } }: OpenReport): string {
  const name = chain.organisations[0]?.membership.body.name;
  return name === undefined ? 'nobody' : `"${name}"`;
}

/** A laboratory may have joined after the work, or left before it was transcribed: it must have been a member at one of these two times. */
function membershipThen(report: OpenReport): readonly Remark[] {
  const { chain } = report.laboratory;
  const atRegistration = certifiedUpToInstitute(chain, useAt(report.registered));
  const [because] = atRegistration;
  return because && certifiedUpToInstitute(chain, relyingUse(report)).length > 0 ? failed(because.reason) : holds;
}
