import { NOT_NAMED, registrantOf } from '@tracecal/core/model';
import type { Parent } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import type { Imported, ImportOutcome, RefusedImport } from '@tracecal/gateway-client/application';
import { describeFailure } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { acceptanceHint } from './acceptance.js';
import { committedJson } from './committed.js';
import { deliveredJson, deliveredText } from './delivered.js';
import { noteLines } from './noteLines.js';
import { omittedLines } from './omitted.js';

export function importJson(outcome: ImportOutcome) {
  if (!outcome.ok) {
    return { file: outcome.file, ok: false, error: describeFailure(outcome.error), registeredDevice: outcome.device };
  }
  if ('signed' in outcome) {
    const { items, ...signed } = outcome.signed;
    const deviceSigned = items.length > 1;
    return { ok: true, error: null, ...signed, deviceSigned, ...deliveredJson(outcome.delivered) };
  }
  const { committed, deviceCommitted, ...imported } = outcome.imported;
  return {
    ok: true,
    error: null,
    ...imported,
    registeredBefore: committed === null,
    deviceRegistered: deviceCommitted !== null,
    ...(committed && committedJson(committed)),
  };
}

export function importText(outcome: ImportOutcome, style: Style): string {
  if (!outcome.ok) {
    return refusedText(outcome, style);
  }
  const report = 'signed' in outcome ? outcome.signed : outcome.imported;
  if ('imported' in outcome && outcome.imported.committed === null) {
    return registeredText(outcome.imported, style);
  }
  const { device, results, accepted, supersedes, omitted, notes, parents } = report;
  const rests = parents.map(parentText);
  return [
    `${style.green('✓')} ${printable(outcome.file)}`,
    `    ${style.dim('report')} ${report.report} ${style.dim('of')} ${device}${style.dim(`, ${results} ${results === 1 ? 'result' : 'results'}`)}`,
    ...(supersedes === null ? [] : [`    ${style.dim('amends')} ${supersedes}`]),
    ...rests.map((parent) => `    ${style.dim('rests on')} ${printable(parent)}`),
    ...notes.flatMap((note) => noteLines(`    ${printable(note)}`, style)),
    ...(accepted ? [] : [`    ${acceptanceHint(report.report, style)}`]),
    ...omittedLines(omitted, style),
    ...('signed' in outcome ? [deliveredText(outcome.delivered, '', style)] : []),
  ].join('\n');
}

function registeredText({ file, report, device, organisation, technician, notes }: Imported, style: Style): string {
  const amendment = `report amend ${report} NEW-ID --technician ${technician} --dcc FILE`;
  return [
    `${style.green('✓')} ${printable(file)}`,
    `    ${style.dim('registered before, as report')} ${report} ${style.dim('of')} ${device}`,
    ...notes.flatMap((note) => noteLines(`    ${printable(note)}`, style)),
    ...(organisation === registrantOf(technician)
      ? [
          `    To add to it or correct it, amend it: ${style.hint(amendment)}, with --mapping, --parent or --paper-parent.`,
        ]
      : []),
  ].join('\n');
}

function parentText(parent: Parent): string {
  switch (parent.kind) {
    case 'report':
      return parent.report;
    case 'paper':
      return `certificate ${parent.certificate}, on paper`;
    case 'external':
      return parent.certificate === NOT_NAMED
        ? `${equipmentText(parent)}, of which no certificate is named`
        : `certificate ${parent.certificate}${fileText(parent)}, which is not registered here`;
  }
}

/** The certificate may be registered from another file. */
function fileText({ digest }: Extract<Parent, { kind: 'external' }>): string {
  return digest ? ` with the ${digest.algorithm} ${digest.value.slice(0, 16)}…` : '';
}

function equipmentText({ equipment }: Extract<Parent, { kind: 'external' }>): string {
  return equipment.startsWith(NOT_NAMED) ? `a standard${equipment.slice(NOT_NAMED.length)}` : equipment;
}

const FORGOTTEN_KIND =
  'If that device calibrates others, revoke its report (`tracecal revoke report`), import its certificate once more with --new-device --kind standard, and then this one.';

function refusedText({ file, error, device }: RefusedImport, style: Style): string {
  const { message, code } = describeFailure(error);
  return [
    `${style.red('✗')} ${printable(file)}`,
    ...noteLines(`    ${printable(message)} [${code}]`, style),
    ...(code === 'PARENT_UNUSABLE' && message.includes('field device')
      ? noteLines(`    ${FORGOTTEN_KIND}`, style)
      : []),
    ...(device === null ? [] : [`    Its device ${device} was registered before that, and stays.`]),
  ].join('\n');
}
