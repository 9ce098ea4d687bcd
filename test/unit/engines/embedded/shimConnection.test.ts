import { ShimConnection } from '@tracecal/network/embedded/peer';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

describe('A connection to a chaincode', () => {
  it('can be closed as soon as it stands', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const connection = new ShimConnection(`127.0.0.1:${(server.address() as AddressInfo).port}`);
      await once(server, 'connection');
      connection.close();
      // Its session is told now that it stands: an error there would end the process.
      for (let turns = 0; turns < 10; turns += 1) await turn();
      assert.throws(() => connection.open(), /destroyed/);
    } finally {
      server.close();
    }
  });
});
