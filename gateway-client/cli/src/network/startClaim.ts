import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processBeginning } from '@tracecal/network/engine';
import { z } from 'zod';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';

const claimSchema = z.strictObject({
  pid: z.int().positive(),
  /** When the process began: the system gives process ids out again. */
  began: z.string(),
});
type Claim = z.infer<typeof claimSchema>;

/**
 * Claims a data directory for the time in which a network is started there: two that start at once would write each other's
 * description. A claim of a process that is gone counts for nothing.
 *
 * @returns The way to give it back.
 * @throws CliError `ALREADY_RUNNING`
 */
export function claimStart({ startFile }: DataDirectory): () => void {
  const own = `${startFile}.${process.pid}`;
  const claim: Claim = { pid: process.pid, began: processBeginning(process.pid) ?? '' };
  writeFileSync(own, JSON.stringify(claim), { mode: 0o600 });
  try {
    while (!isLinked(own, startFile)) {
      refuseHeld(startFile);
      discard(startFile, `${own}.stale`);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    rmSync(startFile, { force: true });
  };
}

/** A link appears whole or not at all, and never in the place of another. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Takes a stale claim away; what another who found it stale, too, has put in its place goes back there. */
function discard(claim: string, aside: string): void {
  try {
    renameSync(claim, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  try {
    refuseHeld(aside);
  } catch (error) {
    isLinked(aside, claim);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @throws CliError `ALREADY_RUNNING` */
function refuseHeld(claim: string): void {
  const holder = holderOf(claim);
  if (holder !== undefined) {
    throw new CliError(
      'ALREADY_RUNNING',
      `Process ${holder} is starting a network in this data directory: wait for it, or use another directory.`,
    );
  }
}

/** The process that holds a claim, if it still runs. */
function holderOf(claim: string): number | undefined {
  try {
    const { pid, began } = claimSchema.parse(JSON.parse(readFileSync(claim, 'utf8')));
    return processBeginning(pid) === began ? pid : undefined;
  } catch {
    return undefined;
  }
}
