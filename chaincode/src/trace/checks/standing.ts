import type { OrganisationFile } from '../../model/index.js';
import { impediment } from '../standing.js';
import type { Impediment } from '../standing.js';
import { holds } from './check.js';
import type { Check, Link, Remark, TraceContext } from './check.js';

export const standing: Check = {
  name: 'standing',
  proves: 'Neither the report, its device, its technician nor an organisation above them is revoked or suspended.',
  about: 'citation',
  examine(link, context) {
    return [...reportsAndDevice(link, context), ...peopleAndOrganisations(link, context)];
  },
};

function reportsAndDevice({ child, cited, parent }: Link, { options: { asOf } }: TraceContext): readonly Remark[] {
  const used = child ? `${child.payload.performed.end}T00:00:00Z` : asOf;
  const reports = cited === parent ? [parent] : [cited, parent];
  return [
    ...reports.flatMap(({ id, report }) => remark(`Report ${id}`, impediment(report.statements, asOf, used))),
    ...remark(`Device ${parent.file.device.id}`, impediment(parent.file.statements, asOf, used)),
  ];
}

function peopleAndOrganisations({ parent }: Link, { options: { asOf } }: TraceContext): readonly Remark[] {
  const { report, payload, issuer, imprinter, file } = parent;
  // When they acted is when the ledger took it in: the dates in a report are its signer's own word.
  const reported = report.registered.time;
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
  return found
    ? [
        {
          outcome: 'failed',
          reason: `${subject} is ${found.state} since ${found.effective} by ${found.by} (${found.reason}).`,
        },
      ]
    : holds;
}
