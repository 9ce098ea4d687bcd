import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { GateWorld } from '../support/gateWorld.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';
import { median } from './measure.js';

const ROUNDS = 9;
const LEVELS = [1, 7, 50];

/**
 * How much processor time the gate takes to open, beside a Node that does nothing (`node -e 0`), in turns: the ratio is what travels. With a
 * change log; the command takes no part, because without one the gate only decides.
 *
 *     node --require ./.scripts/quiet.cjs --enable-source-maps test/dist/bench/gate.js
 */
export async function gateNumbers(): Promise<readonly string[]> {
  const devices: string[] = [];
  const world = await GateWorld.of(async (hierarchy) => {
    for (const levels of LEVELS) devices.push(await hierarchy.addChain(levels, 't-nmi-north', `of-${levels}`));
  });
  for (const [place, device] of devices.entries()) await world.bundle(device, `${place}.json`);
  await world.sealed();
  const calls = devices.map((device, place) => [
    ...world.program(),
    ...[
      device,
      '--trust',
      world.path('trust.json'),
      '--bundle',
      world.path(`${place}.json`),
      '--log',
      world.path('log'),
    ],
  ]);
  const times: number[][] = calls.map(() => []);
  const ratios: number[][] = calls.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    const nothing = cpuOf(['-e', '0'], world.environment());
    for (const [place, call] of calls.entries()) {
      const own = cpuOf(call, world.environment());
      // The first round fills the caches of the file system.
      if (round > 0) {
        times[place]?.push(own);
        ratios[place]?.push(own / nothing);
      }
    }
  }
  return [
    '| levels | processor ms | of `node -e 0` |',
    '| -----: | -----------: | -------------: |',
    ...LEVELS.map(
      (levels, place) =>
        `| ${levels} | ${median(times[place] ?? []).toFixed(0)} | ${median(ratios[place] ?? []).toFixed(2)} |`,
    ),
  ];
}

/** Processor time of a Node with these words, as Linux counts it for ended children, in milliseconds. */
function cpuOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const before = childTicks();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The gate is closed: ${stderr}`);
  return (childTicks() - before) * MS_OF_A_TICK;
}

const MS_OF_A_TICK = 10;
/** cutime and cstime among the fields after the name. */
const CHILD_FIELDS = [13, 14];

function childTicks(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CHILD_FIELDS.reduce((sum, field) => sum + Number(fields[field]), 0);
}

if (require.main === module) {
  void gateNumbers()
    .then((lines) => process.stdout.write(`${lines.join('\n')}\n`))
    .finally(removeTemporaryFolders);
}
