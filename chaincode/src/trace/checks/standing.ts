import type { OrganisationFile } from '../../model/index.js';
import { impediment, impedimentOf } from '../standing.js';
import type { Impediment } from '../standing.js';
import { failed, holds } from './check.js';
import type { Check, Link, Remark, TraceContext } from './check.js';

/** Neither the report, its device, its technician nor an organisation above them is revoked or suspended. */
export const standing: Check = {
  name: 'standing',
  about: 'citation',
  examine(link, context) {
    return [...reportsAndDevice(link, context), ...peopleAndOrganisations(link, context)];
  },
};

function reportsAndDevice({ reliant, cited, report }: Link, { options: { asOf } }: TraceContext): readonly Remark[] {
  const used = reliant ? `${reliant.payload.performed.end}T00:00:00Z` : asOf;
  const reports = cited === report ? [report] : [cited, report];
  return [
    ...reports.flatMap(({ id, record }) => remark(`Report ${id}`, impediment(record.statements, asOf, used))),
    ...remark(`Device ${report.file.device.id}`, impediment(report.file.statements, asOf, used)),
  ];
}

function peopleAndOrganisations({ report }: Link, { options: { asOf } }: TraceContext): readonly Remark[] {
  const { record, payload, issuer, imprinter, file } = report;
  // When they acted is when the ledger took it in: the dates in a report are its signer's own word.
  const reported = record.registered.time;
  const imprinted = file.device.registered.time;
  const found = [
    ...organisations(issuer.organisations, asOf, reported),
    ...technician(issuer.organisations[0], payload.technician, asOf, reported),
    ...organisations(imprinter.organisations, asOf, imprinted),
    ...technician(imprinter.organisations[0], file.device.technician, asOf, imprinted),
  ];
  return found.filter(({ reason }, index) => found.findIndex((other) => other.reason === reason) === index);
}

function organisations(files: readonly OrganisationFile[], asOf: string, used: string): readonly Remark[] {
  return files.flatMap((file) =>
    remark(`Organisation ${file.organisation.id}`, impediment(file.statements, asOf, used)),
  );
}

function technician(file: OrganisationFile | undefined, id: string, asOf: string, used: string): readonly Remark[] {
  const entry = file && Object.hasOwn(file.technicians, id) ? file.technicians[id] : undefined;
  return remark(`Technician ${id}`, impediment(entry?.statements ?? [], asOf, used));
}

function remark(subject: string, found: Impediment | undefined): readonly Remark[] {
  return found ? failed(impedimentOf(subject, found)) : holds;
}
