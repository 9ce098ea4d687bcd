import { instantOf, millisecondsOf } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import { readStatement } from '@tracecal/gateway-client';
import { withRegistry } from '../check.js';
import type { Check, Finding } from '../check.js';

const OLD_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Every institute has given a heartbeat within a day: questions with --max-age need them. */
export const heartbeats: Check = {
  name: 'heartbeats',
  run: (examined) =>
    withRegistry(examined, async (session) => {
      const reader = await session.reader();
      const now = instantOf(examined.now.getTime());
      const standing = (await session.institutes()).filter(({ impediments }) => !inForce(impediments, now));
      const findings = await Promise.all(
        standing.map(async ({ id }): Promise<Finding | undefined> => {
          const beat = await reader.getHeartbeat(id);
          const age = beat && examined.now.getTime() - millisecondsOf(readStatement(beat.statement.jws).date);
          if (age !== null && age <= OLD_MS) {
            return undefined;
          }
          const isHere = session.keys.has('organisation', id);
          const said =
            age === null ? 'has never given a heartbeat' : `gave its last heartbeat ${Math.floor(age / HOUR_MS)} h ago`;
          return {
            level: 'warn',
            message: `${id} ${said}${isHere ? '' : ': ask it to give one'}`,
            ...(isHere && { next: `tracecal heartbeat --as ${id}` }),
          };
        }),
      );
      const old = findings.filter((finding) => finding !== undefined);
      return old.length > 0
        ? old
        : [{ level: 'ok', message: `all ${standing.length} institutes gave one within a day` }];
    }),
};
