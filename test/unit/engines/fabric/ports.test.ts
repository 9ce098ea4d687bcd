import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { checkPort, FabricError, freePorts } from '@tracecal/network/fabric';

describe('Free ports', () => {
  it('can be listened on, all at the same time', async () => {
    const ports = await freePorts(20);
    const servers = await Promise.all(
      ports.map(async (port) => {
        const server = createServer().listen(port, '127.0.0.1');
        await once(server, 'listening');
        return server;
      }),
    );
    assert.equal(new Set(ports).size, 20);
    for (const server of servers) server.close();
  });

  it('are outside the range of outgoing connections', async () => {
    for (const port of await freePorts(20, [10_500, 65_535])) assert.ok(port >= 10_000 && port < 10_500, `${port}`);
    for (const port of await freePorts(20, [1024, 65_000])) assert.ok(port > 65_000, `${port}`);
  });

  it('are told to be missing when there are not so many', async () => {
    await assert.rejects(freePorts(4, [1024, 65_532]), /no 4 free ports/);
  });
});

describe('A port that a node needs', () => {
  it('is named with the node, and what to do, where somebody listens on it', async () => {
    const [port = 0] = await freePorts(1);
    await checkPort('peer0.nmi-north.example', port);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    try {
      await assert.rejects(checkPort('peer0.nmi-north.example', port), (error) => {
        assert.ok(error instanceof FabricError);
        assert.equal(error.code, 'PORT_TAKEN');
        assert.equal(
          error.message,
          `peer0.nmi-north.example must listen on 127.0.0.1:${port}, which is not free: end what listens there, or use --ports free.`,
        );
        return true;
      });
    } finally {
      other.close();
    }
  });
});
