import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { endEngine } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { EngineProcess } from './engineProcess.js';
import { recordEngine, settleEngine } from './engines.js';
import { findRunning, recordRunning } from './runningNetwork.js';
import { claimStart } from './startClaim.js';

export interface StartOptions {
  readonly data: DataDirectory;
  /** What it runs on; what the data directory was made with, or embedded. */
  readonly engine?: EngineName;
  /** Folder with Fabric's own programs; on PATH if it is not given. */
  readonly fabricBin?: string;
  /** Description of the consortium; the one that the data directory was made with, or the project's own. */
  readonly consortium?: string;
  readonly ports: 'configured' | 'free';
  readonly chaincodes?: readonly string[];
  readonly detached: boolean;
}

/** Starts a network on a data directory and writes down that it runs. */
export async function startNetwork({
  data,
  consortium,
  engine: wanted,
  ...options
}: StartOptions): Promise<EngineProcess> {
  refuseRunning(data);
  const engine = settleEngine(data, wanted);
  data.make();
  const giveBack = claimStart(data);
  try {
    // Once more: another start may have come to its end just before the claim, and a failure here would end its network.
    refuseRunning(data);
    const restore = placeConsortium(data, consortium);
    const started = await EngineProcess.start({ data, engine, ...options }).catch(async (error: unknown) => {
      restore();
      await endEngine(engine, data.root);
      throw error;
    });
    const { pid, organisations } = started.ready;
    try {
      recordEngine(data, engine);
      recordRunning(data, { engine, pid, organisations });
    } catch (error) {
      // Nobody would find it to stop it.
      await started.stop();
      throw error;
    }
    return started;
  } finally {
    giveBack();
  }
}

/** @throws CliError `ALREADY_RUNNING` */
function refuseRunning(data: DataDirectory): void {
  const running = findRunning(data);
  if (running) {
    throw new CliError('ALREADY_RUNNING', `It is process ${running.pid}.`);
  }
}

/**
 * The description is copied, so that the network comes up again as it was, whatever is edited elsewhere.
 *
 * @returns How to have the earlier one back, if there was one and the network does not start with this one.
 */
function placeConsortium({ consortiumFile }: DataDirectory, consortium: string | undefined): () => void {
  const earlier = existsSync(consortiumFile) ? readFileSync(consortiumFile) : undefined;
  if (consortium === undefined && earlier) {
    return () => undefined;
  }
  const source = consortium ?? defaultConsortiumFile();
  readConsortium(source);
  copyFileSync(source, consortiumFile);
  return () => {
    if (earlier) {
      writeFileSync(consortiumFile, earlier);
    }
  };
}
