import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { StartedNetwork } from '../engine.js';
import {
  consortiumText,
  parseConsortium,
  readConsortium,
  withChaincode,
  type ChaincodeDeployment,
} from '../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import { answerFile, requestFile, SIGNAL, writeWhole } from './files.js';
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
  let turn = Promise.resolve();
  const obey = (): void => {
    turn = turn.then(() => obeyOnce(dataDir, consortiumFile, network));
  };
  process.on(SIGNAL, obey);
  return () => {
    process.off(SIGNAL, obey);
    return turn;
  };
}

async function obeyOnce(dataDir: string, consortiumFile: string | undefined, network: Controllable): Promise<void> {
  const file = requestFile(dataDir);
  // A signal without a request is none of ours.
  if (!existsSync(file)) return;
  const answer = (content: object): void => {
    writeWhole(answerFile(dataDir), JSON.stringify(content));
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
