import { existsSync, readFileSync } from 'node:fs';
import { ENGINES, PRIVATE, atomicWrite } from '@tracecal/network/engine';
import type { EngineName } from '@tracecal/network/engine';
import type { DataDirectory } from '../data/dataDirectory.js';
import { CliError } from '../errors.js';

interface Engine {
  /** Text after "The network is up". */
  readonly about: string;
  /** Time limits for start and stop. */
  readonly startMs: number;
  readonly stopMs: number;
}

/** Properties of each engine for the command line. */
export const engines: Readonly<Record<EngineName, Engine>> = {
  embedded: {
    about: 'It is embedded: one process on this machine, without consensus.',
    startMs: 60_000,
    stopMs: 20_000,
  },
  native: {
    about: 'It is real Hyperledger Fabric: a process for every peer, orderer and chaincode, all on this machine.',
    startMs: 240_000,
    stopMs: 60_000,
  },
  docker: {
    about: 'It is real Hyperledger Fabric: a container for every peer, orderer and chaincode, all on this machine.',
    // The first start pulls the images.
    startMs: 1_200_000,
    stopMs: 120_000,
  },
};

/** The engine of a data directory; undefined if it has none. */
export function engineOf(data: DataDirectory): EngineName | undefined {
  if (!existsSync(data.engineFile)) {
    return undefined;
  }
  const name = readFileSync(data.engineFile, 'utf8').trim();
  return ENGINES.find((known) => known === name);
}

/**
 * Chooses the engine: the one that made the data directory, the one asked for, or the embedded network.
 *
 * @throws CliError `OTHER_ENGINE`
 */
export function settleEngine(data: DataDirectory, wanted: EngineName | undefined): EngineName {
  const before = engineOf(data);
  if (before !== undefined && wanted !== undefined && before !== wanted) {
    throw new CliError(
      'OTHER_ENGINE',
      `The network in ${data.root} was made for engine ${before}: leave --engine out, use another directory, or delete it with \`tracecal reset\`.`,
    );
  }
  return before ?? wanted ?? 'embedded';
}

/** Records the engine of a data directory. */
export function recordEngine(data: DataDirectory, engine: EngineName): void {
  atomicWrite(data.engineFile, `${engine}\n`, PRIVATE);
}
