import { readConfigBlock } from '@tracecal/ledger/block';
import { Block, LastConfig, METADATA, Metadata } from '@tracecal/ledger/wire';
import type { Ledger } from './ledger.js';
import { understood } from './understood.js';

/**
 * The configuration blocks of a channel, the first one first. Blocks are found by what they say of themselves: whoever uses them
 * verifies that each follows from the one before.
 *
 * @param after - Only those after this block.
 */
export async function configurationBlocks(
  ledger: Pick<Ledger, 'block' | 'height'>,
  after = -1,
): Promise<readonly Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  let last = Number(await ledger.height()) - 1;
  while (last > after) {
    const newest = await ledger.block(last);
    const number = configurationOf(newest, last);
    if (number <= after) break;
    const block = number === last ? newest : await ledger.block(number);
    understood(() => readConfigBlock(block));
    blocks.unshift(block);
    last = number - 1;
  }
  return blocks;
}

/** The number of the configuration block that was in force for this block; its own, if it is one. */
function configurationOf(block: Uint8Array, itself: number): number {
  return understood(() => {
    const stored = Block.decode(block).metadata?.metadata[METADATA.lastConfig] ?? new Uint8Array();
    const { index } = LastConfig.decode(Metadata.decode(stored).value);
    if (index > itself) throw new Error('a block says that it was made under a later configuration');
    return index;
  });
}
