import { printable } from '@tracecal/gateway-client';
import type { Freshness, HeartbeatAge } from '@tracecal/gateway-client';

/** What is missing of the freshness that a question asks for: whose heartbeats count, and how old each is. */
export function freshnessLines({ maxAgeSeconds, wanted, institutes }: Freshness): readonly string[] {
  const of = institutes.length === 1 ? 'this institute' : `${wanted} of these institutes`;
  return institutes.length === 0
    ? ['no institute stands behind this chain: no heartbeat can show how fresh it is']
    : [
        `asked for: a heartbeat of ${of}, at most ${spanText(maxAgeSeconds)} old`,
        ...institutes.map((each) => `  ${printable(`${each.institute}: ${ageText(each)}`)}`),
      ];
}

function ageText({ institute, time, ageSeconds, isFresh }: HeartbeatAge): string {
  return time === null || ageSeconds === null
    ? `none was seen; it gives one with \`tracecal heartbeat --as ${institute}\``
    : `${spanText(ageSeconds)} old, from ${time}${isFresh ? '' : ', too old'}`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit of which there are two at least: `36 hours`, `3 days`. */
export function spanText(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= 2 * each) ?? (['second', 1] as const);
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
