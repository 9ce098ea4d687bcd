import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText, epochFile } from '@tracecal/gateway-client/proof/verify';
import { builtGate } from './builtGate.js';
import { later, twoCountries } from './hierarchy.js';
import type { Hierarchy } from './hierarchy.js';
import { logOf } from './logOf.js';
import type { MemoryLedger } from './memoryLedger.js';
import { ask, registryOf, submit } from './registry.js';
import { temporaryFolder } from './temporaryFolder.js';

export const SENSOR = 'oem-a/sensor-a';

export interface GateRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A registry in memory, with files as a device has them, and the gate as a process of its own, at the time of that registry. */
export class GateWorld {
  readonly hierarchy: Hierarchy;
  readonly ledger: MemoryLedger;
  readonly folder = temporaryFolder();
  readonly #program = builtGate();
  readonly #clock: string;
  #epochs: number;

  private constructor(hierarchy: Hierarchy, ledger: MemoryLedger) {
    this.hierarchy = hierarchy;
    this.ledger = ledger;
    this.#epochs = hierarchy.seals.length;
    this.#clock = this.file('clock.cjs', CLOCK);
    this.trust();
  }

  /** @param change - What else there is from the beginning. */
  static async of(change: (hierarchy: Hierarchy) => unknown = () => undefined): Promise<GateWorld> {
    const hierarchy = await twoCountries();
    await change(hierarchy);
    return new GateWorld(hierarchy, await registryOf(hierarchy));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  file(name: string, text: string): string {
    const path = this.path(name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Writes a trust file. */
  trust(institutes = this.hierarchy.institutes.slice(0, 2), more: object = {}, name = 'trust.json'): string {
    const roots = institutes.map((id) => ({
      name: id,
      sha256: this.hierarchy.holder('organisation', id).certificateSha256,
    }));
    return this.file(
      name,
      JSON.stringify({ type: 'tracecal-trust/1', roots, heartbeats: { k: institutes.length }, ...more }),
    );
  }

  async bundle(device = SENSOR, name = 'bundle.json'): Promise<string> {
    const { knownAt, quantity, intervalDays, at, asOf } = traceOptions({ asOf: this.ledger.now });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(this.ledger, 'getEvidence', device, question);
    return this.file(name, bundleText({ type: BUNDLE_TYPE, device, question, epoch, evidence }));
  }

  /** Institutes seal the open epoch an hour later, and the log is written. */
  async sealed(folder = 'log'): Promise<string> {
    this.ledger.now = later(this.ledger.now, 3600);
    const [first = '', second = ''] = this.hierarchy.institutes;
    const number = this.#epochs;
    this.#epochs += 1;
    await submit(this.ledger, this.hierarchy.seal(this.ledger.now, { institute: first, number }));
    const { digest } = await ask<{ digest: string }>(this.ledger, 'getEpochDigest', String(number));
    for (const institute of [first, second]) {
      await submit(
        this.ledger,
        this.hierarchy.addHeartbeat(institute, { number, digest, registered: this.ledger.now }),
      );
    }
    return this.log(folder);
  }

  async log(folder = 'log'): Promise<string> {
    const { epochs, headText } = await logOf(this.ledger);
    epochs.forEach((text, epoch) => this.file(join(folder, epochFile(epoch)), text ?? ''));
    this.file(join(folder, 'head.json'), headText);
    return this.path(folder);
  }

  revoke(): Promise<unknown> {
    const { now } = this.ledger;
    return submit(
      this.ledger,
      this.hierarchy.addStatement('revocation', ['device', 'working-a'], { registered: now, effective: now }),
    );
  }

  /** The usual words about the sensor, with its files. */
  words(...more: readonly string[]): readonly string[] {
    return [
      SENSOR,
      '--trust',
      this.path('trust.json'),
      '--bundle',
      this.path('bundle.json'),
      '--log',
      this.path('log'),
      ...more,
    ];
  }

  /** Runs the gate a minute later than the ledger. */
  run(args: readonly string[], { now = later(this.ledger.now, 60), input = '' } = {}): GateRun {
    const { status, stdout, stderr } = spawnSync(process.execPath, this.#args(args), {
      encoding: 'utf8',
      input,
      env: this.environment(now),
    });
    return { code: status, stdout, stderr };
  }

  start(args: readonly string[], now = later(this.ledger.now, 60)): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, this.#args(args), { env: this.environment(now) });
  }

  /** Runs the gate while this process serves. */
  async served(args: readonly string[], now = later(this.ledger.now, 60)): Promise<GateRun> {
    return ended(this.start(args, now));
  }

  /** What Node is started with. */
  program(): readonly string[] {
    return ['--require', this.#clock, this.#program];
  }

  #args(args: readonly string[]): string[] {
    return [...this.program(), ...args];
  }

  /** Of a process that has the time of the ledger, if it loads `clock.cjs`. */
  environment(now: Instant = later(this.ledger.now, 60)): NodeJS.ProcessEnv {
    return { ...process.env, TEST_CLOCK: String(millisecondsOf(now) - Date.now()) };
  }
}

/** What a process has said and done when it has ended. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<GateRun> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (more: string) => (stdout += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => (stderr += more));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

/** What a line in the journal says, by key. */
export function journalOf({ stderr }: Pick<GateRun, 'stderr'>): Readonly<Record<string, string>> {
  const line = stderr.split('\n').find((each) => each.startsWith('tracecal-gate: ')) ?? '';
  return Object.fromEntries(
    [...line.matchAll(/([a-z-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(([, key = '', value = '']) => [key, value]),
  );
}

const CLOCK = `
const { now } = Date;
Date.now = () => now() + Number(process.env.TEST_CLOCK);
`;
