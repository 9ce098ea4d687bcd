import { millisecondsOf } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import type { Place, Progress } from '@tracecal/gateway-client/replica';
import type { Style } from '../style.js';
import { spanText } from './freshnessLines.js';
import { noteLines } from './noteLines.js';

const MEGABYTE = 1_000_000;

/** How far a replica has come while it catches up. */
export function progressText({ height, of, bytes, blocks }: Progress, seconds: number): string {
  const rate = seconds > 0 ? Math.round(blocks / seconds) : 0;
  return `Block ${height} of ${of}, ${(bytes / MEGABYTE).toFixed(1)} MB, ${rate} blocks a second`;
}

/** What a replica has. */
export function replicaLines(place: Place, style: Style): readonly string[] {
  const { channel, height, newest } = place;
  return [
    `${style.green('✓')} ${height} blocks of ${channel} are verified. The newest has the hash ${newest}.`,
    ...unpinned(place).flatMap((line) => noteLines(`  ${line}`, style)),
  ];
}

function unpinned({ isPinned, genesis }: Place): readonly string[] {
  return isPinned
    ? []
    : [
        `nobody vouches for the first block: a peer sent it, and it has been believed since. Ask a member whom you trust for its hash; if it is ${genesis}, give it once with --genesis ${genesis}`,
      ];
}

/** What an answer of a replica rests on. The replica knows no time, except from heartbeats. */
export function replicaNotes(
  folder: string,
  { height, isPinned }: Place,
  { heartbeats }: Pick<Verdict, 'heartbeats'>,
  now = Date.now(),
): readonly string[] {
  const ages = heartbeats.map(({ institute, time }) => {
    const seconds = Math.max(0, Math.floor((now - millisecondsOf(time)) / 1000));
    return `${institute} ${spanText(seconds)} ago`;
  });
  return [
    `nobody was asked: this is what the replica in ${folder} holds, which has ${height} blocks`,
    ages.length > 0
      ? `newest heartbeats in it: ${ages.join(', ')}`
      : 'it holds no heartbeat of these institutes, so nothing shows how old it is',
    ...(isPinned ? [] : ['nobody vouches for the first block of this replica: --genesis of `tracecal follow` does']),
  ];
}
