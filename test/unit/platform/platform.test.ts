import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import * as node from '@tracecal/core/platform';
import * as browser from '@tracecal/core/platform/browser';
import { compareBytes } from '@tracecal/core/platform/bytes';
import { rawSignature } from '@tracecal/core/signing';
import fc from 'fast-check';
import { property } from '../../support/property.js';

type Platform = typeof node;

/** What a platform answers, or that it refuses: bytes in one form, whatever class they have. */
function answer(platform: Platform, ask: (platform: Platform) => unknown): unknown {
  try {
    const said = ask(platform);
    return said instanceof Uint8Array ? [...said] : said;
  } catch {
    return 'refused';
  }
}

function agree(ask: (platform: Platform) => unknown): unknown {
  const said = answer(node, ask);
  assert.deepEqual(answer(browser, ask), said);
  return said;
}

const bytes = (maxLength = 300) => fc.uint8Array({ maxLength });
const anyText = fc.string({ unit: 'binary', maxLength: 200 });
/** Texts near those that are meant: of the alphabet, or almost. */
const digits = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet.split('')), maxLength: 40 });
const HEX = '0123456789abcdefABCDEFg';
const BASE64 = 'ABCDwxyz0189+/==-_ \n';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;

function coordinate(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

describe('Node and a browser agree', () => {
  it('on SHA-256 over bytes and texts', () => {
    property(fc.array(fc.oneof(bytes(), anyText), { maxLength: 4 }), (parts) => {
      const whole = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
      assert.equal(
        agree((platform) => platform.sha256(...parts)),
        createHash('sha256').update(whole).digest('hex'),
      );
    });
  });

  it('on UTF-8, whole and broken', () => {
    property(anyText, (text) => {
      const encoded = Buffer.from(text);
      assert.deepEqual(
        agree((platform) => platform.utf8Bytes(text)),
        [...encoded],
      );
      assert.equal(
        agree((platform) => platform.utf8Text(encoded)),
        text,
      );
    });
    property(bytes(12), (some) => void agree((platform) => platform.utf8Text(some)));
    for (const broken of ['c080', 'eda080', 'f4908080', 'f09f98', '80', 'ff']) {
      assert.equal(
        agree((platform) => platform.utf8Text(Buffer.from(broken, 'hex'))),
        undefined,
        broken,
      );
    }
    // A byte order mark is a character like any other; a lone surrogate has no bytes.
    assert.equal(
      agree((platform) => platform.utf8Text(Buffer.from('efbbbf41', 'hex'))),
      '\ufeffA',
    );
    agree((platform) => platform.utf8Bytes('\ud800'));
    agree((platform) => platform.sha256('a\udc00'));
  });

  it('on Latin-1', () => {
    property(bytes(), (some) => {
      assert.equal(
        agree((platform) => platform.latin1Text(some)),
        Buffer.from(some).toString('latin1'),
      );
    });
  });

  it('on hexadecimal digits, and on what is near them', () => {
    property(bytes(), (some) => {
      const text = agree((platform) => platform.hexText(some));
      assert.deepEqual(
        agree((platform) => platform.hexBytes(String(text))),
        [...some],
      );
    });
    property(digits(HEX), (text) => void agree((platform) => platform.hexBytes(text)));
    property(anyText, (text) => void agree((platform) => platform.hexBytes(text)));
  });

  it('on base64 and base64url, and on what is near them', () => {
    property(bytes(), (some) => {
      const text = Buffer.from(some).toString('base64');
      assert.deepEqual(
        agree((platform) => platform.base64Bytes(text)),
        [...some],
      );
      const url = Buffer.from(some).toString('base64url');
      assert.equal(
        agree((platform) => platform.base64urlText(some)),
        url,
      );
      assert.deepEqual(
        agree((platform) => platform.base64urlBytes(url)),
        [...some],
      );
    });
    for (const texts of [digits(BASE64), anyText]) {
      property(texts, (text) => {
        agree((platform) => platform.base64Bytes(text));
        agree((platform) => platform.base64urlBytes(text));
      });
    }
  });

  it('that a text is base64 only if it is the one encoding of its bytes', () => {
    for (const text of ['QQ', 'QQ=', 'QR==', 'QQ==\n', ' QQ==', 'QQ==QQ==', 'Q', '-_==', 'é']) {
      assert.equal(
        agree((platform) => platform.base64Bytes(text)),
        undefined,
        text,
      );
    }
    for (const text of ['QQ==', 'QR', 'Q', 'QUE=', 'QUF', '+/8', 'QQ\n', 'QUFBQ', 'é']) {
      assert.equal(
        agree((platform) => platform.base64urlBytes(text)),
        undefined,
        text,
      );
    }
    assert.deepEqual(
      agree((platform) => platform.base64Bytes('')),
      [],
    );
    assert.deepEqual(
      agree((platform) => platform.base64urlBytes('')),
      [],
    );
  });
});

describe('Node and a browser agree on signatures', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const info = pair.publicKey.export({ format: 'der', type: 'spki' });
  const head = info.subarray(0, -64);

  const verifies = (message: Uint8Array, signature: Uint8Array, key: Uint8Array = info) =>
    agree((platform) => platform.p256Key(key).verifies(message, signature));
  const signed = (message: Uint8Array) => sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });

  it('that are valid, with either s, and on none of another message, key or byte', () => {
    fc.assert(
      fc.property(bytes(), fc.nat(63), fc.integer({ min: 1, max: 255 }), (message, place, change) => {
        const signature = signed(message);
        const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
        assert.equal(verifies(message, signature), true);
        assert.equal(verifies(message, Buffer.concat([signature.subarray(0, 32), coordinate(ORDER - s)])), true);
        assert.equal(verifies(Buffer.concat([message, Buffer.of(0)]), signature), false);
        assert.equal(verifies(message, signature, other.publicKey.export({ format: 'der', type: 'spki' })), false);
        const changed = Uint8Array.from(signature, (byte, index) => (index === place ? byte ^ change : byte));
        assert.equal(verifies(message, changed), false);
      }),
      { numRuns: 20 },
    );
  });

  it('whose numbers are at the ends of their range, or beyond', () => {
    const message = Buffer.from('20.05 °C');
    const signature = signed(message);
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
    for (const number of [0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, PRIME, 2n ** 256n - 1n].map(coordinate)) {
      assert.equal(verifies(message, Buffer.concat([number, s])), false);
      assert.equal(verifies(message, Buffer.concat([r, number])), false);
      assert.equal(verifies(message, Buffer.concat([number, number])), false);
    }
  });

  it('that are not of 64 bytes, such as those in DER', () => {
    const message = Buffer.from('DER');
    const der = sign('sha256', message, pair.privateKey);
    assert.equal(verifies(message, der), false);
    assert.equal(verifies(message, rawSignature(der)), true);
    for (const wrong of [
      Buffer.alloc(0),
      signed(message).subarray(1),
      Buffer.concat([signed(message), Buffer.of(0)]),
    ]) {
      assert.equal(verifies(message, wrong), false);
    }
  });

  it('of keys that are not points on the curve in the one form: they are refused', () => {
    const { x = '' } = pair.publicKey.export({ format: 'jwk' });
    const [own, odd] = [Buffer.from(x, 'base64url'), info.subarray(-32)];
    const points = [
      Buffer.alloc(64),
      Buffer.alloc(64, 7),
      Buffer.concat([own, own]),
      Buffer.concat([odd, own]),
      Buffer.concat([coordinate(PRIME), odd]),
      Buffer.concat([own, coordinate(PRIME)]),
      Buffer.alloc(64, 0xff),
    ];
    const compressed = Buffer.concat([Buffer.of(2 + ((odd[31] ?? 0) & 1)), own]);
    const elsewhere = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    const forms = [
      ...points.map((point) => Buffer.concat([head, point])),
      Buffer.alloc(0),
      info.subarray(1),
      Buffer.concat([info, Buffer.of(0)]),
      compressed,
      elsewhere.export({ format: 'der', type: 'spki' }),
    ];
    for (const form of forms) {
      assert.equal(
        agree((platform) => typeof platform.p256Key(form)),
        'refused',
        form.toString('hex'),
      );
    }
  });

  it('of keys with random coordinates', () => {
    property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (point) => {
      agree((platform) => typeof platform.p256Key(Buffer.concat([head, point])));
    });
  });
});

describe('Bytes', () => {
  it('come in the order of the first that differ, and the shorter ones before what continues them', () => {
    const few = fc.uint8Array({ maxLength: 4, max: 2 });
    property(fc.tuple(few, few), ([left, right]) => {
      assert.equal(Math.sign(compareBytes(left, right)), Buffer.compare(left, right));
    });
  });
});
