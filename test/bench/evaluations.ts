import { instantOf, millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { eventually } from '../support/eventually.js';
import type { Chains } from './chains.js';
import { compare, median, sequential } from './measure.js';
import type { Plan, Workload } from './measure.js';
import type { BenchNetwork } from './network.js';

const LEVELS = [1, 3, 5, 7, 20, 50];
const COLD_CHAINS = 20;
const WARM_UPS = 200;

/** What a trace costs beside an evaluation that does nothing, put as an OEM would: no write rights here, its own peer. */
export async function evaluations(network: BenchNetwork, chains: Chains, plan: Plan, progress: (line: string) => void) {
  const ends = new Map<number, string>();
  for (const levels of LEVELS) {
    ends.set(levels, await chains.chain(levels, `chain${levels}`));
  }
  const oem = await network.as('oem-a');
  const asOf = await network.registry.now();
  const later = momentsFrom(asOf);
  await eventually(() => Promise.all([...ends.values()].map((device) => traceable(oem.traceCal(device, { asOf })))));
  const traces = [...ends].map(([levels, device]): Workload => ({
    name: `trace, ${levels} levels`,
    call: () => traceable(oem.traceCal(device, { asOf: later() })),
  }));
  return compare([{ name: 'no-op evaluate', call: () => oem.ping() }, ...traces], plan, progress);
}

/** The first trace of a chain after a restart, when no signature has been verified before, beside the second. */
export async function firstTraces(network: BenchNetwork, chains: Chains) {
  const devices: string[] = [];
  for (let index = 0; index < COLD_CHAINS; index += 1) {
    devices.push(await chains.chain(7, `cold${index}`));
  }
  await network.restart();
  const oem = await network.as('oem-a');
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp += 1) {
    await oem.ping();
  }
  const asOf = await network.registry.now();
  const calls = devices.map((device) => () => traceable(oem.traceCal(device, { asOf })));
  const [noop, first, second] = [
    await sequential(Array.from({ length: 100 }, () => () => oem.ping())),
    await sequential(calls),
    await sequential(calls),
  ];
  return { levels: 7, noopMs: median(noop), firstMs: median(first), secondMs: median(second) };
}

/** The same trace while the registry grows tenfold and tenfold again. */
export async function registrySizes(
  network: BenchNetwork,
  chains: Chains,
  { devices, plan, progress }: { devices: number; plan: Plan; progress: (line: string) => void },
) {
  const device = await chains.chain(7, 'among');
  const oem = await network.as('oem-a');
  const asOf = await network.registry.now();
  const later = momentsFrom(asOf);
  const trace = (): Promise<void> => traceable(oem.traceCal(device, { asOf: later() }));
  await eventually(trace);
  const sizes = [];
  for (let size = 1000; size <= devices; size *= 10) {
    progress(`filling the registry to ${size} devices`);
    const registeredPerSecond = await chains.fill(size);
    const workloads = [
      { name: 'no-op evaluate', call: () => oem.ping() },
      { name: `trace, 7 levels, among ${size} devices`, call: trace },
    ];
    const [, measured] = await compare(workloads, plan, () => undefined);
    sizes.push({ devices: size, registeredPerSecond, trace: measured! });
  }
  return sizes;
}

/** A new moment each time, within an hour: nobody asks about the same second again and again. */
function momentsFrom(asOf: Instant): () => Instant {
  let seconds = 0;
  return () => {
    seconds = (seconds + 1) % 3600;
    return instantOf(millisecondsOf(asOf) + seconds * 1000);
  };
}

/** A verdict that is not the expected one makes every number worthless. */
export async function traceable(verdict: Promise<{ readonly status: string; readonly reason: string }>): Promise<void> {
  const { status, reason } = await verdict;
  if (status !== 'TRACEABLE') {
    throw new Error(`A trace that should hold is ${status}: ${reason}`);
  }
}
