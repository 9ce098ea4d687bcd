import { isUnit, RegistryError } from '@tracecal/core/model';
import { z } from 'zod';
import type { Influence } from '../../device/index.js';
import { readJsonFile } from '../files/inputFile.js';

/** How the indications of one kind of quantity change with a condition that the report states no errors for. */
export interface InfluenceOn {
  readonly quantity: string;
  /** Of the indication: the coefficient is in this unit for one unit of the condition. */
  readonly unit: string;
  readonly influence: Influence;
}

const MOST_INFLUENCES = 64;
const number = z.number();

const schema = z
  .array(
    z.strictObject({
      quantity: z.string(),
      unit: z.string().refine(isUnit, 'must be a D-SI unit'),
      argument: z.string().min(1).max(256),
      argumentUnit: z.exactOptional(z.string().refine(isUnit, 'must be a D-SI unit')),
      reference: z.exactOptional(number),
      coefficient: number,
      standardUncertainty: z.exactOptional(number.min(0)),
    }),
  )
  .min(1)
  .max(MOST_INFLUENCES);

/**
 * The influences in a file: coefficients from a report's remarks or a data sheet, which no report states as data.
 *
 * @throws ApplicationError `FILE_UNREADABLE`, `INPUT_INVALID`; RegistryError `JSON_INVALID`, `INPUT_INVALID`
 */
export async function influencesInFile(path: string): Promise<readonly InfluenceOn[]> {
  const all = await readJsonFile(path, schema, 'list of influences');
  return all.map(({ quantity, unit, argumentUnit, ...rest }) => ({
    quantity,
    unit,
    influence: { ...rest, ...(argumentUnit !== undefined && { unit: argumentUnit }) },
  }));
}

/** Those on a reading. @throws RegistryError `INPUT_INVALID` where a coefficient is in another unit than the reading */
export function influencesOn(
  all: readonly InfluenceOn[],
  reading: { readonly quantity: string; readonly unit: string },
): readonly Influence[] {
  const own = all.filter(({ quantity }) => quantity === reading.quantity);
  const other = own.find(({ unit }) => unit !== reading.unit);
  if (other) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the influence of ${other.influence.argument} is in ${other.unit}, and the reading in ${reading.unit}: state both in the same.`,
    );
  }
  return own.map(({ influence }) => influence);
}
