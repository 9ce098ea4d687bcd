import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { instantOf, RegistryError } from '@tracecal/core/model';
import { trustedRoots, TraceCalError } from '@tracecal/gateway-client';
import { answered, ask, bundleText, ChallengeService, verifyBundle } from '@tracecal/gateway-client/proof';
import type { Challenge, ChallengeServiceOptions } from '@tracecal/gateway-client/proof';
import { eventually } from '../../support/eventually.js';
import { INSTITUTE_MSPS, OTHER_SENSOR, SENSOR } from '../../support/provenDevice.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';

const NONCE = 'n0nce';
const MANY = { total: 1000, each: 1000 };

describe('A service for outsiders', () => {
  const open: { close(): Promise<void> }[] = [];

  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  async function serving(options: Partial<ChallengeServiceOptions> = {}): Promise<string> {
    const service = new ChallengeService({
      answer: ({ device, nonce }) => Promise.resolve(`${device} ${nonce}`),
      rates: MANY,
      parallel: 4,
      ...options,
    });
    open.push(service);
    return `http://127.0.0.1:${(await service.listen(0)).port}`;
  }

  const get = (
    url: string,
    { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
  ) => fetch(url, { method, headers: { Connection: 'close', ...headers } });
  const bundleOf = (url: string, more = '', headers: Record<string, string> = {}) =>
    get(`${url}/bundle?device=oem-a/s-1&nonce=${NONCE}${more}`, { headers });

  async function problemIn(response: Response): Promise<{ status: number; detail: string; title: string }> {
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const problem = (await response.json()) as { type: string; status: number; detail: string; title: string };
    assert.deepEqual([problem.type, problem.status], ['about:blank', response.status]);
    assert.match(problem.detail, /^[A-Z][^.]*(?:\.[^ ][^.]*)*\.$/, 'one sentence');
    return problem;
  }

  /** A service that says what it likes. */
  async function saying(text: string | (() => string), status = 200, headers = {}): Promise<string> {
    const server = createServer((_request, response) => {
      response.writeHead(status, headers).end(typeof text === 'string' ? text : text());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('passes on what was asked, and says what its answer is', async () => {
    const asked: Challenge[] = [];
    const answer = (challenge: Challenge) => Promise.resolve(String(asked.push(challenge)));
    const url = await serving({ answer });
    const response = await bundleOf(url, '&quantity=temperature&at=20,frequency=50,range=10%20V');
    assert.equal(await response.text(), '1');
    assert.equal(response.headers.get('content-type'), 'application/vnd.tracecal.bundle+json');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(asked, [
      {
        device: 'oem-a/s-1',
        nonce: NONCE,
        quantity: 'temperature',
        at: { value: 20, arguments: { frequency: 50, range: '10 V' } },
      },
    ]);
  });

  it('answers nothing else than questions in their form, each refusal in one sentence', async () => {
    const url = await serving({ answer: () => assert.fail('it was not asked') });
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['/', 404, /bundle/],
      ['/bundle/../x', 404, /bundle/],
      ['/bundle', 400, /device/],
      ['/bundle?device=sensor&nonce=x', 400, /whole id/],
      [`/bundle?device=${'o/'.repeat(80)}x&nonce=x`, 400, /whole id/],
      ['/bundle?device=oem-a/s', 400, /nonce/],
      ['/bundle?device=oem-a/s&nonce=', 400, /nonce/],
      ['/bundle?device=oem-a/s&nonce=a%20b', 400, /nonce/],
      [`/bundle?device=oem-a/s&nonce=${'x'.repeat(129)}`, 400, /nonce/],
      ['/bundle?device=oem-a/s&nonce=x&nonce=y', 400, /once/],
      ['/bundle?device=oem-a/s&nonce=x&as-of=2020-01-01', 400, /only/],
      ['/bundle?device=oem-a/s&nonce=x&quantity=Temperature!', 400, /quantity/],
      ['/bundle?device=oem-a/s&nonce=x&at=1,2', 400, /value/],
      [`/bundle?device=oem-a/s&nonce=x&at=x=${'1'.repeat(2000)}`, 400, /value/],
    ];
    for (const [path, status, why] of cases) {
      const problem = await problemIn(await get(`${url}${path}`));
      assert.equal(problem.status, status, path);
      assert.match(problem.detail, why, path);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await get(`${url}/bundle?device=oem-a/s&nonce=x`, { method });
      assert.equal(response.headers.get('allow'), 'GET');
      assert.equal((await problemIn(response)).status, 405);
    }
    assert.equal((await get(`${url}/bundle?device=oem-a/s&nonce=${'x'.repeat(20_000)}`)).status, 431);
  });

  it('answers one address and all together only so often, and says when to ask again', async () => {
    let now = 1000;
    const url = await serving({ rates: { total: 5, each: 2 }, behindProxy: true, now: () => now });
    const from = (address: string) => bundleOf(url, '', { 'X-Forwarded-For': `10.9.9.9, ${address}` });
    const statusesOf = async (...addresses: readonly string[]) => {
      const statuses: number[] = [];
      for (const address of addresses) statuses.push((await from(address)).status);
      return statuses;
    };
    assert.deepEqual(await statusesOf('192.0.2.1', '192.0.2.1', '192.0.2.1'), [200, 200, 429]);
    const refused = await from('::ffff:192.0.2.1');
    assert.equal(refused.headers.get('retry-after'), '30');
    assert.match((await problemIn(refused)).detail, /ask again in 30 s/);
    assert.deepEqual(await statusesOf('2001:db8::1', '2001:db8:0:0:1::2', '2001:db8::3'), [200, 200, 429]);
    assert.deepEqual(await statusesOf('2001:db8:0:1::1', '192.0.2.3'), [200, 429], 'all together');
    assert.equal((await from('192.0.2.3')).headers.get('retry-after'), '12');
    now += 12_000;
    assert.deepEqual(await statusesOf('192.0.2.1', '192.0.2.3', '192.0.2.4'), [429, 200, 429]);
    now += 3_600_000;
    assert.deepEqual(await statusesOf('192.0.2.1', '192.0.2.1', '192.0.2.1'), [200, 200, 429], 'saved up to a minute');
  });

  it('forgets the addresses that were unheard longest, and still limits all together', async () => {
    const url = await serving({ rates: { total: 10_002, each: 1 }, behindProxy: true, parallel: 20_000, now: () => 0 });
    const many = Array.from({ length: 10_000 }, (_, place) => place + 1);
    const statuses = await statusesInTurn(url, [0, 0, ...many, 0, 10_000, 10_001]);
    assert.deepEqual(statuses.slice(0, 2), [200, 429]);
    assert.deepEqual(new Set(statuses.slice(2, 10_002)), new Set([200]));
    const [forgotten, known, last] = statuses.slice(10_002);
    assert.deepEqual([forgotten, known], [200, 429]);
    assert.equal(last, 429, 'all together have asked 10 002 times at most');
  });

  /** What these askers are answered, whose questions come one after another over one connection. */
  async function statusesInTurn(url: string, askers: readonly number[]): Promise<readonly number[]> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const answers = textOf(socket);
    const asked = askers.map((asker, place) =>
      [
        'GET /bundle?device=oem-a/s-1&nonce=x HTTP/1.1',
        `Host: ${hostname}`,
        `X-Forwarded-For: asker-${asker}`,
        `Connection: ${place + 1 < askers.length ? 'keep-alive' : 'close'}`,
        '',
        '',
      ].join('\r\n'),
    );
    socket.write(asked.join(''));
    return [...(await answers).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
  }

  it('takes the address of the connection, whatever an asker writes, unless a proxy stands before it', async () => {
    const url = await serving({ rates: { total: 10, each: 1 }, now: () => 0 });
    const first = await bundleOf(url, '', { 'X-Forwarded-For': '192.0.2.1' });
    const second = await bundleOf(url, '', { 'X-Forwarded-For': '192.0.2.2' });
    assert.deepEqual([first.status, second.status], [200, 429]);
  });

  it('answers so many at one time, and ends when they are answered', async () => {
    const waiting: ((text: string) => void)[] = [];
    const url = await serving({ parallel: 2, answer: () => new Promise((resolve) => waiting.push(resolve)) });
    const two = [bundleOf(url), bundleOf(url)];
    while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const third = await bundleOf(url);
    assert.equal(third.status, 503);
    assert.ok(Number(third.headers.get('retry-after')) > 0);
    await problemIn(third);
    const closed = open.splice(0)[0]!.close();
    waiting.forEach((resolve) => resolve('an answer'));
    assert.deepEqual(await Promise.all((await Promise.all(two)).map((each) => each.text())), [
      'an answer',
      'an answer',
    ]);
    await closed;
    await assert.rejects(bundleOf(url));
  });

  it('tells an asker nothing of its inside', async () => {
    const heard: unknown[] = [];
    const failure = new Error('/etc/keys of peer0.nmi-north: password hunter2');
    const url = await serving({ answer: () => Promise.reject(failure), onFailure: (error) => heard.push(error) });
    const response = await bundleOf(url);
    assert.equal(response.status, 503);
    assert.doesNotMatch(JSON.stringify(await problemIn(response)), /hunter2|nmi-north|etc/);
    assert.deepEqual(heard, [failure]);
    assert.ok(![...response.headers.keys()].includes('x-powered-by'));
  });

  it("is asked at an address of the web, and what it says is a stranger's word", async () => {
    const question = { device: 'oem-a/s-1' };
    const trust = { roots: ['ab'.repeat(32)] };
    const failing = async (service: string, code: string, why: RegExp, timeoutMs = 5000) => {
      await assert.rejects(ask(service, question, trust, { timeoutMs }), (error) => {
        assert.ok(error instanceof TraceCalError || error instanceof RegistryError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, why);
        return true;
      });
    };
    for (const service of [
      'proof.example',
      'ftp://proof.example',
      'https://user:word@proof.example',
      'https://x/?device=y',
    ]) {
      await failing(service, 'INPUT_INVALID', /no address of a service/);
    }
    await failing('http://127.0.0.1:1', 'UNAVAILABLE', /does not answer/);
    await failing(await saying('', 302, { Location: 'http://127.0.0.1:1/' }), 'ANSWER_INVALID', /status 302/);
    const detail = JSON.stringify({ detail: 'Wait.\u001b[31m \n' });
    await failing(
      await saying(detail, 429, { 'Retry-After': '7' }),
      'NOT_READY',
      /status 429, and says: Wait\. \[31m It may .* in 7 s/,
    );
    await failing(await saying('<html>', 500), 'ANSWER_INVALID', /status 500\.$/);
    await failing(await saying('{}'), 'INPUT_INVALID', /bundle is not accepted/);
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push({
      close: async () => {
        silent.closeAllConnections();
        await new Promise((resolve) => silent.close(resolve));
      },
    });
    await failing(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'TIMED_OUT', /did not answer/, 50);
  });

  it('leaves room for others however many connections one address opens', async () => {
    const url = new URL(await serving({ answer: () => Promise.resolve('1') }));
    const connected: Socket[] = [];
    const connection = async () => {
      const socket = connect({ port: Number(url.port), host: url.hostname });
      connected.push(socket);
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\nHost: service\r\n\r\n');
      return Promise.race([once(socket, 'data').then(() => 'answered'), once(socket, 'close').then(() => 'closed')]);
    };
    try {
      for (let count = 0; count < 16; count += 1) assert.equal(await connection(), 'answered');
      assert.equal(await connection(), 'closed');
      connected[0]!.destroy();
      await eventually(async () => {
        assert.equal(await connection(), 'answered');
      });
    } finally {
      connected.forEach((socket) => socket.destroy());
    }
  });

  describe('of a member', function () {
    this.timeout(240_000);
    let proven: ProvenDevice;
    let trust: Parameters<typeof ask>[2];
    let reader: Awaited<ReturnType<ProvenDevice['registry']['as']>>;

    before(async () => {
      proven = await sharedProvenDevice();
      const whole = await proven.trust();
      trust = { roots: trustedRoots(whole), endorsers: whole.endorsers, channel: whole.channel };
      reader = await proven.registry.as('lab-alpha');
    });

    const member = () => serving({ answer: (challenge) => answered(reader, challenge, INSTITUTE_MSPS) });

    it('answers an outsider by the tier endorsed, over a word that the asker made up', async () => {
      const url = await member();
      const first = await ask(url, { device: SENSOR }, trust);
      assert.deepEqual([first.report.verdict.status, first.report.tiers.endorsed.holds], ['TRACEABLE', true]);
      assert.deepEqual(first.report.tiers.endorsed.by, INSTITUTE_MSPS);
      assert.ok(first.report.tiers.endorsed.shows.includes(first.nonce));
      assert.ok(first.nonce.length >= 22);
      const second = await ask(`${url}/`, { device: SENSOR, quantity: 'temperature', at: { value: 20 } }, trust);
      assert.notEqual(second.nonce, first.nonce);
      assert.deepEqual(
        [second.report.verdict.quantity, second.report.verdict.at?.value, second.report.tiers.endorsed.holds],
        ['temperature', 20, true],
      );
    });

    it('says what the ledger holds of a device that it does not know', async () => {
      const { report } = await ask(await member(), { device: 'oem-a/nothing' }, trust);
      assert.notEqual(report.verdict.status, 'TRACEABLE');
      assert.equal(report.tiers.endorsed.holds, true);
    });

    it('that has peers answer for some minutes ago does not hide what was found out since', async () => {
      const before = instantOf(Date.now() - 10 * 60_000);
      const answer = async ({ device, nonce }: Challenge) =>
        bundleText((await proven.endorsed(device, { nonce, asOf: before })).bundle);
      const asked = instantOf(Date.now());
      const { text, nonce, report } = await ask(await serving({ answer }), { device: SENSOR }, trust);
      assert.equal(report.tiers.endorsed.holds, true);
      assert.ok(report.verdict.asOf >= asked, `as of ${report.verdict.asOf}, asked at ${asked}`);
      // The same for whoever got it by another way: it is judged at the moment that the peers answer for.
      const later = await verifyBundle(text, { ...trust, nonce });
      assert.equal(later.verdict.asOf, later.tiers.endorsed.asOf);
    });

    it('that gives an older answer shows nothing, and one to another question is refused', async () => {
      const { text } = await ask(await member(), { device: SENSOR }, trust);
      const again = await ask(await saying(text), { device: SENSOR }, trust);
      assert.equal(again.report.tiers.endorsed.holds, false);
      assert.match(again.report.tiers.endorsed.shows, /not asked with your nonce/);
      const refused = (attempt: Promise<unknown>, why: RegExp) =>
        assert.rejects(
          attempt,
          (error) => error instanceof RegistryError && error.code === 'INPUT_INVALID' && why.test(error.message),
        );
      await refused(ask(await saying(text), { device: OTHER_SENSOR }, trust), /answered another question/);
      await refused(ask(await saying(text), { device: SENSOR, quantity: 'temperature' }, trust), /another question/);
      const { bundle: old } = await proven.endorsed(SENSOR, { asOf: '2026-01-01T00:00:00Z' });
      await refused(
        ask(await saying(bundleText(old)), { device: SENSOR }, trust),
        /as of 2026-01-01T00:00:00Z, and here it is/,
      );
    });
  });
});
