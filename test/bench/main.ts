import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { EngineName } from '../support/engine.js';
import { bucketNumbers } from './buckets.js';
import { Chains } from './chains.js';
import { confidentialNumbers } from './confidential.js';
import { evaluations, firstTraces, registrySizes } from './evaluations.js';
import type { Plan } from './measure.js';
import { measurementNumbers } from './measurements.js';
import { BenchNetwork } from './network.js';
import { pageNumbers } from './page.js';
import { proofNumbers } from './proofs.js';
import { replicaNumbers } from './replica.js';
import { recordedVerdicts, submitRates } from './submits.js';
import type { Subject } from './submits.js';
import { report } from './table.js';

/**
 * What a trace, a report and a recorded verdict cost beside calls that do nothing, on the same network in the same run; with
 * two engines, on both. Times are this machine's; the ratios are what travels.
 *
 *     npm run bench -- [--engine embedded|native|both] [--devices 10000] [--rounds 5] [--seconds 1] [--workers 16] [--log 10000] [--json]
 */
interface Options {
  readonly engines: readonly EngineName[];
  readonly devices: number;
  readonly plan: Plan;
  /** Lines of the change log that is read. */
  readonly log: number;
  readonly json: boolean;
}

async function bench({ engines, devices, plan }: Options) {
  const subjects: Subject[] = [];
  try {
    for (const engine of engines) {
      progress(`starting the ${engine} network`);
      const network = await BenchNetwork.start(engine);
      subjects.push({ network, chains: new Chains(network) });
    }
    const results = [];
    for (const { network, chains } of subjects) {
      const told = (line: string): void => {
        progress(`${network.engine}: ${line}`);
      };
      told('building chains');
      await chains.foundations();
      results.push({
        engine: network.engine,
        evaluations: await evaluations(network, chains, plan, told),
        firstTrace: await firstTraces(network, chains),
      });
    }
    const submits = await submitRates(subjects, plan, progress);
    const networks = [];
    for (const [index, { network, chains }] of subjects.entries()) {
      const told = (line: string): void => {
        progress(`${network.engine}: ${line}`);
      };
      networks.push({
        ...results[index]!,
        submits: submits[index]!,
        recorded: await recordedVerdicts(network, plan, told),
        registrySizes: await registrySizes(network, chains, { devices, plan, progress: told }),
      });
    }
    return {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
      plan,
      networks,
    };
  } finally {
    await Promise.all(subjects.map(({ network }) => network.stop()));
  }
}

export type BenchResult = Awaited<ReturnType<typeof bench>>;

function options(): Options {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'embedded' },
      devices: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      workers: { type: 'string', default: '16' },
      log: { type: 'string', default: '10000' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    engines: enginesOf(values.engine),
    devices: Number(values.devices),
    plan: { workers: Number(values.workers), rounds: Number(values.rounds), secondsEach: Number(values.seconds) },
    log: Number(values.log),
    json: values.json,
  };
}

function enginesOf(text: string): readonly EngineName[] {
  switch (text) {
    case 'embedded':
    case 'native':
    case 'docker':
      return [text];
    case 'both':
      return ['embedded', 'native'];
    default:
      throw new Error(`--engine ${text} is unknown: give embedded, native, docker or both.`);
  }
}

function progress(line: string): void {
  process.stderr.write(`${line} ...\n`);
}

async function main(): Promise<void> {
  const chosen = options();
  const result = await bench(chosen);
  progress('verifying bundles');
  const proofs = await proofNumbers(chosen.log);
  progress('verifying a bundle in a browser');
  const page = await pageNumbers();
  progress('asking buckets');
  const buckets = await bucketNumbers();
  progress('following with a replica');
  const replica = await replicaNumbers();
  progress('signing, anchoring and filtering measurements');
  const measurements = await measurementNumbers();
  progress('reading public and confidential reports in turns');
  const confidential = await confidentialNumbers();
  process.stdout.write(
    chosen.json
      ? `${JSON.stringify({ ...result, proofs, page, buckets, replica, measurements, confidential }, null, 2)}\n`
      : `${[report(result), ...proofs, ...page, ...buckets, ...replica, ...measurements, '', ...confidential].join('\n')}\n`,
  );
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
}
