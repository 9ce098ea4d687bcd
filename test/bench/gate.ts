import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateWorld } from '../support/gateWorld.js';
import { ROOT } from '../support/pages.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';
import { median } from './measure.js';

const ROUNDS = 9;
const LEVELS = [1, 7, 50];

interface Call {
  readonly levels: number;
  readonly name: 'gate' | 'gate, prepared' | 'proof verify';
  readonly args: readonly string[];
  readonly times: number[];
  readonly ratios: number[];
}

/**
 * How much processor time the gate takes to open, beside a Node that does nothing (`node -e 0`), in turns: the ratio is what travels. With a
 * change log, from its source and prepared (`--prepare`); the command takes no part, because without one the gate only decides. `proof verify`
 * checks the same files, with the tiers chain and fresh required.
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
  const calls = devices.flatMap((device, place) => callsOf(world, device, place));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const nothing = cpuOf(['-e', '0'], world.environment());
    for (const { args, times, ratios } of calls) {
      const own = cpuOf(args, world.environment());
      // The first round fills the caches of the file system.
      if (round > 0) {
        times.push(own);
        ratios.push(own / nothing);
      }
    }
  }
  return [
    '| levels | command | processor ms | of `node -e 0` |',
    '| -----: | ------- | -----------: | -------------: |',
    ...calls.map(
      ({ levels, name, times, ratios }) =>
        `| ${levels} | ${name} | ${median(times).toFixed(0)} | ${median(ratios).toFixed(2)} |`,
    ),
  ];
}

function callsOf(world: GateWorld, device: string, place: number): readonly Call[] {
  const [require = '', clock = '', built = ''] = world.program();
  const levels = LEVELS[place] ?? 0;
  const words = [
    '--trust',
    world.path('trust.json'),
    '--bundle',
    world.path(`${place}.json`),
    '--log',
    world.path('log'),
  ];
  const gates = [false, true].map((isPrepared): Call => {
    // Copies, so that what is prepared here stays here.
    const gate = world.path(`gate-${place}-${isPrepared ? 'prepared' : 'plain'}.cjs`);
    copyFileSync(built, gate);
    const args = [require, clock, gate, device, ...words];
    if (isPrepared) {
      cpuOf([...args, '--prepare'], world.environment());
    }
    return { levels, name: isPrepared ? 'gate, prepared' : 'gate', args, times: [], ratios: [] };
  });
  return [...gates, { levels, name: 'proof verify', args: verifyArgs(world, place), times: [], ratios: [] }];
}

function verifyArgs(world: GateWorld, place: number): readonly string[] {
  const [require = '', clock = ''] = world.program();
  const command = join(ROOT, 'gateway-client', 'cli', 'bin', 'tracecal.mjs');
  const files = [world.path(`${place}.json`), '--trust', world.path('trust.json'), '--log', world.path('log')];
  // A data folder for each, so that what one has seen decides nothing for another.
  const data = world.path(`data-${place}`);
  return [require, clock, command, 'proof', 'verify', ...files, '--data', data, '--require', 'chain', 'fresh'];
}

/** Processor time of a Node with these words, as Linux counts it for ended children, in milliseconds. */
function cpuOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const before = childTicks();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`It is refused: ${stderr}`);
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
