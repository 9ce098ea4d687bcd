import { millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import { readStatement } from '@tracecal/gateway-client';
import { withRegistry } from '../check.js';
import type { Check, Examined, Finding } from '../check.js';
import { clockFinding } from '../../view/clockWords.js';

/** A smaller difference has no effect. */
const NOTICEABLE_MS = 60_000;

/**
 * This machine's clock is not behind the newest date on the ledger, and not far from the clocks of other members' peers. On a network of one machine nobody
 * else has a clock, and one that is ahead shows only when peers elsewhere refuse its time.
 */
export const clock: Check = {
  name: 'clock',
  async run(examined) {
    const others = clockFinding(await examined.clocks());
    return [...(others === undefined ? [] : [others]), ...(await againstLedger(examined))];
  },
};

function againstLedger(examined: Examined): Promise<readonly Finding[]> {
  return withRegistry(examined, async (session) => {
    const reader = await session.reader();
    const institutes = await session.institutes();
    const beats = await Promise.all(institutes.map(({ id }) => reader.getHeartbeat(id)));
    const { opened } = await reader.getEpoch();
    const dates = [opened, ...beats.flatMap((beat) => (beat ? [readStatement(beat.statement.jws).date] : []))];
    const newest = dates.sort().at(-1) ?? opened;
    const behind = millisecondsOf(newest) - examined.now.getTime();
    const seconds = Math.round(behind / 1000);
    if (behind <= NOTICEABLE_MS) {
      return [{ level: 'ok', message: `not behind the ledger, whose newest date is ${newest}` }];
    }
    return [
      {
        level: behind > TIME_WINDOW_MS ? 'fail' : 'warn',
        message: `this machine's clock is ${seconds} s behind the ledger: set it`,
      },
    ];
  });
}
