import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import type { FoundingStep, Session } from '@tracecal/gateway-client/application';
import { resetEngine, unlessAborted } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import type { EngineReady } from '../network/engineProcess.js';
import { interruptible } from '../network/interruption.js';
import { startNetwork } from '../network/startNetwork.js';
import type { StartOptions } from '../network/startNetwork.js';
import { openSession, WHILE_STARTING } from '../session.js';

/** The demo's own network. */
export interface Stage {
  readonly data: DataDirectory;
  readonly session: Session;
  readonly engine: EngineName;
  readonly ready: EngineReady;
  readonly readyMs: number;
  readonly founding: readonly FoundingStep[];
}

export interface StageOptions {
  /** Folder for everything; if absent, a temporary folder that is removed afterwards. */
  readonly folder: string | undefined;
  /** Engine options; embedded if absent. */
  readonly network: Pick<StartOptions, 'engine' | 'fabricBin'>;
  /** Start of validity of the calibration chain's certificates; undefined: the default of other networks. */
  readonly validFrom: Date | undefined;
}

/** Starts a network, does something on it, and always stops it again. */
export function onStage<T>(options: StageOptions, act: (stage: Stage) => Promise<T>): Promise<T> {
  return interruptible((signal) => play(options, act, signal));
}

async function play<T>(options: StageOptions, act: (stage: Stage) => Promise<T>, signal: AbortSignal): Promise<T> {
  const temporary = options.folder === undefined ? mkdtempSync(join(tmpdir(), 'tracecal-demo-')) : undefined;
  const data = new DataDirectory(options.folder ?? temporary, {});
  requireEmpty(data);
  const began = performance.now();
  try {
    const keys = new CalibrationKeys(data.keys, options.validFrom);
    const { process, ...network } = await startNetwork({
      data,
      ...options.network,
      ports: 'free',
      detached: false,
      keys,
      signal,
    });
    const readyMs = Math.round(performance.now() - began);
    const session = openSession(data, { keys, patience: WHILE_STARTING });
    try {
      return await unlessAborted(act({ data, session, ...network, readyMs }), signal);
    } finally {
      await session.close();
      await process.stop();
    }
  } finally {
    if (temporary !== undefined) {
      await resetEngine(options.network.engine ?? 'embedded', temporary);
      rmSync(temporary, { recursive: true, force: true });
    }
  }
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
