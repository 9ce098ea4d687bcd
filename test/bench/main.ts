import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { AS_OF } from '../support/hierarchy.js';
import { Chains } from './chains.js';
import { compare, median, sample, sequential } from './measure.js';
import type { Plan, Workload } from './measure.js';
import { BenchNetwork } from './network.js';
import type { EngineName } from './network.js';
import { table } from './table.js';

/**
 * What a trace costs beside an evaluation that does nothing, on the same network in the same run. Times are this
 * machine's; the ratios are what travels.
 *
 *     npm run bench -- [--engine embedded|native] [--devices 10000] [--rounds 5] [--seconds 1] [--workers 16] [--json]
 */
const LEVELS = [1, 3, 5, 7, 20, 50];
const COLD_CHAINS = 20;
const REPORTS = 500;
/** Verdicts a transaction. */
const BATCHES = [1, 10, 100, 500];
/** What the paper's network could record in a day. */
const PAPER_A_DAY = 11_520;
const DAY_SECONDS = 86_400;

interface Options {
  readonly engine: EngineName;
  readonly devices: number;
  readonly plan: Plan;
  readonly json: boolean;
}

async function bench({ engine, devices, plan }: Options) {
  progress(`starting the ${engine} network`);
  const network = await BenchNetwork.start(engine);
  try {
    const chains = new Chains(network);
    await chains.foundations();
    progress('building chains');
    const ends = new Map<number, string>();
    for (const levels of LEVELS) {
      ends.set(levels, await chains.chain(levels, `chain${levels}`));
    }
    const cold: string[] = [];
    for (let index = 0; index < COLD_CHAINS; index += 1) {
      cold.push(await chains.chain(7, `cold${index}`));
    }
    const firstTrace = await firstTraces(network, cold);
    const evaluations = await compare(await evaluationsOf(network, ends), plan, progress);
    const submits = await submitRates(network, chains, ends.get(3) ?? '', plan);
    const recorded = await recordedVerdicts(network, plan);
    const registrySizes = await registrySizesUpTo(devices, network, chains, ends.get(7) ?? '', plan);
    return {
      engine,
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
      plan,
      evaluations,
      firstTrace,
      submits,
      recorded,
      registrySizes,
    };
  } finally {
    await network.stop();
  }
}

/** Every question is put as an OEM would: no write rights at this level, its own peer. */
async function evaluationsOf(network: BenchNetwork, ends: ReadonlyMap<number, string>): Promise<readonly Workload[]> {
  const oem = await network.as('oem-a');
  const asOf = AS_OF;
  const traces = [...ends].flatMap(([levels, device]) => [
    { name: `trace, ${levels} levels`, call: () => traceable(oem.traceCal(device, { asOf })) },
    {
      name: `trace, ${levels} levels, without signatures`,
      call: () => traceable(oem.traceCal(device, { asOf, signatures: false })),
    },
  ]);
  return [{ name: 'no-op evaluate', call: () => oem.ping() }, ...traces];
}

/** A verdict that is not the expected one makes every number worthless. */
async function traceable(verdict: Promise<{ readonly status: string; readonly reason: string }>): Promise<void> {
  const { status, reason } = await verdict;
  if (status !== 'TRACEABLE') {
    throw new Error(`A trace that should hold is ${status}: ${reason}`);
  }
}

/** The first trace of a chain after a restart, when no signature has been verified before, beside the second. */
async function firstTraces(network: BenchNetwork, devices: readonly string[]) {
  progress('restarting, for traces that nobody asked before');
  await network.restart();
  const oem = await network.as('oem-a');
  for (let warmUp = 0; warmUp < 200; warmUp += 1) {
    await oem.ping();
  }
  const calls = devices.map((device) => () => traceable(oem.traceCal(device, { asOf: AS_OF })));
  const [noop, first, second] = [
    await sequential(Array.from({ length: 100 }, () => () => oem.ping())),
    await sequential(calls),
    await sequential(calls),
  ];
  return { levels: 7, noopMs: median(noop), firstMs: median(first), secondMs: median(second) };
}

async function submitRates(network: BenchNetwork, chains: Chains, standard: string, plan: Plan) {
  progress('issuing reports');
  const parent = `${standard.replace(/-1$/, '-2')}-r1`;
  const reports = await chains.reports(REPORTS, 'issued', parent);
  const oem = await network.as('oem-a');
  const noop = await sample({ name: 'no-op evaluate', call: () => oem.ping() }, plan);
  const workers = plan.workers * 2;
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let call = reports[next++]; call; call = reports[next++]) {
        await call();
      }
    }),
  );
  const perSecond = REPORTS / ((performance.now() - began) / 1000);
  return [{ name: 'createReport', workers, perSecond, ratio: perSecond / noop.perSecond }];
}

/** Verdicts that a sensor maker records in its site's compartment, so many a transaction, one transaction after another. */
async function recordedVerdicts(network: BenchNetwork, plan: Plan) {
  const site = await network.measurement('measurement-a', 'oem-a');
  const devices = Array.from({ length: REPORTS }, (_, index) => `issued-${index}`);
  const rates = [];
  try {
    for (const batch of BATCHES) {
      progress(`recording ${batch} verdicts a transaction`);
      const record = { name: 'recordTraces', call: () => site.recordTraces(devices.slice(0, batch)) };
      const { perSecond, medianMs } = await sample(record, { workers: 2, secondsEach: plan.secondsEach * plan.rounds });
      const aDay = perSecond * batch * DAY_SECONDS;
      rates.push({ batch, medianMs, verdictsPerSecond: perSecond * batch, aDay, timesThePaper: aDay / PAPER_A_DAY });
    }
  } finally {
    site.close();
  }
  return rates;
}

async function registrySizesUpTo(devices: number, network: BenchNetwork, chains: Chains, device: string, plan: Plan) {
  const oem = await network.as('oem-a');
  const sizes = [];
  for (let size = 1000; size <= devices; size *= 10) {
    progress(`filling the registry to ${size} devices`);
    const registeredPerSecond = await chains.fill(size, plan.workers * 4);
    const [, trace] = await compare(
      [
        { name: 'no-op evaluate', call: () => oem.ping() },
        {
          name: `trace, 7 levels, among ${size} devices`,
          call: () => traceable(oem.traceCal(device, { asOf: AS_OF })),
        },
      ],
      plan,
      () => undefined,
    );
    sizes.push({ devices: size, registeredPerSecond, trace: trace! });
  }
  return sizes;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'embedded' },
      devices: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    engine: values.engine === 'native' ? 'native' : 'embedded',
    devices: Number(values.devices),
    plan: { workers: Number(values.workers), rounds: Number(values.rounds), secondsEach: Number(values.seconds) },
    json: values.json,
  };
}

function progress(line: string): void {
  process.stderr.write(`${line} ...\n`);
}

async function main(): Promise<void> {
  const chosen = options();
  const result = await bench(chosen);
  process.stdout.write(chosen.json ? `${JSON.stringify(result, null, 2)}\n` : table(result));
}

export type BenchResult = Awaited<ReturnType<typeof bench>>;

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}
