import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { connect, TimeBudget } from '@tracecal/gateway-client';
import type { ConnectOptions, TraceCal, TraceCalError } from '@tracecal/gateway-client';
import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';
import type { Validity } from '@tracecal/pki';
import sinon from 'sinon';
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

  function open(options: Omit<ConnectOptions, 'profile'>, to = port): Promise<TraceCal> {
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
    const unwritten = /connect ECONNREFUSED 127\.0\.0\.1:\d+; nothing was written$/;
    await assert.rejects(tracecal.anchor('00'.repeat(32)), failsWith('UNAVAILABLE', unwritten));
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
    assert.ok(deadline.isOver, 'all of it is used up');
    await assert.rejects(other.ping(), failsWith('TIMED_OUT'));
    assert.equal(budget.deadline, deadline, 'the second call had no time of its own');
    one.close();
    other.close();
  });

  it('that hangs ends a call in its time also if the clock is set back, and waits for it if it is set forward', async () => {
    const budget = new TimeBudget(400);
    const tracecal = await open({ budget });
    const clock = sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    try {
      const { deadline } = budget;
      clock.setSystemTime(Date.now() + 3_600_000);
      assert.ok(!deadline.isOver, 'an hour of the calendar is no hour');
      clock.setSystemTime(Date.now() - 7_200_000);
      await assert.rejects(tracecal.ping(), failsWith('TIMED_OUT', /gave no answer within 0\.4 s/));
      assert.ok(deadline.isOver);
    } finally {
      clock.restore();
      tracecal.close();
    }
  });

  describe('with TLS', () => {
    const DAY = 86_400_000;
    const past = { notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) };
    const subject = { commonName: 'peer0', organisation: 'oem-a.example', country: 'DE' };

    async function authority(): Promise<Authority> {
      const { publicKey, privateKey } = generateKeyPair();
      return Authority.createRoot({ ...subject, publicKey, validity: validFor(9) }, signerOf(privateKey));
    }

    /** Asks a gateway with a certificate by this authority, over a profile that names that one. */
    async function ask(shown: Authority, named: Authority, validity: Validity, host = 'localhost'): Promise<void> {
      const { publicKey, privateKey } = generateKeyPair();
      const cert = await shown.issueTls({ ...subject, publicKey, validity, hosts: [host] });
      const gateway = createTlsServer({ cert, key: privateKeyPem(privateKey) }).on('tlsClientError', () => undefined);
      await once(gateway.listen(0, 'localhost'), 'listening');
      const { port: secured } = gateway.address() as AddressInfo;
      const peer0 = { url: `grpcs://localhost:${secured}`, tlsCACerts: { pem: named.certificate } };
      const tracecal = await connect({ profile: { ...profileOf(secured), peers: { peer0 } }, user: NOBODY });
      try {
        await tracecal.ping();
      } finally {
        tracecal.close();
        gateway.close();
      }
    }

    it("says of the gateway's certificate, and not of the caller's, what is wrong with it", async () => {
      const [own, other] = [await authority(), await authority()];
      const untrusted = (why: RegExp) => failsWith('GATEWAY_UNTRUSTED', why);
      await assert.rejects(ask(own, other, validFor(9)), untrusted(/At localhost:\d+: .*certificate/));
      await assert.rejects(ask(own, own, past), untrusted(/certificate has expired$/));
      await assert.rejects(
        ask(own, own, validFor(9), 'elsewhere.example'),
        untrusted(/does not match certificate's altnames/),
      );
    });
  });

  describe('whose key is elsewhere', () => {
    const signedBy = (sign: () => Promise<Uint8Array>) => open({ timeoutMs: 300, user: { ...NOBODY, sign } });
    const mistakes: readonly (readonly [what: string, why: RegExp, sign: () => Promise<Uint8Array>])[] = [
      [
        'cannot sign',
        /Its key did not sign: the token was removed$/,
        () => Promise.reject(new Error('the token was removed')),
      ],
      ['signs nothing', /no bytes were returned/, () => Promise.resolve(undefined as never)],
      ['never answers', /it gave no answer within the time of the call/, () => new Promise(() => undefined)],
    ];
    for (const [what, why, sign] of mistakes) {
      it(`blames the identity, in the time of the call, where it ${what}`, async () => {
        const tracecal = await signedBy(sign);
        await assert.rejects(tracecal.ping(), failsWith('IDENTITY_INVALID', why));
        await assert.rejects(tracecal.anchor('00'.repeat(32)), failsWith('IDENTITY_INVALID', why));
        tracecal.close();
      });
    }
  });

  for (const scheme of ['grpc', 'grpcs']) {
    it(`that hangs while it is made (${scheme}) ends with the client, also for a stream that has not begun`, async () => {
      const tracecal = await connect({ profile: await hanging(scheme), user: NOBODY });
      const heard = once(deaf, 'connection') as Promise<[Socket]>;
      const stream = tracecal.events().next();
      const [socket] = await heard;
      const gone = once(socket.resume(), 'close');
      tracecal.close();
      await assert.rejects(stream, failsWith('CLIENT_CLOSED'));
      await gone;
    });

    it(`that hangs while it is made (${scheme}) is given up and made anew`, async () => {
      const tracecal = await connect({ profile: await hanging(scheme), user: NOBODY, timeoutMs: 1000 });
      const first = once(deaf, 'connection') as Promise<[Socket]>;
      const asked = assert.rejects(tracecal.ping(), failsWith('TIMED_OUT'));
      const [socket] = await first;
      const second = once(deaf, 'connection');
      await once(socket.resume(), 'close');
      await asked;
      // It is refused at once, or waits for the second attempt, which a gateway that is back would answer.
      await assert.rejects(tracecal.ping(), (error: TraceCalError) =>
        ['UNAVAILABLE', 'TIMED_OUT'].includes(error.code),
      );
      await second;
      tracecal.close();
    });
  }

  /** A profile whose gateway takes connections and says nothing, in plain text or before any TLS. */
  async function hanging(scheme: string): Promise<object> {
    const { publicKey, privateKey } = generateKeyPair();
    const subject = {
      commonName: 'ca',
      organisation: 'oem-a.example',
      country: 'DE',
      publicKey,
      validity: validFor(9),
    };
    const { certificate } = await Authority.createRoot(subject, signerOf(privateKey));
    const peer0 = {
      url: `${scheme}://127.0.0.1:${port}`,
      ...(scheme === 'grpcs' && { tlsCACerts: { pem: certificate }, grpcOptions: { hostnameOverride: 'peer0' } }),
    };
    return { ...profileOf(port), peers: { peer0 } };
  }

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
