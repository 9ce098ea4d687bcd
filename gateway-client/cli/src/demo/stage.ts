import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import type { FoundingStep, Session } from '@tracecal/gateway-client/application';
import { resetEngine } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import type { EngineReady } from '../network/engineProcess.js';
import { forgetRunning } from '../network/runningNetwork.js';
import { startNetwork } from '../network/startNetwork.js';
import type { StartOptions } from '../network/startNetwork.js';
import { openSession, WHILE_STARTING } from '../session.js';

/** A network of the demo's own. */
export interface Stage {
  readonly data: DataDirectory;
  readonly session: Session;
  readonly engine: EngineName;
  readonly ready: EngineReady;
  readonly readyMs: number;
  readonly founding: readonly FoundingStep[];
}

export interface StageOptions {
  /** Where to keep everything; a temporary folder that is removed afterwards if it is not given. */
  readonly folder: string | undefined;
  /** What it runs on; embedded if it is not given. */
  readonly network: Pick<StartOptions, 'engine' | 'fabricBin'>;
  /** From when the calibration chain's certificates hold; undefined: as those of other networks. */
  readonly validFrom: Date | undefined;
}

/** Brings a network up, does something on it, and takes it down again, whatever happens. */
export async function onStage<T>(options: StageOptions, act: (stage: Stage) => Promise<T>): Promise<T> {
  const temporary = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'tracecal-demo-')) : undefined;
  const data = new DataDirectory(options.folder ?? temporary, {});
  requireEmpty(data);
  const interruption = new Interruption();
  const began = performance.now();
  try {
    const keys = new CalibrationKeys(data.keys, options.validFrom);
    const { engine, founding } = await startNetwork({ data, ...options.network, ports: 'free', detached: false, keys });
    const readyMs = Math.round(performance.now() - began);
    const session = openSession(data, { keys, patience: WHILE_STARTING });
    try {
      return await Promise.race([
        act({ data, session, engine: engine.engine, ready: engine.ready, readyMs, founding }),
        interruption.happens,
      ]);
    } finally {
      await session.close();
      await engine.stop();
      forgetRunning(data);
    }
  } catch (error) {
    // Ctrl-C reaches every process of the network as well: that one of them ended is no failure then.
    throw interruption.happened ? new CliError('INTERRUPTED') : error;
  } finally {
    interruption.forget();
    if (temporary !== undefined) {
      await resetEngine(options.network.engine ?? 'embedded', temporary);
      rmSync(temporary, { recursive: true, force: true });
    }
  }
}

/** Ctrl-C ends the demo like a failure does: everything is put away first. */
class Interruption {
  /** Rejects when the process is asked to end. */
  readonly happens: Promise<never>;
  readonly #stop: () => void;
  #happened = false;

  constructor() {
    const { promise, reject } = deferred();
    this.happens = promise;
    this.#stop = () => {
      this.#happened = true;
      reject(new CliError('INTERRUPTED'));
    };
    // It may happen while nobody waits for it: the network is still starting.
    promise.catch(() => undefined);
    process.once('SIGINT', this.#stop).once('SIGTERM', this.#stop);
  }

  get happened(): boolean {
    return this.#happened;
  }

  forget(): void {
    process.off('SIGINT', this.#stop).off('SIGTERM', this.#stop);
  }
}

function deferred(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

function requireEmpty(data: DataDirectory): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(data.root);
  } catch {
    // It does not exist yet: as empty as can be.
  }
  if (names.length > 0) {
    throw new CliError(
      'DATA_NOT_EMPTY',
      `${data.root} is not empty, and the demo needs an empty data directory: name another one.`,
    );
  }
}
