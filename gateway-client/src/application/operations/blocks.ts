import type { ContractClient } from '../../client/index.js';

/** How many questions are open at once. */
const AT_ONCE = 8;

/**
 * The block numbers of transactions, in their order; null if the asked peer does not know one. A contract cannot know them: blocks are made
 * after it has run.
 */
export async function blocksOf(
  client: Pick<ContractClient, 'outcome'>,
  txIds: readonly string[],
): Promise<readonly (number | null)[]> {
  const blocks: (number | null)[] = [];
  for (let from = 0; from < txIds.length; from += AT_ONCE) {
    const some = txIds.slice(from, from + AT_ONCE);
    blocks.push(...(await Promise.all(some.map((txId) => blockOf(client, txId)))));
  }
  return blocks;
}

async function blockOf(client: Pick<ContractClient, 'outcome'>, txId: string): Promise<number | null> {
  try {
    const outcome = await client.outcome(txId);
    return outcome.state === 'committed' ? Number(outcome.blockNumber) : null;
  } catch {
    return null;
  }
}
