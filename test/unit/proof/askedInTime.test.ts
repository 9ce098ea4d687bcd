import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { ask } from '@tracecal/gateway-client/proof';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';

describe('asking a service that nobody trusts', () => {
  const servers: Server[] = [];
  afterEach(() => {
    servers.splice(0).forEach((server) => {
      server.closeAllConnections();
      server.close();
    });
  });

  async function serving(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const asked = (service: string, timeoutMs = 60_000) =>
    ask(service, { device: 'oem-a/s-1' }, { roots: ['ab'.repeat(32)] }, { timeoutMs });

  it('reads an answer, compressed or not', async () => {
    for (const encoding of ['identity', 'gzip']) {
      const url = await serving((_, response) => {
        const body = Buffer.from('{"type":"another"}');
        response.writeHead(200, { 'content-encoding': encoding });
        response.end(encoding === 'gzip' ? gzipSync(body) : body);
      });
      await assert.rejects(asked(url), { code: 'INPUT_INVALID', message: /bundle is not accepted/ });
    }
  });

  it('ends in its time where a byte comes now and then, also after memory was collected', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const timers: NodeJS.Timeout[] = [];
    const url = await serving((_, response) => {
      response.writeHead(200);
      timers.push(
        setInterval(() => {
          response.write(' ');
          collect();
        }, 20),
      );
    });
    try {
      await assert.rejects(asked(url, 400), {
        code: 'TIMED_OUT',
        message: `${url} did not answer in 0.4 s: try again.`,
      });
    } finally {
      timers.forEach(clearInterval);
    }
  });

  it('takes no more than it asked for, however small that looks when it is sent', async () => {
    const bomb = gzipSync(Buffer.alloc(MOST_BUNDLE_BYTES + 1));
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    await assert.rejects(asked(url), { code: 'ANSWER_INVALID', message: /is larger than such a file may be/ });
  });

  it('refuses an encoding that nobody asked for, and an answer that is cut short', async () => {
    const odd = await serving((_, response) => {
      response.writeHead(200, { 'content-encoding': 'br' }).end('x');
    });
    await assert.rejects(asked(odd), { code: 'ANSWER_INVALID', message: /an encoding that nobody asked for/ });
    const cut = await serving((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await assert.rejects(asked(cut), { code: 'UNAVAILABLE' });
  });
});
