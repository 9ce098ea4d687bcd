import type { Disclosure, Instant } from '@tracecal/core/model';
import { bundleOf } from '@tracecal/gateway-client/proof';
import { bundleText, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { TraceCal } from '@tracecal/gateway-client';
import { embeddedEngine } from '../support/engineEmbedded.js';
import { presentDates, temperatureResult, unsealedCountries } from '../support/hierarchy.js';
import type { Hierarchy, Item } from '../support/hierarchy.js';
import { Random } from '../support/random.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { printAlone } from './alone.js';
import { median } from './measure.js';

/** Two public reports, and confidential ones with one result and with seven. */
const SUBJECTS = ['public', 'public again', 'confidential', 'confidential, 7 results'] as const;
type Subject = (typeof SUBJECTS)[number];

const READS_A_ROUND = 20;
const REGISTERED = 30;
const VERIFIED = 25;

/**
 * What confidential reports cost beside public ones, and whether the time of a read tells one from another. Everything takes turns in random
 * order, on one embedded network. Times are this machine's; the ratios are what travels.
 *
 *     node --require ./.scripts/quiet.cjs --enable-source-maps test/dist/bench/confidential.js [rounds: 15]
 */
export async function confidentialNumbers(rounds = 15): Promise<readonly string[]> {
  const hierarchy = await unsealedCountries(undefined, presentDates());
  const registry = await RegistryNetwork.start(hierarchy, { engine: embeddedEngine });
  try {
    await addSubjects(hierarchy);
    await registry.submitNew();
    const asOf = await registry.now();
    const registrations = await registered(registry, hierarchy);
    const reader = await registry.as('oem-a');
    return [
      ...(await readTimes(reader, asOf, rounds)),
      '',
      ...(await costs(reader, { asOf, registrations, disclosures: hierarchy.disclosuresOf(reportOf('confidential')) })),
    ];
  } finally {
    await registry.stop();
  }
}

const idOf = (subject: Subject) => `bench-${SUBJECTS.indexOf(subject)}`;
const deviceOf = (subject: Subject) => `oem-a/${idOf(subject)}`;
const reportOf = (subject: Subject) => `lab-alpha/${idOf(subject)}-r`;

async function addSubjects(hierarchy: Hierarchy): Promise<void> {
  for (const subject of SUBJECTS) {
    const isSealed = subject.startsWith('confidential');
    const id = idOf(subject);
    const count = subject.endsWith('7 results') ? 7 : 1;
    const results = Array.from({ length: count }, (_, place) => ({
      ...temperatureResult(0.1, [20 + place]),
      name: `Result ${place}`,
    }));
    await hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 't-lab-alpha', parents: ['reference-a-r1'], results };
    hierarchy.addReport({ ...report, sealed: isSealed ? ['temperature'] : [] });
    if (!isSealed) continue;
    for (const voucher of ['lab-beta', 'nmi-east']) await hierarchy.vouch(voucher, `${id}-r`);
  }
}

/** The time of each of these calls over all rounds, and the median of each round; in every round all have their turns in random order. */
async function inTurns<Name extends string>(
  calls: Readonly<Record<Name, () => Promise<unknown>>>,
  plan: { readonly rounds: number; readonly each: number },
) {
  const random = new Random(1);
  const names = Object.keys(calls) as Name[];
  const byRound = new Map<Name, number[][]>(names.map((name) => [name, []]));
  for (let round = 0; round <= plan.rounds; round += 1) {
    const times = new Map<Name, number[]>(names.map((name) => [name, []]));
    const order = names
      .flatMap((name) => Array.from({ length: plan.each }, () => ({ name, at: random.next() })))
      .sort((one, other) => one.at - other.at);
    for (const { name } of order) {
      const began = performance.now();
      await calls[name]();
      times.get(name)?.push(performance.now() - began);
    }
    // The first round warms the caches and the compilers up.
    if (round > 0) for (const name of names) byRound.get(name)?.push(times.get(name) ?? []);
  }
  const found = (name: Name) => byRound.get(name) ?? [];
  return {
    median: (name: Name) => median(found(name).flat()),
    medians: (name: Name) => found(name).map(median),
  };
}

async function readTimes(reader: TraceCal, asOf: Instant, rounds: number): Promise<readonly string[]> {
  const reads = {
    trace: (subject: Subject) => reader.traceCal(deviceOf(subject), { asOf }),
    report: (subject: Subject) => reader.getReport(reportOf(subject)),
    history: (subject: Subject) => reader.history({ kind: 'report', id: reportOf(subject) }).next(),
    affected: (subject: Subject) => reader.affectedDevices({ kind: 'report', id: reportOf(subject) }).next(),
    refusal: (subject: Subject) => reader.getReport(`${reportOf(subject)}-no`).catch(() => undefined),
  };
  const lines: string[] = [];
  for (const [name, read] of Object.entries(reads)) {
    const calls = Object.fromEntries(SUBJECTS.map((subject) => [subject, () => read(subject)])) as Record<
      Subject,
      () => Promise<unknown>
    >;
    const { median: over, medians } = await inTurns(calls, { rounds, each: READS_A_ROUND });
    const [one, other, few, many] = SUBJECTS.map(over) as [number, number, number, number];
    const ofPublic = [...medians('public'), ...medians('public again')];
    const spread = Math.max(...ofPublic) - Math.min(...ofPublic);
    const cells = [one, other, few, many, spread, few - (one + other) / 2, many - few];
    lines.push(`| ${name} | ${cells.map((ms) => ms.toFixed(2)).join(' | ')} |`);
  }
  return [
    '| read, ms | public | another public | confidential | with 7 results | spread of public medians | confidential less public | 7 results less 1 |',
    '| -------- | -----: | -------------: | -----------: | -------------: | -----------------------: | -----------------------: | ---------------: |',
    ...lines,
  ];
}

/** Registers as many public reports as confidential ones, in turns; the median time of each. */
async function registered(registry: RegistryNetwork, hierarchy: Hierarchy) {
  const laboratory = await registry.as('lab-alpha');
  const times = { public: [] as number[], confidential: [] as number[] };
  const devices: Item[] = [];
  const names = Array.from({ length: REGISTERED }, (_, place) => [`open-${place}`, `shut-${place}`]).flat();
  for (const id of names) devices.push(await hierarchy.addDevice({ id, technician: 't-lab-alpha', kind: 'field' }));
  for (let from = 0; from < devices.length; from += 50) await laboratory.registerDevice(devices.slice(from, from + 50));
  const sizes = { public: 0, confidential: 0 };
  for (const id of names) {
    const kind = id.startsWith('open') ? 'public' : 'confidential';
    const report = { id: `${id}-r`, device: id, technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    const results = [temperatureResult(0.1)];
    const item = hierarchy.addReport({ ...report, results, sealed: kind === 'public' ? [] : ['temperature'] });
    sizes[kind] = JSON.stringify(item).length;
    const began = performance.now();
    await laboratory.createReport(item);
    times[kind].push(performance.now() - began);
  }
  registry.skipNew();
  return { sizes, ms: { public: median(times.public), confidential: median(times.confidential) } };
}

interface Measured {
  readonly asOf: Instant;
  readonly registrations: Awaited<ReturnType<typeof registered>>;
  readonly disclosures: readonly Disclosure[];
}

async function costs(reader: TraceCal, { asOf, registrations, disclosures }: Measured): Promise<readonly string[]> {
  const open = deviceOf('public');
  const shut = deviceOf('confidential');
  const traces = await inTurns(
    {
      open: () => reader.traceCal(open, { asOf }),
      shut: () => reader.traceCal(shut, { asOf }),
      told: () => reader.traceCal(shut, { asOf, disclosures }),
    },
    { rounds: 5, each: VERIFIED },
  );
  const roots = (await reader.getRegistry()).institutes.map(({ certificateSha256 }) => certificateSha256);
  const bundles = {
    open: bundleText(await bundleOf(reader, open, { asOf })),
    shut: bundleText(await bundleOf(reader, shut, { asOf })),
  };
  const verified = await inTurns(
    {
      open: () => verifyBundle(bundles.open, { roots }),
      shut: () => verifyBundle(bundles.shut, { roots }),
      told: () => verifyBundle(bundles.shut, { roots, disclosures }),
    },
    { rounds: 5, each: VERIFIED },
  );
  const { sizes, ms } = registrations;
  const row = (what: string, unit: string, publicly: number, privately: number) =>
    `| ${what} | ${publicly.toFixed(unit === 'ms' ? 1 : 0)} | ${privately.toFixed(unit === 'ms' ? 1 : 0)} | ${(privately / publicly).toFixed(2)} |`;
  return [
    '| of one report | public | confidential | ratio |',
    '| ------------- | -----: | -----------: | ----: |',
    row('registration, ms', 'ms', ms.public, ms.confidential),
    row('what is sent for it, characters', '', sizes.public, sizes.confidential),
    row('trace without a disclosure, ms', 'ms', traces.median('open'), traces.median('shut')),
    row('trace with a disclosure, ms', 'ms', traces.median('open'), traces.median('told')),
    row('bundle, with two vouchings, characters', '', bundles.open.length, bundles.shut.length),
    row('verification without a disclosure, ms', 'ms', verified.median('open'), verified.median('shut')),
    row('verification with a disclosure, ms', 'ms', verified.median('open'), verified.median('told')),
  ];
}

printAlone(module, () => confidentialNumbers(Number(process.argv[2] ?? 15)));
