import { millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import { readStatement } from '@tracecal/gateway-client';
import { withRegistry } from '../check.js';
import type { Check } from '../check.js';

/** A smaller difference has no effect. */
const NOTICEABLE_MS = 60_000;

/** This machine's clock is not behind the newest date on the ledger. A clock that is ahead shows only when peers refuse its time. */
export const clock: Check = {
  name: 'clock',
  run: (examined) =>
    withRegistry(examined, async (session) => {
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
    }),
};
