import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';
import { processBeginning } from './processBeginning.js';

/**
 * Claims a data directory for the time in which a network is started there: two that start at once would write each other's
 * description. A claim of a process that is gone counts for nothing.
 *
 * @returns The way to give it back.
 * @throws CliError `ALREADY_RUNNING`
 */
export function claimStart({ startFile }: DataDirectory): () => void {
  const own = `${startFile}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, began: processBeginning(process.pid) }), { mode: 0o600 });
  try {
    link(own, startFile);
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    rmSync(startFile, { force: true });
  };
}

/** A link appears whole or not at all, and never in the place of another. */
function link(own: string, claim: string): void {
  for (;;) {
    try {
      linkSync(own, claim);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw error;
      }
    }
    const holder = holderOf(claim);
    if (holder !== undefined) {
      throw new CliError('ALREADY_RUNNING', `Process ${holder} is just starting it.`);
    }
    rmSync(claim, { force: true });
  }
}

/** The process that holds a claim, if it still runs. */
function holderOf(claim: string): number | undefined {
  try {
    const { pid, began } = JSON.parse(readFileSync(claim, 'utf8')) as { pid: number; began: string };
    return processBeginning(pid) === began ? pid : undefined;
  } catch {
    return undefined;
  }
}
