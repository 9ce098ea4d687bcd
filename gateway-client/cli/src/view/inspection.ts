import { withUnit } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import type {
  InspectedCondition,
  InspectedEquipment,
  InspectedFile,
  InspectedItem,
  InspectedQuantity,
  InspectedReference,
  InspectedResult,
  InspectedStatement,
  Inspection,
  Seal,
} from '@tracecal/gateway-client/dcc';
import type { Paint, Style } from '../style.js';
import { hanging } from '../text/wrap.js';
import { SEAL_WORDS } from './sealWords.js';

/** A terminal is no place for a long column; `--json` has all of it. */
const MOST_ROWS = 12;

type Line = readonly [title: string, text: string];

/** What a certificate says, as a person reads it. */
export function inspectionLines(inspection: InspectedFile, style: Style): string {
  const { file } = inspection;
  const lines = [
    ...headLines(inspection),
    ...inspection.items.flatMap((item) => itemLines(item)),
    ...(inspection.parents.length === 0
      ? [['rests on', 'no parent: no certificate of a standard is named'] as const]
      : []),
    ...inspection.parents.map((parent): Line => [
      'rests on',
      `${parent.referralID ?? 'a certificate without a number'} (${parent.equipment ?? 'equipment not named'}${parent.analogue ? ', on paper' : ''})${referenceRemarks(parent)}`,
    ]),
    ...inspection.equipment.flatMap(equipmentLines),
    ...inspection.methods.flatMap((method): Line[] => [
      ['method', [method.name, ...method.norms, ...method.references].filter(Boolean).join(', ')],
      ...method.quantities.flatMap((quantity) => quantityLines('  property', quantity)),
    ]),
    ...inspection.conditions.flatMap(conditionLines),
    ...inspection.results.flatMap(resultLines),
    ...inspection.statements.flatMap((statement) => statementLines('statement', statement)),
    ...inspection.metaData.flatMap((statement) => statementLines('metadata', statement)),
    ...inspection.formulas.map(({ latex }): Line => ['formula', latex]),
    ...inspection.omissions.map(({ clause, omitted }): Line => ['not stated', `${omitted} (ISO/IEC 17025, ${clause})`]),
    ...inspection.unsupported.map(({ path, reason }): Line => ['not read', `${path}: ${reason}`]),
  ];
  const mark = isChanged(inspection) ? style.red('✗') : style.green('✓');
  return [
    `${mark} ${style.bold(printable(file))}`,
    ...[signatureLine(inspection.seal, style), ...lines.map((line) => lineText(line, style))].flat(),
  ].join('\n');
}

/** Whether its signature says that the file is not what was signed. */
export function isChanged({ seal }: InspectedFile): boolean {
  return seal?.state === 'not-verified';
}

/** At the top: nothing below it is to be believed of a certificate that was changed after signing. */
function signatureLine(seal: Seal | null, style: Style): readonly string[] {
  if (seal === null) {
    return lineText(['signature', 'none'], style);
  }
  const { state, failedStep, sentence } = seal;
  const step = failedStep === null ? '' : ` (${failedStep})`;
  const next = state === 'indeterminate' ? ` Check it with ${style.hint('dcc seal FILE --anchors CA.pem')}.` : '';
  const paint = state === 'not-verified' ? style.red : style.yellow;
  const words = state === 'not-verified' ? 'does not hold' : SEAL_WORDS[state];
  return lineText(['signature', `${words}${step}: ${sentence}${next}`], style, paint);
}

function lineText([title, text]: Line, style: Style, paint: Paint = (plain) => plain): readonly string[] {
  return hanging(`  ${style.dim(title.padEnd(12))}`, paint(style.text(printable(text))), style.columns);
}

function headLines(inspection: Inspection): Line[] {
  const { performed, previousReport, replaces, conformity, issued, received, place } = inspection;
  const stated: readonly (readonly [string, string | null])[] = [
    ['certificate', `${inspection.uniqueIdentifier ?? ''} (DCC ${inspection.schemaVersion ?? ''})`],
    ['laboratory', [inspection.laboratory ?? 'not named', inspection.country].filter(Boolean).join(', ')],
    ['accredited', inspection.contacts.find(({ role }) => role === 'laboratory')?.mark ?? null],
    ['performed', performed ? `${performed.begin} to ${performed.end}` : 'not stated'],
    ['received', received],
    ['issued', issued],
    ['place', place],
    ['replaces', replaces && `${replaces.uniqueIdentifier ?? 'not named'} (${replaces.change ?? 'change not named'})`],
    ['previous', previousReport && `${previousReport.referralID ?? 'not named'}${referenceRemarks(previousReport)}`],
    ['conformity', conformity],
  ];
  return stated.flatMap(([title, text]) => (text === null ? [] : [[title, text] as const]));
}

function itemLines(item: InspectedItem, title = 'item'): Line[] {
  return [
    [title, [item.name, item.manufacturer, item.model, item.serial].filter(Boolean).join(', ')],
    ...item.quantities.flatMap((quantity) => quantityLines('  property', quantity)),
    ...item.parts.flatMap((part) => itemLines(part, '  part')),
  ];
}

function equipmentLines(equipment: InspectedEquipment): Line[] {
  const { name, manufacturer, model, serial, certificate } = equipment;
  return [
    [
      'equipment',
      `${[name, manufacturer, model, serial].filter(Boolean).join(', ')}${certificate ? '' : ' (no certificate named)'}`,
    ],
    ...equipment.quantities.flatMap((quantity) => quantityLines('  property', quantity)),
  ];
}

function referenceRemarks({ procedure, value, traceable, inValidityRange }: InspectedReference): string {
  const digest = /^(?:analog(?:ue)?|none)$/i.test(procedure ?? 'none') ? [] : [`${procedure ?? ''} ${value ?? ''}`];
  return [
    ...digest,
    ...(traceable === null ? [] : [traceable ? 'traceable' : 'not traceable']),
    ...(inValidityRange === null ? [] : [inValidityRange ? 'in its validity range' : 'outside its validity range']),
  ]
    .map((remark) => `; ${remark}`)
    .join('');
}

function conditionLines({ name, refType, status, quantities, metaData }: InspectedCondition): Line[] {
  return [
    ['condition', [name ?? refType ?? 'not named', status].filter(Boolean).join(', ')],
    ...quantities.flatMap((quantity) => quantityLines('  value', quantity)),
    ...metaData.flatMap((statement) => statementLines('  metadata', statement)),
  ];
}

function resultLines({ name, refIds, quantities, metaData, conformity }: InspectedResult): Line[] {
  const of = refIds.length > 0 ? ` (of ${refIds.join(', ')})` : '';
  return [
    ['result', `${name ?? 'not named'}${of}${conformity === null ? '' : `: ${conformity}`}`],
    ...quantities.flatMap((quantity) => quantityLines('  column', quantity)),
    ...metaData.flatMap((statement) => statementLines('  metadata', statement)),
  ];
}

function statementLines(title: string, statement: InspectedStatement): Line[] {
  const { declaration, norms, references, convention, conformity, traceable, valid, date, period } = statement;
  const said = [
    statement.name ?? statement.refType,
    declaration,
    ...norms,
    ...references,
    convention,
    conformity.length > 0 ? conformity.join(' ') : null,
    traceable === null ? null : traceable ? 'traceable' : 'not traceable',
    valid.length > 0 ? `valid: ${valid.join(' ')}` : null,
    date,
    period,
    statement.authority,
  ].filter((part) => part !== null && part !== '');
  const lines = statement.quantities.flatMap((quantity) => quantityLines('  value', quantity));
  return said.length === 0 ? lines : [[title, said.join('; ')], ...lines];
}

function quantityLines(title: string, quantity: InspectedQuantity): Line[] {
  const own = quantity.name ?? quantity.refType ?? 'not named';
  const what = quantity.list === null || quantity.list === own ? own : `${quantity.list}, ${own}`;
  const metaData = quantity.metaData.flatMap((statement) => statementLines('    of it', statement));
  return [[title, `${what}: ${valuesOf(quantity)}`], ...metaData];
}

function valuesOf({ points, complex, words, relativeUncertainty }: InspectedQuantity): string {
  const rows = [
    ...points.map(({ text, unit, uncertainty, conformity }) => {
      const value = uncertainty
        ? `${withUnit(`(${text} ± ${uncertainty.text})`, unit)} with k ${uncertainty.k === null ? 'not stated' : `= ${uncertainty.k}`}`
        : withUnit(text, unit);
      return `${value}${conformity === null ? '' : `, ${conformity}`}`;
    }),
    ...complex.map(({ form, first, second, unit, phaseUnit }) =>
      form === 'polar'
        ? `${withUnit(first.text, unit)} at ${withUnit(second.text, phaseUnit ?? '')}`
        : withUnit(`(${first.text} + ${second.text} i)`, unit),
    ),
  ];
  const relative = relativeUncertainty.map(({ text, unit }) => withUnit(text, unit));
  const shown = [
    ...rows.slice(0, MOST_ROWS),
    ...(rows.length > MOST_ROWS ? [`${rows.length - MOST_ROWS} more: see --json`] : []),
    ...(relative.length > 0 ? [`relative uncertainty ${relative.slice(0, MOST_ROWS).join(', ')}`] : []),
  ];
  return shown.length === 0 ? (words ?? 'no values') : shown.join('; ');
}
