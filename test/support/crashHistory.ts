import type { common } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { Application } from './application.js';
import { blocksOf, transactionsOf } from './blocks.js';
import type { CrashWriter } from './crashWriter.js';
import type { EmbeddedProcess } from './engineEmbedded.js';

const VALID = 0;

/** All blocks of the channel of crash writers. The last one is that of a transaction after all others. */
export async function crashedChain(network: EmbeddedProcess): Promise<readonly common.Block[]> {
  const application = new Application(network, 'alpha');
  const last = await application.contract().submitAsync('noop');
  const { blockNumber } = await last.getStatus();
  const chain = await blocksOf(application.network(), 0, Number(blockNumber));
  application.close();
  return chain;
}

export function validTxIds(blocks: readonly common.Block[]): readonly string[] {
  return blocks.flatMap(transactionsOf).flatMap(({ txId, code }) => (code === VALID && txId !== '' ? [txId] : []));
}

/** Each writer's counter is the number of its transactions in the blocks: none was applied twice, and none that it has not submitted. */
export async function countsAreOfBlocks(
  network: EmbeddedProcess,
  writers: readonly CrashWriter[],
  valid: readonly string[],
): Promise<void> {
  const present = new Set(valid);
  const application = new Application(network, 'alpha');
  for (const writer of writers) {
    const committed = [...writer.handedIn].filter((txId) => present.has(txId)).length;
    assert.equal(Number(await application.evaluate('get', writer.key)), committed, writer.key);
  }
  application.close();
}
