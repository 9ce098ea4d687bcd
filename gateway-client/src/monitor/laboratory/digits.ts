import { tailOfChiSquare } from '../statistics/index.js';
import { grouped, MOST_SHOWN, USUAL_FALSE_ALARMS } from './work.js';
import type { Suspecting, Suspicion, Work } from './work.js';

/** Digits below which a distribution says nothing: five of each. */
const FEWEST = 50;
/** Values of one result below which its step cannot be told. */
const FEWEST_OF_STEP = 4;
const MOST_DECIMALS = 12;
const DIGITS = 10;

/**
 * Last digits that people prefer, or avoid, when they make numbers up. Where an instrument counts in steps of 2 or 5, its steps are looked at;
 * where values spread over fewer than 20 steps, its last digits are not even, and tell nothing.
 */
export function preferredDigits(
  works: readonly Work[],
  { falseAlarms = USUAL_FALSE_ALARMS }: Suspecting = {},
): readonly Suspicion[] {
  const technicians = grouped(works, ({ technician }) => technician);
  return [...technicians].flatMap(([technician, own]) => {
    const counts = Array<number>(DIGITS).fill(0);
    for (const digit of own.flatMap(digitsOf)) counts[digit] = (counts[digit] ?? 0) + 1;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total < FEWEST) return [];
    const expected = total / DIGITS;
    const distance = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const chance = tailOfChiSquare(distance, DIGITS - 1);
    if (chance * technicians.size > falseAlarms) return [];
    const most = counts.indexOf(Math.max(...counts));
    return [
      {
        detector: 'digits' as const,
        about: technician,
        says: `Of ${total} last digits ${counts[most] ?? 0} are ${most}, where ${expected.toFixed(0)} are expected.`,
        chance,
        reports: own.slice(-MOST_SHOWN).map(({ report }) => report),
      },
    ];
  });
}

/** Last digits of the errors in a report, in steps of the instrument. */
function digitsOf({ results }: Work): readonly number[] {
  return results.flatMap(({ rows }) => {
    const errors = rows.flatMap(({ error }) => (error === undefined ? [] : [error]));
    if (errors.length < FEWEST_OF_STEP) return [];
    const decimals = Math.max(...errors.map(decimalsOf));
    if (decimals > MOST_DECIMALS) return [];
    const whole = errors.map((error) => Math.round(Math.abs(error) * 10 ** decimals));
    const step = whole.reduce(commonDivisor, 0);
    const steps = step > 0 ? whole.map((value) => value / step) : [];
    return Math.max(0, ...steps) < 2 * DIGITS ? [] : steps.map((value) => value % DIGITS);
  });
}

/** Decimal places of a number as JSON writes it. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
