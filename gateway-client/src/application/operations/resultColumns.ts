import { parseUnit } from '@tracecal/core/model';
import type { Argument, Result, Row } from '@tracecal/core/model';
import type { NewColumn, NewNumbers, NewResult } from '../../dcc/index.js';

/** The value in a row that states nothing. */
const NOTHING = 'NaN';

/** A result of a report as a table of a certificate: arguments first, then the value, its error and limits. */
export function resultColumns(result: Result): NewResult {
  const { name, quantity, unit, rows, arguments: all = [] } = result;
  const hasErrors = rows.some(({ error }) => error !== undefined);
  const stated = { ...uncertaintyOf(rows), ...conformityOf(result) };
  const value: NewNumbers = {
    name: hasErrors ? 'Reference value' : kindWords(quantity),
    refType: `${hasErrors ? 'basic_referenceValue' : 'tracecal_value'} tracecal_${quantity}`,
    unit,
    values: rows.map((row) => numberText(row.value)),
  };
  const error: NewNumbers = {
    name: 'Error of indication',
    refType: 'basic_measurementError',
    unit: differenceUnit(unit),
    values: rows.map((row) => numberText(row.error)),
    ...stated,
  };
  return {
    name,
    columns: [
      ...all.map((argument, place) => argumentColumn(argument, rows, place)),
      ...(hasErrors ? [value, error] : [{ ...value, ...stated }]),
      ...limitColumns(result),
    ],
  };
}

function argumentColumn({ name, role, quantity, unit }: Argument, rows: readonly Row[], place: number): NewColumn {
  const at = rows.map((row) => row.at?.[place] ?? NOTHING);
  const refType = role === 'physical' ? 'tracecal_argument' : 'tracecal_setting';
  return unit === undefined
    ? { name, refType, words: at.map(String) }
    : {
        name,
        refType: quantity === undefined ? refType : `${refType} tracecal_${quantity}`,
        unit,
        values: at.map(String),
      };
}

function uncertaintyOf(rows: readonly Row[]): Pick<NewNumbers, 'uncertainty'> {
  const stated = rows.map(({ uncertainty }) => uncertainty);
  return stated.every((each) => each === null)
    ? {}
    : {
        uncertainty: {
          U: stated.map((each) => numberText(each?.expanded)),
          k: stated.map((each) => numberText(each?.coverageFactor)),
          p: stated.map((each) => numberText(each?.coverageProbability)),
          ...(stated.some((each) => each?.distribution) && {
            distribution: stated.map((each) => each?.distribution ?? 'normal'),
          }),
        },
      };
}

/** The format cannot mix rows with and without a conformity statement. */
function conformityOf({ conformity }: Result): Pick<NewNumbers, 'conformity'> {
  const stated = (conformity?.stated ?? []).filter((each) => each !== null);
  return stated.length > 0 && stated.length === conformity?.stated?.length ? { conformity: stated } : {};
}

function limitColumns({ conformity, unit }: Result): readonly NewNumbers[] {
  const { limits, of } = conformity ?? {};
  if (!limits) {
    return [];
  }
  const what = limits.kind === 'tolerance' ? 'tolerance' : 'acceptance';
  return (['lower', 'upper'] as const).flatMap((side) => {
    const values = limits[side];
    return values.every((each) => each === null)
      ? []
      : [
          {
            name: `${side === 'lower' ? 'Lower' : 'Upper'} ${what} limit`,
            refType: `basic_${what}Limit${side === 'lower' ? 'Lower' : 'Upper'}`,
            unit: of === 'value' ? unit : differenceUnit(unit),
            values: values.map(numberText),
          },
        ];
  });
}

/** The unit of errors: the kelvin for a temperature scale with its own zero point. */
function differenceUnit(unit: string): string {
  return (parseUnit(unit)?.offset ?? 0) === 0 ? unit : unit.replace(/\\degreecelsius/i, '\\kelvin');
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : String(value);
}

/** A kind as people write it: `relative humidity`. */
function kindWords(quantity: string): string {
  return quantity.replaceAll('-', ' ');
}
