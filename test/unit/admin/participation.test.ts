import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  AdminError,
  joinOrderer,
  listOrdererChannels,
  ordererChannel,
  removeOrderer,
  type OrdererAdmin,
} from '@tracecal/network/admin';
import { tlsFixture, type TlsFixture } from './tlsFixture.js';

const NAME = 'orderer1.orderer.nmi-north.example';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly type: string;
  readonly body: Buffer;
}

/** The only file of a form, whatever bytes it consists of. */
function fileOfForm(request: Seen | undefined, field: string): Buffer {
  assert.ok(request);
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(request.type)?.[1];
  const head = request.body.indexOf('\r\n\r\n');
  const tail = request.body.lastIndexOf(`\r\n--${boundary}--\r\n`);
  assert.match(request.body.toString('latin1', 0, head), new RegExp(`^--${boundary}\r\n.* name="${field}";`));
  return request.body.subarray(head + 4, tail);
}

describe('The participation of an orderer in channels', () => {
  let tls: TlsFixture;
  let server: Server;
  let orderer: OrdererAdmin;
  let seen: Seen[];
  let answers: { status: number; body: string }[];

  before(async () => {
    tls = await tlsFixture();
    const own = await tls.issue(NAME, [NAME]);
    const trust = { ca: tls.ca, requestCert: true, rejectUnauthorized: true };
    server = createServer({ cert: own.certificate, key: own.privateKey, ...trust }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        seen.push({ method, url, type: headers['content-type'] ?? '', body: Buffer.concat(chunks) });
        const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500, body: '' };
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const clientTls = await tls.issue('Admin@orderer.nmi-north.example');
    orderer = { name: NAME, host: '127.0.0.1', port, tlsCa: tls.ca, clientTls };
  });

  beforeEach(() => {
    seen = [];
  });

  after(() => {
    server.close();
  });

  it('begins with a config block, sent byte for byte as the file of a form', async () => {
    const participation = { name: 'calibration', consensusRelation: 'consenter', status: 'active', height: 1 };
    answers = [{ status: 201, body: JSON.stringify(participation) }];
    const block = Buffer.from([0, 255, 13, 10, 45, 45, 0]);

    assert.deepEqual(await joinOrderer(orderer, block), participation);

    const [request] = seen;
    assert.equal(`${request?.method} ${request?.url}`, 'POST /participation/v1/channels');
    assert.deepEqual(fileOfForm(request, 'config-block'), block);
  });

  it('is listed by channel names, also when there are none yet', async () => {
    answers = [{ status: 200, body: '{"systemChannel":null,"channels":[{"name":"calibration","url":"/x"}]}' }];
    assert.deepEqual(await listOrdererChannels(orderer), ['calibration']);
    answers = [{ status: 200, body: '{"systemChannel":null,"channels":null}' }];
    assert.deepEqual(await listOrdererChannels(orderer), []);
  });

  it('is unknown for a channel that it does not order', async () => {
    answers = [{ status: 404, body: '{"error":"channel does not exist"}' }];
    assert.equal(await ordererChannel(orderer, 'calibration'), undefined);
  });

  it('ends with its removal, when the blocks are gone', async () => {
    answers = [
      { status: 204, body: '' },
      { status: 200, body: '{"name":"measurement-a","status":"inactive"}' },
      { status: 404, body: '{"error":"channel does not exist"}' },
    ];
    await removeOrderer(orderer, 'measurement-a');
    assert.deepEqual(
      seen.map(({ method }) => method),
      ['DELETE', 'GET', 'GET'],
    );
    assert.equal(seen[0]?.url, '/participation/v1/channels/measurement-a');
  });

  it('is refused in the words of the orderer', async () => {
    answers = [{ status: 405, body: '{"error":"cannot join: channel already exists"}' }];
    await assert.rejects(joinOrderer(orderer, Buffer.alloc(1)), (error) => {
      assert.ok(error instanceof AdminError);
      assert.equal(error.code, 'REFUSED');
      assert.equal(error.node, NAME);
      assert.match(error.message, /channel already exists/);
      return true;
    });
  });

  it('cannot be changed by somebody whom the orderer does not know', async () => {
    const stranger = await (await tlsFixture()).issue('Admin@orderer.nmi-north.example');
    await assert.rejects(
      listOrdererChannels({ ...orderer, clientTls: stranger }),
      (error) => error instanceof AdminError && error.code === 'UNREACHABLE',
    );
  });

  it('is not talked about with a machine that bears another name', async () => {
    await assert.rejects(
      listOrdererChannels({ ...orderer, name: 'orderer2.orderer.nmi-south.example' }),
      (error) => error instanceof AdminError && error.code === 'UNREACHABLE',
    );
  });
});
