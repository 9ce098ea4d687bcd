import { dateOf } from '../../model/index.js';
import { bearing, bearingOf, useAt } from '../impediments.js';
import type { Impediment, Use } from '../impediments.js';
import { holds, relyingUse, signingUse, useOf } from './check.js';
import type { WalkOptions } from '../options.js';
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
  told({ reliant, report }, { options }) {
    const { device, technician, issuer, laboratory } = report;
    const all = [
      report,
      device,
      ...(technician ? [technician] : []),
      ...issuer.organisations,
      ...laboratory.chain.organisations,
    ];
    const subjects = all.filter(({ id }, place) => all.findIndex((other) => other.id === id) === place);
    const use = reliant ? relyingUse(reliant).done : options.asOf;
    return [
      `For the use on ${dateOf(use)}, revocations and suspensions on record: ${subjects.map(({ id, impediments }) => `${id} ${impediments.length}`).join(', ')}.`,
    ];
  },
};

function reportsAndDevice({ reliant, cited, between, report }: Link, { options }: TraceContext): readonly Remark[] {
  const use = () => (reliant ? relyingUse(reliant) : useAt(options.asOf));
  // An amendment clears nothing that was said against what it amends.
  const reports = [...new Set([cited, ...between, report])];
  return [
    ...reports.flatMap(({ id, impediments }) => remark(`Report ${id}`, impediments, options, use, 'source')),
    ...remark(`Device ${report.device.id}`, report.device.impediments, options, use, 'source'),
  ];
}

function peopleAndOrganisations(link: Link, context: TraceContext): readonly Remark[] {
  const { report } = link;
  const { options } = context;
  const { issuer, laboratory, technician, device } = report;
  const key = deviceKey(link, context)?.said;
  const imprinter = (key?.statement ?? device.imprint).body.technician;
  const { date } = (key ?? device).registered;
  const imprinted = () => useAt(date);
  return [
    // Of a transcription, too, the laboratory is judged on the day of the work.
    ...organisations(issuer.organisations, options, () => useOf(report)),
    ...(laboratory.id === report.organisation
      ? []
      : organisations(laboratory.chain.organisations, options, () => relyingUse(report))),
    ...remark(
      `Technician ${technician?.id ?? ''}`,
      technician?.impediments ?? [],
      options,
      () => signingUse(report),
      'signer',
    ),
    ...organisations(device.imprinting.organisations, options, imprinted),
    ...remark(
      `Technician ${imprinter}`,
      device.imprinters.get(imprinter)?.impediments ?? [],
      options,
      imprinted,
      'signer',
    ),
  ];
}

function organisations(chain: readonly OpenOrganisation[], options: WalkOptions, use: () => Use): readonly Remark[] {
  return chain.flatMap(({ id, impediments }) => remark(`Organisation ${id}`, impediments, options, use, 'signer'));
}

function remark(
  subject: string,
  impediments: readonly Impediment[],
  options: WalkOptions,
  use: () => Use,
  part: 'signer' | 'source',
): readonly Remark[] {
  if (impediments.length === 0) {
    return holds; // Whatever the moment asked about: it need not be looked at.
  }
  const used = use();
  const found = bearing(impediments, options.asOf, used, part);
  return found ? [{ outcome: found.outcome, reason: bearingOf(subject, found, used) }] : holds;
}
