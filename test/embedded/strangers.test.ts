import { ServerCredentials, type Server } from '@grpc/grpc-js';
import {
  addService,
  BUDGET,
  MessageBudget,
  serverWithin,
  type BudgetLimits,
  type Caller,
  type Claim,
} from '@tracecal/network/embedded/rpc';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { asyncProperty } from '../support/property.js';
import { RawStream } from '../support/rawStream.js';

const MIB = 1024 * 1024;
/** Longer than any test. */
const PATIENT_MS = 120_000;
const IMPATIENT_MS = 200;
const HOLD_MS = 50;
const LIMITS: BudgetLimits = {
  large: { bytes: 8 * MIB, patienceMs: PATIENT_MS },
  small: { bytes: 2 * MIB, patienceMs: PATIENT_MS },
};
const IMPATIENT: BudgetLimits = { ...LIMITS, large: { ...LIMITS.large, patienceMs: IMPATIENT_MS } };
const MOST = LIMITS.large.bytes + LIMITS.small.bytes;
const LARGE = randomBytes(6 * MIB);
const SMALL = Buffer.from('ping');

/** Remembers the most that was ever claimed. */
class WatchedBudget extends MessageBudget {
  most = 0;

  override enter(claim: Claim): boolean {
    const granted = super.enter(claim);
    this.most = Math.max(this.most, this.used);
    return granted;
  }

  override leave(claim: Claim): void {
    super.leave(claim);
    this.most = Math.max(this.most, this.used);
  }
}

describe('Messages of callers whose signature is not checked yet', function () {
  this.timeout(60_000);
  let budget: WatchedBudget;
  let server: Server;
  let address: string;
  let streams: RawStream[];
  /** What arrived at a method, as digests. */
  let arrived: string[];
  /** What a method does before it answers. */
  let method: (caller: Caller) => Promise<void>;

  beforeEach(async () => {
    await serve(LIMITS);
    method = () => Promise.resolve();
  });

  afterEach(() => {
    for (const stream of streams) stream.hangUp();
    server.forceShutdown();
  });

  async function serve(limits: BudgetLimits): Promise<void> {
    budget = new WatchedBudget(limits);
    server = serverWithin(budget);
    streams = [];
    arrived = [];
    const receive = async (bytes: Buffer, caller: Caller): Promise<void> => {
      arrived.push(digestOf(bytes));
      await method(caller);
    };
    const unary = async (bytes: Buffer, caller: Caller): Promise<Uint8Array> => {
      await receive(bytes, caller);
      return new Uint8Array();
    };
    const duplex = async (requests: AsyncIterable<Buffer>, _send: unknown, caller: Caller): Promise<void> => {
      for await (const bytes of requests) await receive(bytes, caller);
    };
    addService(server, { service: 'test', unary: { One: unary }, duplex: { Many: duplex } }, () => undefined);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    address = `http://127.0.0.1:${port}`;
  }

  function open(path = '/test/One'): RawStream {
    const stream = new RawStream(address, path);
    streams.push(stream);
    return stream;
  }

  async function send(message: Uint8Array): Promise<string> {
    const stream = open();
    await stream.sendAll(message);
    return (await stream.ended).code;
  }

  function claimed(expected: (used: number) => boolean): Promise<void> {
    return eventually(() =>
      expected(budget.used) ? Promise.resolve() : Promise.reject(new Error(`${budget.used} bytes are claimed`)),
    );
  }

  const nothingClaimed = (): Promise<void> => claimed((used) => used === 0);

  /** A caller who announces a large message, sends a part of it and then nothing. */
  async function stall(): Promise<RawStream> {
    const before = budget.used;
    const stream = open();
    stream.announce(LARGE.length);
    await stream.send(LARGE.subarray(0, MIB));
    await claimed((used) => used > before);
    return stream;
  }

  it('never have more room together than the budget, however many come at once, and all are answered', async () => {
    method = () => pause(5);
    const all = await Promise.all(Array.from({ length: 12 }, () => send(LARGE)));
    assert.deepEqual(new Set(all), new Set(['OK']));
    assert.ok(budget.most >= LARGE.length && budget.most <= MOST, String(budget.most));
    await nothingClaimed();
  });

  it('let the largest message that Fabric takes pass, one after the other', async () => {
    assert.equal(BUDGET.large.bytes + BUDGET.small.bytes, 128 * MIB);
    server.forceShutdown();
    await serve(BUDGET);
    const largest = Buffer.alloc(100 * MIB, 1);
    for (let count = 0; count < 2; count++) assert.equal(await send(largest), 'OK');
    assert.equal(budget.most, largest.length);
  });

  it('do not keep a small one waiting when they are large', async () => {
    const silent = await stall();
    const waiting = send(LARGE);
    assert.equal(await send(SMALL), 'OK');
    silent.hangUp();
    assert.equal(await waiting, 'OK');
  });

  it('do not count any more as soon as the signature is found to be good', async () => {
    let running = 0;
    let together = 0;
    method = async (caller) => {
      caller.checked();
      running++;
      while (together < 3 && !caller.gone.aborted) {
        together = Math.max(together, running);
        await pause(5);
      }
    };
    const all = await Promise.all(Array.from({ length: 3 }, () => send(LARGE)));
    assert.deepEqual(all, ['OK', 'OK', 'OK']);
    assert.equal(together, 3, 'three large ones run at a time, though there is room for one stranger');
  });

  it('make room for those who wait when their sender falls silent', async () => {
    server.forceShutdown();
    await serve(IMPATIENT);
    const silent = await stall();
    assert.equal(await send(LARGE), 'OK');
    const { code, message } = await silent.ended;
    assert.equal(code, 'RESOURCE_EXHAUSTED');
    assert.match(message, /took too long while others waited/);
  });

  it('may take their time while nobody waits', async () => {
    server.forceShutdown();
    await serve(IMPATIENT);
    const slow = await stall();
    await pause(2 * IMPATIENT_MS);
    await slow.send(LARGE.subarray(MIB));
    slow.close();
    assert.equal((await slow.ended).code, 'OK');
    assert.deepEqual(arrived, [digestOf(LARGE)]);
  });

  it('give their room back when their sender hangs up, whether they have it or wait for it', async () => {
    const first = await stall();
    const second = open();
    second.announce(LARGE.length);
    const third = send(LARGE);
    second.hangUp();
    first.hangUp();
    assert.equal(await third, 'OK');
    await nothingClaimed();
  });

  it('are refused with a sentence when too many wait', async () => {
    await stall();
    const waiting = Array.from({ length: 300 }, () => open());
    for (const stream of waiting) stream.announce(LARGE.length);
    const { code, message } = await Promise.race(waiting.map(({ ended }) => ended));
    assert.equal(code, 'RESOURCE_EXHAUSTED');
    assert.match(message, /too many messages .* try again/);
    assert.equal(await send(SMALL), 'OK');
  });

  it('count as the largest where they are compressed: nobody knows what they become', async () => {
    server.forceShutdown();
    await serve(BUDGET);
    const bomb = open();
    bomb.announce(1000, true);
    await claimed((used) => used === BUDGET.large.bytes);
  });

  it('arrive whole and in order, wherever their bytes are cut and however long they wait', async () => {
    method = (caller) => {
      caller.checked();
      return Promise.resolve();
    };
    const messages = fc.array(fc.constantFrom(0, 1, 200, 70_000, 1_500_000, 5_000_000), { minLength: 1, maxLength: 6 });
    // Around the five bytes that say how long a message is, above all.
    const cuts = fc.array(fc.constantFrom(1, 2, 4, 5, 6, 7, 16_384, 65_536), { minLength: 1, maxLength: 6 });
    await asyncProperty(
      fc.tuple(messages, cuts),
      async ([lengths, sizes]) => {
        arrived = [];
        const bodies = lengths.map((length) => randomBytes(length));
        const holder = lengths.length % 2 === 0 ? await stall() : undefined;
        setTimeout(() => holder?.hangUp(), HOLD_MS);
        const stream = open('/test/Many');
        let cut = 0;
        for (const bytes of pieces(
          Buffer.concat(bodies.map(framed)),
          () => [...sizes, 200_000][cut++ % (sizes.length + 1)]!,
        )) {
          await stream.send(bytes);
        }
        stream.close();
        assert.equal((await stream.ended).code, 'OK');
        assert.deepEqual(arrived, bodies.map(digestOf));
        assert.ok(budget.most <= MOST);
        await nothingClaimed();
      },
      15,
    );
  });
});

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function* pieces(bytes: Buffer, next: () => number): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const size = next();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
