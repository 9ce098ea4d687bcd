import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, TimeBudget } from '@tracecal/gateway-client';
import type { ConnectOptions, TraceCal } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';

const NOBODY = {
  identity: { mspId: 'OemAMSP', credentials: Buffer.from('certificate') },
  sign: () => Promise.resolve(Buffer.from('signature')),
};

function profileOf(port: number): object {
  return {
    client: { organization: 'oem-a' },
    organizations: { 'oem-a': { mspid: 'OemAMSP', peers: ['peer0'] } },
    peers: { peer0: { url: `grpc://127.0.0.1:${port}` } },
  };
}

describe('A connection to a gateway', () => {
  /** Takes connections and says nothing. */
  let deaf: Server;
  let port: number;
  const accepted: Socket[] = [];

  before(async () => {
    deaf = createServer((socket) => {
      accepted.push(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    ({ port } = deaf.address() as AddressInfo);
  });

  after(() => {
    accepted.forEach((socket) => socket.destroy());
    deaf.close();
  });

  function open(options: Omit<ConnectOptions, 'profile' | 'user'>, to = port): Promise<TraceCal> {
    return connect({ profile: profileOf(to), user: NOBODY, ...options });
  }

  it('that nothing answers is told with its address, and with what the system says', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: closed } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const tracecal = await open({}, closed);
    const expected = new RegExp(
      `Nothing answers at 127\\.0\\.0\\.1:${closed}: connect ECONNREFUSED 127\\.0\\.0\\.1:${closed}$`,
    );
    await assert.rejects(tracecal.ping(), failsWith('UNAVAILABLE', expected));
    tracecal.close();
  });

  it('that hangs ends every call in its time, also the beginning of a stream', async () => {
    const tracecal = await open({ timeoutMs: 300 });
    const late = failsWith('TIMED_OUT', new RegExp(`127\\.0\\.0\\.1:${port} gave no answer within 0\\.3 s\\.$`));
    await assert.rejects(tracecal.ping(), late);
    await assert.rejects(tracecal.events().next(), late);
    const unwritten = new RegExp(`127\\.0\\.0\\.1:${port} gave no answer within 0\\.3 s; nothing was written\\.$`);
    await assert.rejects(tracecal.anchor('00'.repeat(32)), failsWith('TIMED_OUT', unwritten));
    tracecal.close();
  });

  it('shares its time with others, where it has a budget', async () => {
    const budget = new TimeBudget(400);
    const [one, other] = [await open({ budget }), await open({ budget })];
    await assert.rejects(one.ping(), failsWith('TIMED_OUT'));
    const { deadline } = budget;
    assert.ok(Date.now() >= deadline, 'all of it is used up');
    await assert.rejects(other.ping(), failsWith('TIMED_OUT'));
    assert.equal(budget.deadline, deadline, 'the second call had no time of its own');
    one.close();
    other.close();
  });

  it('that is closed ends what is under way, refuses what comes after, and leaves no socket', async () => {
    const tracecal = await open({});
    const heard = once(deaf, 'connection') as Promise<[Socket]>;
    const underWay = tracecal.ping();
    const [socket] = await heard;
    const gone = once(socket.resume(), 'close');
    tracecal.close();
    await assert.rejects(underWay, failsWith('CLIENT_CLOSED', /connect again/));
    await assert.rejects(tracecal.ping(), failsWith('CLIENT_CLOSED'));
    await assert.rejects(tracecal.anchor('00'.repeat(32)), failsWith('CLIENT_CLOSED'));
    await assert.rejects(tracecal.events().next(), failsWith('CLIENT_CLOSED'));
    await assert.rejects(tracecal.outcome('00'.repeat(32)), failsWith('CLIENT_CLOSED'));
    await gone;
  });
});
