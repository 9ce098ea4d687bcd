import type { Requirements } from '@tracecal/core/model';
import { counted } from './counts.js';

/** What an owner requires, a line for each requirement. */
export function requirementLines({ intervals = [], strict = [], ...body }: Requirements): readonly string[] {
  const { intervalDays, graceDays, dueSoonDays, accreditation, conformity, minimumTur, maxAgeSeconds } = body;
  const others = intervals.length > 0 ? 'other kinds' : 'all kinds';
  return [
    ...intervals.map(({ quantity, days }) => `interval of ${quantity}: ${daysText(days)}`),
    ...stated(intervalDays, (days) => `interval of ${others}: ${daysText(days)}`),
    ...stated(graceDays, (days) => `grace: ${daysText(days)} past an interval`),
    ...stated(dueSoonDays, (days) => `due soon: from ${daysText(days)} before`),
    ...stated(accreditation, (policy) => ACCREDITATION[policy]),
    ...stated(conformity, (wanted) => CONFORMITY[wanted]),
    ...stated(minimumTur, (least) => `test uncertainty ratio: at least ${least}`),
    ...(strict.length > 0 ? [`not even a note of: ${strict.join(', ')}`] : []),
    ...stated(maxAgeSeconds, (seconds) => `newest heartbeat: at most ${spanText(seconds)} old`),
  ];
}

const ACCREDITATION = {
  accept: 'accreditation in place of a chain: fulfils this, and stays ATTESTED',
  attested: 'accreditation in place of a chain: ATTESTED, the asker decides',
  refuse: 'accreditation in place of a chain: refused, INCOMPLETE',
} as const;

const CONFORMITY = {
  stated: 'conformity: has to be stated',
  conforms: 'conformity: the certificate has to show that it conforms',
} as const;

function stated<T>(value: T | undefined, say: (value: T) => string): readonly string[] {
  return value === undefined ? [] : [say(value)];
}

function daysText(days: number): string {
  return counted(days, 'day');
}

function spanText(seconds: number): string {
  const [unit = 's', size = 1] = UNITS.find(([, each]) => seconds % each === 0) ?? [];
  return `${seconds / size} ${unit}`;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;
