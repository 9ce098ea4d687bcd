import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { Application } from '../../../support/application.js';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';

const FUTURE = 1_000_000n;

describe('A stream of a network that is stopped', function () {
  this.timeout(60_000);

  it('ends as one that was broken off, not as one that is complete', async () => {
    const network = await KvNetwork.start();
    const { organisations, cryptoDir } = network.network;
    const application = new Application({ consortium: kvConsortium(), organisations, cryptoDir }, 'nmi-north');
    try {
      const streams = [
        await application.network().getBlockEvents(),
        await application.network().getChaincodeEvents('kv', { startBlock: FUTURE }),
      ];
      const ends = streams.map(async (stream) => stream[Symbol.asyncIterator]().next());
      // The peer has them when it has answered something that came after.
      await application.contract().evaluateTransaction('get', 'k');
      const settled = Promise.allSettled(ends);
      await network.end();
      for (const end of await settled) {
        assert.equal(end.status, 'rejected');
        assert.equal((end.reason as { code?: number }).code, status.UNAVAILABLE);
      }
    } finally {
      application.close();
    }
  });
});
