import { RegistryError } from '@tracecal/core/model';

/**
 * A reading where the report states no errors: outside of its rows, under settings that were not calibrated, or of a kind of quantity that it
 * is not about. Another reading may be inside.
 */
export class OutsideCalibration extends RegistryError {}

/** The report states errors for other conditions than the reading: a condition is missing, or an influence. */
export class ConditionsDiffer extends RegistryError {}

/** Something is wrong with the reading, its conditions or their influences. */
export function refused(why: string): RegistryError {
  return new RegistryError('INPUT_INVALID', sentence(why));
}

export function outside(why: string): OutsideCalibration {
  return new OutsideCalibration('INPUT_INVALID', sentence(why));
}

export function differing(why: string): ConditionsDiffer {
  return new ConditionsDiffer('INPUT_INVALID', sentence(why));
}

function sentence(why: string): string {
  return `this reading cannot be corrected: ${why}.`;
}
