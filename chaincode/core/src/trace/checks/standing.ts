import { bearing, bearingOf, useAt } from '../impediments.js';
import type { Impediment, Use } from '../impediments.js';
import { holds, relyingUse, signingUse, useOf } from './check.js';
import { dayOf } from '../moment.js';
import type { When } from '../moment.js';
import { deviceKey } from './device.js';
import type { Check, Link, OpenOrganisation, Remark, TraceContext } from './check.js';

/** Neither the report, its device, its technician nor an organisation above them is revoked or suspended. */
export const standing: Check = {
  name: 'standing',
  about: 'citation',
  examine(link, context) {
    const found = [...reportsAndDevice(link, context), ...peopleAndOrganisations(link, context)];
    return found.filter(({ reason }, index) => found.findIndex((other) => other.reason === reason) === index);
  },
  told({ reliant, report }, { moment }) {
    const { device, technician, issuer, laboratory } = report;
    const all = [
      report,
      device,
      ...(technician ? [technician] : []),
      ...issuer.organisations,
      ...laboratory.chain.organisations,
    ];
    const subjects = all.filter(({ id }, place) => all.findIndex((other) => other.id === id) === place);
    const use = reliant ? relyingUse(reliant).done : moment;
    return [
      `For the use on ${dayOf(use)}, revocations and suspensions on record: ${subjects.map(({ id, impediments }) => `${id} ${impediments.length}`).join(', ')}.`,
    ];
  },
};

function reportsAndDevice({ reliant, cited, between, report }: Link, { moment }: TraceContext): readonly Remark[] {
  const use = (): Use<When> => (reliant ? relyingUse(reliant) : useAt(moment));
  // Impediments of a report also count for its amendment.
  const reports = [...new Set([cited, ...between, report])];
  return [
    ...reports.flatMap(({ id, impediments }) => remark(`Report ${id}`, impediments, moment, use, 'source')),
    ...remark(`Device ${report.device.id}`, report.device.impediments, moment, use, 'source'),
  ];
}

function peopleAndOrganisations(link: Link, context: TraceContext): readonly Remark[] {
  const { report } = link;
  const { moment } = context;
  const { issuer, laboratory, technician, device } = report;
  const key = deviceKey(link, context)?.said;
  const imprinter = (key?.statement ?? device.imprint).body.technician;
  const { date } = (key ?? device).registered;
  const imprinted = () => useAt(date);
  return [
    // The laboratory of a transcription is judged on the day of the work as well.
    ...organisations(issuer.organisations, moment, () => useOf(report)),
    ...(laboratory.id === report.organisation
      ? []
      : organisations(laboratory.chain.organisations, moment, () => relyingUse(report))),
    ...remark(
      `Technician ${technician?.id ?? ''}`,
      technician?.impediments ?? [],
      moment,
      () => signingUse(report),
      'signer',
    ),
    ...organisations(device.imprinting.organisations, moment, imprinted),
    ...remark(
      `Technician ${imprinter}`,
      device.imprinters.get(imprinter)?.impediments ?? [],
      moment,
      imprinted,
      'signer',
    ),
  ];
}

function organisations(chain: readonly OpenOrganisation[], asked: When, use: () => Use): readonly Remark[] {
  return chain.flatMap(({ id, impediments }) => remark(`Organisation ${id}`, impediments, asked, use, 'signer'));
}

function remark(
  subject: string,
  impediments: readonly Impediment[],
  asked: When,
  use: () => Use<When>,
  part: 'signer' | 'source',
): readonly Remark[] {
  if (impediments.length === 0) {
    return holds; // This holds for every moment, so the moment is not examined.
  }
  const used = use();
  const found = bearing(impediments, asked, used, part);
  return found ? [{ outcome: found.outcome, reason: bearingOf(subject, found, used) }] : holds;
}
