import { kindNamed, parseUnit, unitText, withUnit } from '@tracecal/core/model';
import type { Argument, Result, ResultConformity, Row, StatedConformity, Support } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import type { SheetColumn, SheetTable } from './sheet.js';

interface Column extends SheetColumn {
  readonly of: (row: Row, place: number) => string | number | null;
}

/** A result as a table: what is stated nowhere has no column. */
export function resultTable(result: Result): SheetTable {
  const columns = columnsOf(result);
  const cells = result.rows.map((row, place) => columns.map(({ of }) => textOf(of(row, place))));
  const told = columns.map(({ title }, i) => title.startsWith('value') || cells.some((row) => row[i] !== null));
  return {
    caption: `${result.name} (${result.quantity})`,
    columns: columns.filter((_, i) => told[i]).map(({ title, isNumber }) => ({ title, isNumber })),
    rows: cells.map((row) => row.filter((_, i) => told[i])),
    notes: notesOf(result),
  };
}

function columnsOf({ arguments: all = [], unit, quantity, conformity, rows }: Result): readonly Column[] {
  const difference = differenceUnitText(unit);
  // A kind that is a difference has no zero point either.
  const value = (kindNamed(quantity)?.differenceOf ?? null) === null ? unitText(unit) : difference;
  const limit = conformity?.of === 'value' ? value : difference;
  const { limits, stated } = conformity ?? {};
  const number = (title: string, of: Column['of']): Column => ({ title, isNumber: true, of });
  return [
    ...all.map((argument, i): Column => ({
      title: argumentTitle(argument),
      isNumber: argument.unit !== undefined,
      of: ({ at }) => at?.[i] ?? null,
    })),
    number(titled('value', value), (row) => row.value),
    number(titled('error', difference), (row) => row.error ?? null),
    number(titled('U', difference), ({ uncertainty }) => uncertainty?.expanded ?? null),
    number('k', ({ uncertainty }) => uncertainty?.coverageFactor ?? null),
    number('p', ({ uncertainty }) => percent(uncertainty?.coverageProbability ?? null)),
    ...(isFor95(rows)
      ? []
      : [
          number(titled('U at 95 %', difference), (row) => at95(row, ({ expanded }) => expanded)),
          number('k at 95 %', (row) => at95(row, ({ k }) => k)),
        ]),
    { title: titled('limits', limit), isNumber: false, of: (_, place) => limitsText(limits, place) },
    { title: 'conformity', isNumber: false, of: (_, place) => conformityText(stated?.[place] ?? null) },
  ];
}

function isFor95(rows: readonly Row[]): boolean {
  return rows.every((row) => at95(row, ({ isStated }) => (isStated ? 0 : 1)) !== 1);
}

/** Null where the row states no usable uncertainty. */
function at95({ uncertainty }: Row, part: (read: cmc.At95) => number): number | null {
  const read = uncertainty === null ? undefined : cmc.at95(uncertainty);
  return read ? Number(part(read).toPrecision(3)) : null;
}

/** `-0.1 to 0.1`; a limit on one side has its sign. */
function limitsText(limits: ResultConformity['limits'], place: number): string | null {
  const [lower, upper] = [limits?.lower[place] ?? null, limits?.upper[place] ?? null];
  if (lower !== null && upper !== null) {
    return `${lower} to ${upper}`;
  }
  return lower !== null ? `≥ ${lower}` : upper !== null ? `≤ ${upper}` : null;
}

function argumentTitle({ name, unit }: Argument): string {
  return unit === undefined ? name : titled(name, unitText(unit));
}

function titled(what: string, unit: string): string {
  return unit === '1' || unit === '' ? what : `${what} (${unit})`;
}

/** The unit of errors, uncertainties and their limits: of °C it is K. */
export function differenceUnitText(unit: string): string {
  const hasOffset = (parseUnit(unit)?.offset ?? 0) !== 0;
  return unitText(hasOffset ? unit.replace(/\\degreecelsius/i, '\\kelvin') : unit);
}

function percent(probability: number | null): string | null {
  return probability === null ? null : `${Number((probability * 100).toPrecision(12))} %`;
}

const WORDS: Readonly<Record<StatedConformity, string>> = {
  pass: 'pass',
  conditionalPass: 'conditional pass',
  conditionalFail: 'conditional fail',
  fail: 'fail',
  noPass: 'not a pass',
  noFail: 'not a fail',
};

function conformityText(stated: StatedConformity | null): string | null {
  return stated === null ? null : WORDS[stated];
}

function notesOf({ rows, methods, methodLevel, excluded, support, conformity, unit }: Result): readonly string[] {
  const unusable = rows.flatMap(({ value }, i) => (value === null ? [i + 1] : []));
  return [
    ...(methods === undefined || methods.length === 0 ? [] : [`Methods: ${methods.join('; ')}.`]),
    ...(methodLevel === undefined ? [] : [`Level of the method: ${methodLevel}.`]),
    ...(support ? supportNotes(support) : []),
    ...conformityNotes(conformity, differenceUnitText(unit)),
    ...(excluded === undefined ? [] : [EXCLUDED[excluded]]),
    ...(unusable.length === 0 ? [] : [`What the certificate states in row ${unusable.join(', ')} contradicts itself.`]),
  ];
}

function supportNotes({ method, formula, own = [], constants = [] }: Support): readonly string[] {
  const inputs = own.map(({ name, share }) => `${name} (${percent(share) ?? ''} of u²)`);
  return [
    `How it follows from the standards: ${method}.`,
    ...(formula === undefined ? [] : [`Formula: ${formula}`]),
    ...(inputs.length === 0 ? [] : [`Inputs without a certificate: ${inputs.join(', ')}.`]),
    ...constants.map(({ name, value, unit, source }) => `${name} = ${withUnit(value, unit)} (${source}).`),
  ];
}

const EXCLUDED: Readonly<Record<NonNullable<Result['excluded']>, string>> = {
  'not-traceable': 'The laboratory states that this result is not traceable.',
  'not-accredited': 'The laboratory states that this result was not made under its accreditation.',
};

function conformityNotes(conformity: ResultConformity | undefined, unit: string): readonly string[] {
  if (!conformity) {
    return [];
  }
  const { of, limits, overall, rule } = conformity;
  return [
    ...(limits ? [`Limits are ${limits.kind === 'tolerance' ? 'tolerances' : 'acceptance limits'} of the ${of}.`] : []),
    ...(overall === undefined ? [] : [`Conformity of all rows together: ${WORDS[overall]}.`]),
    ...(rule ? [ruleText(rule, unit)] : []),
  ];
}

function ruleText({ kind, guardBand }: NonNullable<ResultConformity['rule']>, unit: string): string {
  const names = { simple: 'simple acceptance', guarded: 'guarded acceptance', 'non-binary': 'non-binary statement' };
  return `Decision rule: ${names[kind]}${guardBand === undefined ? '' : `, guard band ${withUnit(guardBand, unit)}`}.`;
}

function textOf(cell: string | number | null): string | null {
  return cell === null ? null : String(cell);
}
