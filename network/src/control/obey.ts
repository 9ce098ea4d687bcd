import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { StartedNetwork } from '../engine.js';
import {
  consortiumText,
  parseConsortium,
  readConsortium,
  withChaincode,
  type ChaincodeDeployment,
} from '../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import { answerFile, requestFile, requestsFolder, SIGNAL, writeWhole } from './files.js';
import { requestSchema, type Request } from './messages.js';

/** What other processes may ask of a running network. */
export type Controllable = Omit<StartedNetwork, 'cryptoDir' | 'stop'>;

/**
 * Lets other processes of the same user change the network that this process runs: see `request.ts`. What was brought about
 * is written into `consortiumFile`, so that the network comes up with it again.
 * @returns The way to stop listening, which waits for a change under way.
 */
export function obeyRequests(
  dataDir: string,
  consortiumFile: string | undefined,
  network: Controllable,
): () => Promise<void> {
  const folder = requestsFolder(dataDir);
  // What was asked of an earlier process is not to be done to this one by any later signal.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let turn = Promise.resolve();
  const obey = (): void => {
    // An answer that cannot be written, on a full disk, must not end the network: who asked gives up in time.
    turn = turn.then(() => obeyAll(dataDir, consortiumFile, network)).catch(() => undefined);
  };
  process.on(SIGNAL, obey);
  return async () => {
    process.off(SIGNAL, obey);
    await turn;
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Several signals may arrive as one. */
async function obeyAll(dataDir: string, consortiumFile: string | undefined, network: Controllable): Promise<void> {
  const waiting = readdirSync(requestsFolder(dataDir)).filter((name) => extname(name) === '.json');
  for (const name of waiting) await obeyOnce(dataDir, basename(name, '.json'), consortiumFile, network);
}

async function obeyOnce(
  dataDir: string,
  id: string,
  consortiumFile: string | undefined,
  network: Controllable,
): Promise<void> {
  const file = requestFile(dataDir, id);
  const answer = (content: object): void => {
    // Who has given up has taken the request away, and reads no answer.
    if (existsSync(file)) writeWhole(answerFile(dataDir, id), JSON.stringify(content));
  };
  try {
    const request = requestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const outcome = await carryOut(request, consortiumFile, network);
    answer({ organisations: network.organisations, ...outcome });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
    answer({ error: { code, message: error instanceof Error ? error.message : String(error) } });
  } finally {
    rmSync(file, { force: true });
  }
}

async function carryOut(
  request: Request,
  consortiumFile: string | undefined,
  network: Controllable,
): Promise<{ upgrade?: Upgrade }> {
  const keep = (text: string): void => {
    if (consortiumFile !== undefined) writeWhole(consortiumFile, text);
  };
  if ('reconfigure' in request) {
    const { consortium, joinFrom } = request.reconfigure;
    await network.reconfigure(parseConsortium(consortium, 'the new description'), { joinFrom });
    keep(consortium);
  } else if ('rotateAuthority' in request) {
    const { organisation, authority } = request.rotateAuthority;
    await network.rotateAuthority(organisation, authority);
  } else if ('rotateOrderer' in request) {
    await network.rotateOrderer(request.rotateOrderer);
  } else {
    const described = (chaincode: ChaincodeDeployment): string =>
      consortiumFile === undefined ? '' : consortiumText(withChaincode(readConsortium(consortiumFile), chaincode));
    // Whether it fits into the consortium is asked before anything changes.
    described(request.upgrade);
    const upgrade = await network.upgrade(request.upgrade);
    keep(described(upgrade.deployment));
    return { upgrade };
  }
  return {};
}
