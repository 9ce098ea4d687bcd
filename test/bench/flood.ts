import { setTimeout as pause } from 'node:timers/promises';
import { instantOf } from '@tracecal/core/model';
import { everyone, Members } from '../support/machines/members.js';
import { GATEWAY, hostOf, MAJORITY, NEWCOMER, placedMembers } from '../support/machines/placedMembers.js';
import { median } from './measure.js';

const FLOODED = 'oem-a';
const PORTS = [7551, 7050, 5514];
const SECONDS = 4;
/** An institute reads at its own peer, a laboratory at its own, and the site through its own, which is flooded. */
const READERS = [MAJORITY[0], 'lab-alpha', FLOODED] as const;
/** What is flooded meanwhile. A machine of the same rules without any node shows what the flood takes from the processors alone. */
const SITUATIONS = { 'no flood': undefined, 'a machine without nodes': NEWCOMER, 'the site': FLOODED } as const;

type Situation = keyof typeof SITUATIONS;

const PAIRS = READERS.flatMap((reader) =>
  (Object.keys(SITUATIONS) as Situation[]).map((situation) => [reader, situation] as const),
);

interface Round {
  readonly milliseconds: readonly number[];
  readonly perSecond: number;
  /** Datagrams and connections of the flood. */
  readonly flooded: number;
}

/** How long a trace takes at an institute's, a laboratory's and a site's own peer, while the site is flooded or not. */
export async function floodNumbers(rounds: number, progress: (line: string) => void): Promise<readonly string[]> {
  const members = await Members.prepare(placedMembers([...MAJORITY, 'nmi-east', 'lab-alpha', FLOODED]));
  try {
    await begin(members, progress);
    const measured = new Map<string, Round[]>();
    for (let round = 1; round <= rounds; round += 1) {
      progress(`flood: round ${round} of ${rounds}`);
      for (const [reader, situation] of PAIRS) {
        const key = `${reader}, flooded: ${situation}`;
        measured.set(key, [...(measured.get(key) ?? []), await readsDuring(members, reader, situation)]);
      }
    }
    return [
      `Traces one after the other, ${rounds} rounds of ${SECONDS} s: median and 95th percentile`,
      ...[...measured].map(([key, all]) => `  ${key}: ${told(all)}`),
    ];
  } finally {
    members.stop();
  }
}

async function begin(members: Members, progress: (line: string) => void): Promise<void> {
  progress('flood: founding a consortium on five machines');
  await members.found();
  await everyone(members.founders, (id) => members.loadRules(id));
  await everyone(members.founders, (id) => members.up(id));
  await everyone(members.founders, (id) => members.isWhole(id));
  progress('flood: registering reports');
  await members.submit();
  for (const reader of READERS) await members.traces(reader, members.sensor('a'));
  const { rulesets } = await members
    .user(FLOODED)
    .succeed<{ rulesets: readonly { ruleset: string }[] }>(...['firewall', 'generate', '--host', hostOf(FLOODED)]);
  members.machine(NEWCOMER).load(rulesets[0]!.ruleset);
}

async function readsDuring(members: Members, reader: string, situation: Situation): Promise<Round> {
  const target = SITUATIONS[situation];
  const end = target === undefined ? undefined : members.machine(GATEWAY).flood(members.machine(target), PORTS);
  if (end !== undefined) await pause(1000);
  const client = await members.client(reader);
  await client.startReads(members.sensor('a'), instantOf(Date.now()));
  await pause(SECONDS * 1000);
  const { milliseconds, wrong } = await client.endReads();
  const flood = await end?.();
  if (wrong.length > 0) throw new Error(`A read during a flood failed: ${wrong[0]}`);
  return {
    milliseconds,
    perSecond: milliseconds.length / SECONDS,
    flooded: ((flood?.sent ?? 0) + (flood?.opened ?? 0)) / (SECONDS + 1),
  };
}

function told(rounds: readonly Round[]): string {
  const all = rounds.flatMap(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  const late = all[Math.floor(all.length * 0.95)]!;
  const perSecond = median(rounds.map((round) => round.perSecond));
  const flooded = Math.round(median(rounds.map((round) => round.flooded)));
  return `${median(all).toFixed(1)} ms, ${late.toFixed(1)} ms; ${perSecond.toFixed(0)} reads/s; flood ${flooded}/s`;
}
