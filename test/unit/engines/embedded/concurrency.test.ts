import { addService, MessageBudget, serverWithin } from '@tracecal/network/embedded/rpc';
import { Client, credentials, ServerCredentials, status, type Server, type ServiceError } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { eventually } from '../../../support/eventually.js';

const asIs = (bytes: Buffer): Buffer => bytes;

describe('A service with a limit of concurrent calls', () => {
  let server: Server;
  let client: Client;
  let ends: (() => void)[] = [];

  beforeEach(async () => {
    ends = [];
    server = serverWithin(new MessageBudget());
    const wait = (): Promise<void> =>
      new Promise((resolve) => {
        ends.push(resolve);
      });
    const unary = { Ask: () => wait().then(() => Buffer.from('answer')) };
    addService(server, { service: 'test.Limited', limit: 2, unary, stream: { Follow: wait } }, () => undefined);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  afterEach(() => {
    client.close();
    server.forceShutdown();
  });

  /** Resolves with the error of a call, or nothing. */
  function ask(): Promise<ServiceError | null> {
    return new Promise((resolve) => {
      client.makeUnaryRequest('/test.Limited/Ask', asIs, asIs, Buffer.alloc(0), resolve);
    });
  }

  function follow(): Promise<ServiceError | null> {
    return new Promise((resolve) => {
      const stream = client.makeServerStreamRequest('/test.Limited/Follow', asIs, asIs, Buffer.alloc(0));
      stream.on('error', resolve);
      stream.on('end', () => {
        resolve(null);
      });
      stream.resume();
    });
  }

  async function untilOpen(count: number): Promise<void> {
    await eventually(() => {
      assert.equal(ends.length, count);
      return Promise.resolve();
    });
  }

  for (const [kind, call] of Object.entries({ 'a call': ask, 'a stream': follow })) {
    it(`refuses ${kind} beyond it, as a peer does, and takes one when another has ended`, async () => {
      const open = [ask(), follow()];
      await untilOpen(2);
      const refused = await call();
      assert.equal(refused?.code, status.UNKNOWN);
      assert.equal(refused.details, 'too many requests for /test.Limited, exceeding concurrency limit (2)');
      ends.shift()?.();
      assert.equal(await Promise.race(open), null);
      const next = call();
      await untilOpen(2);
      for (const end of ends) end();
      assert.deepEqual(await Promise.all([...open, next]), [null, null, null]);
    });
  }
});
