import assert from 'node:assert/strict';
import type { Gateway } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { DEFAULT_LIMITS, Ledger, TraceCal } from '@tracecal/gateway-client';
import { blockOf } from '../../support/handMadeBlocks.js';

/** A peer that has three blocks and waits for the next, as peers do. */
function connection() {
  const asked: bigint[] = [];
  let isClosed = false;
  async function* from(start: number) {
    for (let number = start; number < 3; number += 1) {
      yield await Promise.resolve(blockOf(number, []));
    }
    await new Promise(() => undefined);
  }
  const information = new common.BlockchainInfo();
  information.setHeight(3);
  const network = {
    getContract: () => ({
      newProposal: () => ({ evaluate: () => Promise.resolve(information.serializeBinary()) }),
    }),
    getBlockEvents: ({ startBlock }: { readonly startBlock: bigint }) => {
      asked.push(startBlock);
      return Promise.resolve(Object.assign(from(Number(startBlock)), { close: () => (isClosed = true) }));
    },
  };
  const gateway = { getNetwork: () => network } as unknown as Gateway;
  const ledger = new Ledger(gateway, { channel: 'calibration', chaincode: 'registry' }, DEFAULT_LIMITS);
  return { tracecal: new TraceCal(ledger, 'registry', () => undefined), asked, isClosed: () => isClosed };
}

describe('A stream of blocks with an end', () => {
  it('ends after its last block, and leaves the peer alone', async () => {
    const { tracecal, isClosed } = connection();
    const endBlock = (await tracecal.height()) - 1n;
    const numbers: (number | undefined)[] = [];
    for await (const block of tracecal.blocks({ startBlock: 1n, endBlock })) {
      numbers.push(block.getHeader()?.getNumber());
    }
    assert.deepEqual(numbers, [1, 2]);
    assert.equal(isClosed(), true);
  });

  it('does not wait for a block that is not there yet', async () => {
    const { tracecal, asked } = connection();
    for await (const block of tracecal.blocks({ startBlock: 3n, endBlock: 2n })) {
      assert.fail(String(block));
    }
    assert.deepEqual(asked, []);
  });
});
