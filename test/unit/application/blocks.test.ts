import assert from 'node:assert/strict';
import { TraceCalError } from '@tracecal/gateway-client';
import type { Outcome } from '@tracecal/gateway-client';
import { blocksOf } from '@tracecal/gateway-client/application';

describe('The blocks of transactions', () => {
  it('come in the order of the transactions, null for what the peer does not tell', async () => {
    const outcome = (txId: string): Promise<Outcome> => {
      if (txId === 'lost') {
        return Promise.reject(new TraceCalError('UNAVAILABLE', 'gone'));
      }
      return Promise.resolve(
        txId === 'new' ? { state: 'unknown', txId } : { state: 'committed', txId, blockNumber: BigInt(txId) },
      );
    };
    const numbers = Array.from({ length: 20 }, (_, place) => String(place));
    const blocks = await blocksOf({ outcome }, ['lost', ...numbers, 'new']);
    assert.deepEqual(blocks, [null, ...numbers.map(Number), null]);
  });
});
