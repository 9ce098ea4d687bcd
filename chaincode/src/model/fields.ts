import { z } from 'zod';
import { QUANTITY } from './identifiers.js';
import { hasHidden, isNormal } from './text.js';
import { isCalendarDate } from './time.js';
import { isUnit } from './units.js';

/** Shapes of single fields that several records share. */

export const quantity = z.string().regex(QUANTITY, 'must be a lower-case word like "temperature"');
export const unit = z
  .string()
  .max(200)
  .refine(isUnit, 'must be a D-SI unit like "\\\\degreecelsius" or "\\\\kilo\\\\gram"');
export const date = z.string().refine(isCalendarDate, 'must be a date like 2026-03-01');
export const text = z
  .string()
  .regex(/\S/, 'must not be empty')
  .max(256)
  .refine((value) => !hasHidden(value), 'must not hold control characters or others that nobody sees')
  .refine(isNormal, 'must be in Unicode normalisation form C');
/** zod's numbers are finite: NaN and infinity are refused. */
export const finite = z.number();
