import { expandedText } from '@tracecal/core/trace';
import { registrantOf, withUnit } from '@tracecal/core/model';
import type { Result, SourceRole } from '@tracecal/core/model';
import { daysOf } from '@tracecal/gateway-client/application';
import type { NamedOrganisation, ReportFacts } from '@tracecal/gateway-client/application';
import { certificateText } from '../certificateText.js';
import { underPseudonym } from '../pseudonymText.js';
import { differenceUnitText, resultTable } from './resultTable.js';
import { field } from './sheet.js';
import type { Field, Section, Sheet, SheetTable } from './sheet.js';

/** A report in the order in which people read a certificate. */
export function reportSheet(facts: ReportFacts): Sheet {
  const { id, laboratory, results } = facts;
  const found = (asFound: boolean) =>
    results.filter((result) => (result.asFound ?? false) === asFound).map(resultTable);
  const number = id.slice(id.indexOf('/') + 1);
  return {
    title: `Calibration report ${number}`,
    subtitle: `${laboratory.name}, ${laboratory.country}`,
    warnings: warningsOf(facts),
    sections: [
      section('Identification', identificationOf(facts)),
      section('Device', deviceOf(facts)),
      section('Calibration', calibrationOf(facts)),
      section('Standards used', [], standardsOf(facts)),
      section('Results', [], found(false)),
      section('Results as found, before an adjustment or a repair', [], found(true)),
      section('Statements', statementsOf(facts)),
      section('Signatures', signaturesOf(facts)),
    ].filter(({ fields, tables }) => fields.length + tables.length > 0),
  };
}

function section(title: string, fields: readonly Field[], tables: readonly SheetTable[] = []): Section {
  return { title, fields, tables };
}

function warningsOf({ supersededBy, impediments, decisions }: ReportFacts): readonly string[] {
  const last = decisions.at(-1);
  return [
    ...(supersededBy === null ? [] : [`This report was withdrawn: report ${supersededBy} amends it.`]),
    ...impediments
      .filter(({ until }) => until === null)
      .map(({ state, reason, by, effective }) => `This report is ${state} by ${by} from ${effective} (${reason}).`),
    ...(last?.what === 'rejected' ? [`${last.by} has rejected this report.`] : []),
  ];
}

function identificationOf({ id, digest, laboratory, registered, original }: ReportFacts): readonly Field[] {
  return [
    ...field('report', id),
    ...field('laboratory', organisationText(laboratory)),
    ...field('registered', registered),
    ...field('digest', `SHA-256 ${digest}`),
    ...field(
      'original file',
      original && `SHA-256 ${original.sha256}${original.isKeptHere ? '' : ' (not kept in this data directory)'}`,
    ),
  ];
}

function deviceOf({ device, owner }: ReportFacts): readonly Field[] {
  const { id, manufacturer, model, serial, pseudonym } = device;
  return [
    ...(pseudonym
      ? field('device', underPseudonym(registrantOf(id), pseudonym, { manufacturer, model, serial }))
      : [...field('maker', manufacturer), ...field('model', model), ...field('serial number', serial)]),
    ...field('registered as', `${device.id} (${device.kind === 'standard' ? 'standard' : 'field device'})`),
    ...field('owner', organisationText(owner)),
  ];
}

function calibrationOf({ body, results, disclosed }: ReportFacts): readonly Field[] {
  const { technician, performed, issued, place, accredited, recalibrateBy, certificate, adjusted } = body;
  const methods = [...new Set(results.flatMap(({ methods: names = [] }) => names))];
  return [
    ...field('performed', daysOf(performed)),
    ...field('issued', issued),
    ...field('recalibration', recalibrateBy && `by ${recalibrateBy}, as the certificate says`),
    ...field('place', place === 'on-site' ? 'on site, outside the laboratory' : 'in the laboratory'),
    ...field('technician', technician),
    ...field('methods', methods.join('; ')),
    ...field('accreditation', accredited ? accreditationText(accredited) : 'none claimed'),
    ...field('imported from', certificate && certificateText(certificate)),
    ...field('confidential', confidentialText(body.results, disclosed)),
    ...field('adjustment', adjusted && 'the device was adjusted or repaired: older calibrations do not count'),
  ];
}

function confidentialText(
  results: ReportFacts['body']['results'],
  disclosed: ReportFacts['disclosed'] = [],
): string | undefined {
  const kinds = results.filter(({ sealed }) => sealed).map(({ quantity }) => quantity);
  const hidden = kinds.filter((kind) => !disclosed.some(({ quantity }) => quantity === kind));
  const told = disclosed.map(({ quantity, shown, atMost, isComplete }) =>
    isComplete
      ? `${quantity}: all results were disclosed`
      : `${quantity}: ${shown} of at most ${atMost} results were disclosed`,
  );
  const untold =
    hidden.length === 0
      ? []
      : [`${hidden.join(', ')}: only whom the laboratory gives a disclosure can read the results`];
  return kinds.length === 0 ? undefined : [...told, ...untold].join('; ');
}

function accreditationText({ body, number }: NonNullable<ReportFacts['body']['accredited']>): string {
  const parts = [body, number].filter((part) => part !== null);
  return `claimed${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** What the report rests on, and for what it was used. */
function standardsOf({ standards, results }: ReportFacts): readonly SheetTable[] {
  if (standards.length === 0) {
    return [];
  }
  const columns = ['standard', 'certificate', 'laboratory', 'role'].map((title) => ({ title, isNumber: false }));
  const rows = standards.map(({ parent, device }, source) => {
    const role = rolesOf(results, source).join(', ');
    switch (parent.kind) {
      case 'report':
        return [
          device ? equipment(device) : parent.device,
          parent.report,
          parent.report.slice(0, parent.report.indexOf('/')),
          role,
        ];
      case 'paper':
        return [paperEquipment(parent), paperText(parent), parent.laboratory, role];
      case 'external':
        return [parent.equipment, `${parent.certificate} (not registered)`, null, role];
    }
  });
  return [{ caption: 'What the results rest on', columns, rows, notes: standards.flatMap(paperNotes) }];
}

function equipment({ id, manufacturer, model, serial, pseudonym }: ReportFacts['device']): string {
  return pseudonym
    ? `${id}, ${underPseudonym(registrantOf(id), pseudonym, { manufacturer, model, serial })}`
    : `${manufacturer} ${model}, serial number ${serial}`;
}

type OnPaper = Extract<ReportFacts['standards'][number]['parent'], { readonly kind: 'paper' }>;

function paperEquipment({ equipment, serial }: OnPaper): string {
  return serial === undefined || equipment.includes(serial) ? equipment : `${equipment}, serial number ${serial}`;
}

function paperText({ certificate, date }: OnPaper): string {
  return `${certificate}${date === undefined ? '' : `, calibrated ${date}`} (on paper)`;
}

/** A result that declares nothing was compared with the standards that give its kind. */
function rolesOf(results: readonly Result[], source: number): readonly SourceRole[] {
  const roles = results.flatMap(({ support }): readonly SourceRole[] =>
    support ? support.uses.filter((use) => use.source === source).map(({ role }) => role) : ['reference'],
  );
  return [...new Set(roles)].sort();
}

function paperNotes({ parent }: ReportFacts['standards'][number]): readonly string[] {
  return parent.kind === 'paper'
    ? parent.results.map(({ quantity, unit, min, max, uncertainty }) => {
        const U = expandedText(uncertainty, differenceUnitText(unit));
        return `${parent.certificate}: ${quantity} from ${min} to ${withUnit(max, unit)}, ${U}.`;
      })
    : [];
}

function statementsOf({ body, supersededBy, decisions, reviews, impediments }: ReportFacts): readonly Field[] {
  return [
    ...field('amends', body.supersedes?.report),
    ...field('amended by', supersededBy),
    ...decisions.flatMap(({ what, by, date, consent }) =>
      field(`${what} by`, `${by}, ${date}${consent ? ', by a standing consent' : ''}`),
    ),
    ...(decisions.length === 0 ? field('accepted by', 'nobody yet') : []),
    ...reviews.flatMap(({ cause, date, reason }) =>
      field('reviewed', `because of report ${cause}, ${date}: it stands${reason === undefined ? '' : ` (${reason})`}`),
    ),
    ...impediments.flatMap(({ state, by, effective, until, reason }) =>
      field(`${state} by`, `${by} from ${effective}${until === null ? '' : ` until ${until}`} (${reason})`),
    ),
  ];
}

function signaturesOf({ signers }: ReportFacts): readonly Field[] {
  return signers.flatMap((signer) => {
    const [, kind = 'unknown', id = 'a signature that names nobody'] = /^([a-z]+):(.*)$/.exec(signer ?? '') ?? [];
    return field(kind === 'device' ? 'standard' : kind, id);
  });
}

function organisationText({ id, name, country }: NamedOrganisation): string {
  return `${name}, ${country} (${id})`;
}
