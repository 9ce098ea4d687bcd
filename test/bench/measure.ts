/** One thing to measure: a call, repeated by several workers at once. */
export interface Workload {
  readonly name: string;
  call(): Promise<unknown>;
}

/** Calls a second and the median time of a call, in one interval. */
export interface Sample {
  readonly perSecond: number;
  readonly medianMs: number;
}

/** A workload over all rounds. `ratio`: its throughput as a share of the baseline's in the same round. */
export interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
}

export interface Plan {
  readonly workers: number;
  readonly rounds: number;
  readonly secondsEach: number;
}

/**
 * Measures all workloads in turn, round after round, so that a machine that is slow for a while is slow for all of them;
 * the first workload is the baseline, measured once more at the end of each round, and the ratios are within a round.
 */
export async function compare(
  workloads: readonly Workload[],
  plan: Plan,
  progress: (line: string) => void,
): Promise<readonly Measured[]> {
  const [baseline] = workloads;
  if (!baseline) {
    return [];
  }
  const rounds: { readonly samples: readonly Sample[]; readonly base: number }[] = [];
  for (const workload of workloads) {
    await sample(workload, { ...plan, secondsEach: plan.secondsEach / 4 });
  }
  for (let round = 1; round <= plan.rounds; round += 1) {
    progress(`round ${round} of ${plan.rounds}`);
    const samples: Sample[] = [];
    for (const workload of workloads) {
      samples.push(await sample(workload, plan));
    }
    const again = await sample(baseline, plan);
    rounds.push({ samples, base: ((samples[0]?.perSecond ?? 0) + again.perSecond) / 2 });
  }
  return workloads.map(({ name }, index) => {
    const own = rounds.map(({ samples, base }) => ({
      ...samples[index]!,
      ratio: samples[index]!.perSecond / base,
    }));
    const ratios = own.map(({ ratio }) => ratio);
    return {
      name,
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      medianMs: median(own.map(({ medianMs }) => medianMs)),
      ratio: median(ratios),
      ratioMin: Math.min(...ratios),
      ratioMax: Math.max(...ratios),
    };
  });
}

/** Runs a workload for a while with all workers. */
export async function sample(workload: Workload, { workers, secondsEach }: Omit<Plan, 'rounds'>): Promise<Sample> {
  const times: number[] = [];
  const began = performance.now();
  const until = began + secondsEach * 1000;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (performance.now() < until) {
        const start = performance.now();
        await workload.call();
        times.push(performance.now() - start);
      }
    }),
  );
  return { perSecond: times.length / ((performance.now() - began) / 1000), medianMs: median(times) };
}

/** Makes every call once, several at a time; returns calls a second. */
export async function exhaust(calls: readonly (() => Promise<unknown>)[], workers: number): Promise<number> {
  const waiting = [...calls];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let call = waiting.shift(); call; call = waiting.shift()) {
        await call();
      }
    }),
  );
  return calls.length / ((performance.now() - began) / 1000);
}

/** Times calls one after another, in milliseconds each. */
export async function sequential(calls: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const call of calls) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
