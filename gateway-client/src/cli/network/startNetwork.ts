import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EngineProcess } from './engineProcess.js';
import { findRunning, recordRunning } from './runningNetwork.js';

export interface StartOptions {
  readonly data: DataDirectory;
  /** Description of the consortium; the one that the data directory was made with, or the project's own. */
  readonly consortium?: string;
  readonly ports: 'configured' | 'free';
  readonly chaincodes?: readonly string[];
  readonly detached: boolean;
}

/** Starts the embedded network on a data directory and writes down that it runs. */
export async function startNetwork({ data, consortium, ...options }: StartOptions): Promise<EngineProcess> {
  const running = findRunning(data);
  if (running) {
    throw new CliError('ALREADY_RUNNING', `It is process ${running.pid}.`);
  }
  placeConsortium(data, consortium);
  const engine = await EngineProcess.start({ data, ...options });
  const { pid, organisations } = engine.ready;
  recordRunning(data, { engine: 'embedded', pid, organisations });
  return engine;
}

/** The description is copied, so that the network comes up again as it was, whatever is edited elsewhere. */
function placeConsortium(data: DataDirectory, consortium: string | undefined): void {
  if (consortium === undefined && existsSync(data.consortiumFile)) {
    return;
  }
  const source = consortium ?? defaultConsortiumFile();
  readConsortium(source);
  mkdirSync(data.root, { recursive: true, mode: 0o700 });
  copyFileSync(source, data.consortiumFile);
}
