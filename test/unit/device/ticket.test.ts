import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Algorithms, Sign1 } from '@auth0/cose';
import { memoryKey, TraceCalError } from '@tracecal/gateway-client';
import {
  checkTicket,
  MOST_TICKET_BYTES,
  readTicket,
  TICKET_CONTENT_TYPE,
  TICKET_REFUSALS,
  TicketCounter,
  ticketKeyId,
  unsignedTicket,
} from '@tracecal/gateway-client/device';
import type { TicketReader } from '@tracecal/gateway-client/device';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { READER_FOLDER, readerInC } from '../../support/ticketReader.js';
import type { ReaderInC } from '../../support/ticketReader.js';
import {
  contentWith,
  DEVICE,
  GATE_KEY,
  hex,
  OTHER_KEY,
  pointOfJwk,
  READER,
  signedParts,
  signedTicket,
  vectors,
} from '../../support/ticketVectors.js';
import type { Vector, Vectors } from '../../support/ticketVectors.js';

const VECTORS = join(READER_FOLDER, 'vectors.json');

async function answerOf(ticket: Uint8Array, reader: TicketReader = READER): Promise<string> {
  const answer = await checkTicket(ticket, reader);
  return answer.accepted ? 'accepted' : answer.refusal;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TraceCalError, String(error));
  return error.code;
}

describe('A ticket', () => {
  after(removeTemporaryFolders);

  it('says what it was made with, and is read back', async () => {
    const { ticket } = await readTicket(await signedTicket());
    const { registry, verdict, keyId, ...others } = contentWith();
    assert.deepEqual(
      { ...ticket, registry: hex(ticket.registry), verdict: hex(ticket.verdict), keyId: hex(ticket.keyId) },
      {
        ...others,
        registry: hex(registry),
        verdict: hex(verdict),
        keyId: hex(keyId),
      },
    );
  });

  it('has at most 332 bytes at its bounds, and never more than 512', async () => {
    const most = Number.MAX_SAFE_INTEGER;
    const longest = await signedTicket({ device: `a/${'b'.repeat(126)}`, end: most, counter: most });
    assert.equal(longest.length, 332);
    assert.equal(Math.max(longest.length, MOST_TICKET_BYTES), 512);
  });

  it('is not made of values out of their bounds', async () => {
    const bad = [
      { device: `a/${'b'.repeat(127)}` },
      { device: 'sensor' },
      { device: '' },
      { registry: new Uint8Array(15) },
      { verdict: new Uint8Array(33) },
      { keyId: new Uint8Array(9) },
      ...[0, -1, 1.5, Number.NaN, Infinity, 2 ** 53].flatMap((number) => [{ end: number }, { counter: number }]),
    ];
    for (const changes of bad) {
      assert.equal(await codeOf(unsignedTicket(contentWith(changes))), 'TICKET_INVALID', JSON.stringify(changes));
    }
  });

  it('is accepted by another implementation of COSE, which also signs tickets that are accepted here', async () => {
    const bytes = await signedTicket();
    const key = createPrivateKey({ key: GATE_KEY.jwk(), format: 'jwk' });
    await Sign1.decode(bytes).verify(createPublicKey(key), { algorithms: [Algorithms.ES256] });
    await assert.rejects(
      Sign1.decode(bytes).verify(createPublicKey(createPrivateKey({ key: OTHER_KEY.jwk(), format: 'jwk' }))),
    );
    const { payload } = await unsignedTicket(contentWith());
    const header: [number, unknown][] = [
      [1, -7],
      [3, TICKET_CONTENT_TYPE],
      [4, ticketKeyId(GATE_KEY.publicKey)],
    ];
    const answers = new Set<string>();
    // It does not lower s, so that half of its signatures are refused.
    for (let round = 0; round < 64 && !answers.has('accepted'); round += 1) {
      const theirs = await Sign1.sign(header as never, [], payload, key);
      answers.add(await answerOf(theirs.encode()));
    }
    assert.ok(answers.has('accepted'), [...answers].join());
    assert.deepEqual(
      [...answers].filter((answer) => answer !== 'accepted' && answer !== 'signature'),
      [],
    );
  });

  it('names its key by the point that is burnt in', () => {
    assert.equal(hex(pointOfJwk(GATE_KEY)), hex(GATE_KEY.publicKey));
    assert.equal(ticketKeyId(GATE_KEY.publicKey).length, 8);
    assert.throws(() => ticketKeyId(GATE_KEY.publicKey.subarray(1)), RangeError);
  });

  it('is not read with a key that is no point of the curve', async () => {
    const publicKey = Uint8Array.from(GATE_KEY.publicKey, (byte, place) => (place === 64 ? byte ^ 1 : byte));
    const reader = { publicKey, device: 'oem-a/s', registry: 'calibration:00', lastCounter: 0, now: null };
    await assert.rejects(checkTicket(new Uint8Array(10), reader), RangeError);
  });

  describe('in the published vectors', () => {
    let made: Vectors;

    before(async () => {
      made = await vectors();
      if (process.env['TRACECAL_WRITE_DOCS'] === '1') {
        writeFileSync(VECTORS, `${JSON.stringify(made, null, 2)}\n`);
      }
    });

    it('has the bytes and answers that are published', () => {
      assert.deepEqual(JSON.parse(readFileSync(VECTORS, 'utf8')), made);
    });

    it('gets every answer there is, and every vector the answer in its name', () => {
      const answers = new Set(made.vectors.map(({ answer }) => answer));
      assert.deepEqual([...answers].sort(), ['accepted', ...Object.keys(TICKET_REFUSALS)].sort());
      const wrong = made.vectors.filter((vector) => !expected(vector).includes(vector.answer));
      assert.deepEqual(
        wrong.map(({ name, answer }) => `${name}: ${answer}`),
        [],
      );
    });
  });

  describe('in the reader in C', function () {
    // Compilers and checkers of memory take their time on a busy machine.
    this.timeout(300_000);
    let reader: ReaderInC | undefined;

    before(() => {
      reader = readerInC();
    });

    it('gets the answers of the vectors, without a complaint of the compiler', async function () {
      if (!reader) {
        return this.skip();
      }
      assert.equal(reader.complaints, '');
      const { vectors: all } = await vectors();
      const questions = all.map(({ ticket, lastCounter, now }) => ({
        ticket: Buffer.from(ticket, 'hex'),
        reader: { ...READER, lastCounter, now },
      }));
      assert.deepEqual(
        reader.answers(questions),
        all.map(({ answer }) => answer),
      );
    });

    it('gets the same answer as here after any change: 2,000 of them', async function () {
      if (!reader) {
        return this.skip();
      }
      const random = new Random(runSeed);
      const tickets: Uint8Array[] = [];
      for (let count = 0; count < 2000; count += 1) {
        tickets.push(await changed(random));
      }
      const here = await Promise.all(tickets.map((ticket) => answerOf(ticket)));
      const there = reader.answers(tickets.map((ticket) => ({ ticket, reader: READER })));
      const different = tickets.flatMap((ticket, index) =>
        here[index] === there[index] ? [] : [`${hex(ticket)}: here ${here[index] ?? ''}, in C ${there[index] ?? ''}`],
      );
      assert.deepEqual(different, []);
      assert.ok(new Set(here).size >= 3, 'the changes reach further than the form');
    });
  });

  describe('takes its number from a memory', () => {
    const keyId = ticketKeyId(GATE_KEY.publicKey);

    it('that rises, also in another process and after a power failure', async () => {
      const folder = join(temporaryFolder(), 'tickets');
      assert.equal(await new TicketCounter(folder).next(keyId, 100), 1);
      assert.equal(await new TicketCounter(folder).next(keyId, 100), 2);
      assert.equal(await new TicketCounter(folder).next(keyId, 101), 3);
    });

    it('that is refused if it is damaged, of another key, or from later than the clock says', async () => {
      const folder = join(temporaryFolder(), 'tickets');
      const counter = new TicketCounter(folder);
      await counter.next(keyId, 100);
      assert.equal(await codeOf(counter.next(ticketKeyId(OTHER_KEY.publicKey), 101)), 'TICKET_COUNTER_INVALID');
      assert.equal(await codeOf(counter.next(keyId, 99)), 'TICKET_COUNTER_INVALID');
      const file = join(folder, 'counter.json');
      const kept = readFileSync(file, 'utf8');
      for (const damaged of ['', '{}', kept.replace('"counter":1', '"counter":-1'), kept.slice(0, -5)]) {
        writeFileSync(file, damaged);
        assert.equal(await codeOf(counter.next(keyId, 101)), 'TICKET_COUNTER_INVALID');
      }
      writeFileSync(file, kept);
      assert.equal(await counter.next(keyId, 101), 2);
    });

    it('that one process at a time uses', async () => {
      const folder = join(temporaryFolder(), 'tickets');
      const numbers = await Promise.allSettled([1, 2, 3, 4].map(() => new TicketCounter(folder).next(keyId, 100)));
      const given = numbers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      assert.deepEqual(given, [...new Set(given)]);
      assert.ok(given.length > 0);
      for (const each of numbers) {
        assert.ok(each.status === 'fulfilled' || (each.reason as TraceCalError).code === 'TICKET_COUNTER_IN_USE');
      }
    });

    it('that is not left locked by a process that has ended', async () => {
      const folder = join(temporaryFolder(), 'tickets');
      mkdirSync(folder);
      writeFileSync(join(folder, 'lock'), '999999999 -');
      assert.equal(await new TicketCounter(folder).next(keyId, 100), 1);
      assert.ok(!existsSync(join(folder, 'lock')));
    });
  });

  it('is signed by a key in memory with a low s', async () => {
    const key = memoryKey(createPrivateKey({ key: GATE_KEY.jwk(), format: 'jwk' }));
    const { toBeSigned } = await unsignedTicket(contentWith());
    for (let round = 0; round < 16; round += 1) {
      const signature = await key.sign(toBeSigned);
      assert.ok(signature.length === 64 && (signature[32] ?? 255) < 0x80);
    }
  });
});

/** What the name of a vector promises. */
function expected({ name }: Vector): readonly string[] {
  const promised: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^(a good|the highest|the counter at|ended, and)/, ['accepted']],
    [/^ended in/, ['ended']],
    [/^a counter/, ['replayed']],
    [/^(another device|a device whose)/, ['other-device']],
    [/^another registry/, ['other-registry']],
    [/^(another key, which says|another bit in the key id)/, ['other-key']],
    [/^(another key, which claims|a high s|a signature of zeros|another counter)/, ['signature']],
    [/^another bit in the (signature|registry|digest|end)/, ['signature']],
    [/^another bit in the device/, ['signature']],
    [/./, ['malformed']],
  ];
  return promised.find(([pattern]) => pattern.test(name))?.[1] ?? [];
}

/** A ticket with a few changes: of its bytes, or of its parts before they are signed, so that the signature is good. */
async function changed(random: Random): Promise<Uint8Array> {
  const device = random.chance(0.7) ? DEVICE : 'oem-a/x';
  const counter = random.chance(0.5) ? random.between(1, 30) : random.between(1, 2 ** 40);
  const end = random.chance(0.5) ? random.between(1, 300) : random.between(1_899_990_000, 1_900_010_000);
  const content = contentWith({ device, counter, end });
  const { protectedHeader, payload } = await unsignedTicket(content);
  switch (random.between(0, 3)) {
    case 0:
      return signedTicket({ device, counter, end }, random.chance(0.9) ? GATE_KEY : OTHER_KEY);
    case 1:
      return signedParts(protectedHeader, disturbed(payload, random));
    case 2:
      return signedParts(disturbed(protectedHeader, random), payload);
    default:
      return disturbed(await signedTicket({ device, counter, end }), random);
  }
}

function disturbed(bytes: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  for (let changes = random.between(1, 2); changes > 0; changes -= 1) {
    const at = random.between(0, Math.max(0, result.length - 1));
    const before = result.subarray(0, at);
    const byte = Buffer.of(
      random.chance(0.5) ? random.between(0, 255) : (result[at] ?? 0) ^ (1 << random.between(0, 7)),
    );
    const ways = [
      () => Buffer.concat([before, byte, result.subarray(at + 1)]),
      () => Buffer.concat([before, byte, result.subarray(at)]),
      () => Buffer.concat([before, result.subarray(at + 1)]),
      () => Buffer.concat([before, result.subarray(at + random.between(1, 9))]),
      () => (random.chance(0.2) ? before : Buffer.concat([before, byte, byte, result.subarray(at + 2)])),
    ];
    result = (ways[random.between(0, ways.length - 1)] ?? (() => result))();
  }
  return result;
}
