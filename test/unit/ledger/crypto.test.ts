import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import * as node from '@tracecal/ledger/crypto';
import { inBrowser } from '../../support/browser.js';

type Crypto = typeof node;

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

describe('The cryptography of ledgers', () => {
  const browser = inBrowser("export * from '@tracecal/ledger/crypto';") as Crypto;
  const message = Buffer.from('a block');
  const elliptic = (['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1'] as const).map(
    (namedCurve) => [namedCurve, generateKeyPairSync('ec', { namedCurve })] as const,
  );
  const edwards = generateKeyPairSync('ed25519');

  function agree<T>(ask: (crypto: Crypto) => T): T | 'refused' {
    const answer = (crypto: Crypto) => {
      try {
        return ask(crypto);
      } catch {
        return 'refused' as const;
      }
    };
    const said = answer(node);
    assert.deepEqual(answer(browser), said);
    return said;
  }

  const verifies = (key: Uint8Array, hash: node.HashName | undefined, signature: Uint8Array, text = message) =>
    agree((crypto) => crypto.readPublicKey(key).verify(hash, text, signature));

  it('has one SHA-256', () => {
    const digest = createHash('sha256').update('ab').digest('hex');
    const parts = [Buffer.from('a'), Buffer.from('b')];
    assert.equal(
      agree((crypto) => Buffer.from(crypto.sha256(...parts)).toString('hex')),
      digest,
    );
  });

  for (const [name, { publicKey, privateKey }] of elliptic) {
    it(`verifies ECDSA on ${name} with the hash that was signed, and nothing near it`, () => {
      const key = spki(publicKey);
      assert.equal(
        agree((crypto) => crypto.readPublicKey(key).type),
        name,
      );
      for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
        const signature = sign(hash, message, privateKey);
        assert.equal(verifies(key, hash, signature), true);
        assert.equal(verifies(key, hash, signature, Buffer.from('another block')), false);
        assert.equal(verifies(key, hash === 'sha256' ? 'sha384' : 'sha256', signature), false);
        // What says that it was signed with Ed25519 has no hash.
        assert.equal(verifies(key, undefined, signature), false);
        const wrongs = [
          signature.subarray(0, -1),
          Buffer.concat([signature, Buffer.of(0)]),
          Buffer.alloc(0),
          Buffer.from('3006020100020100', 'hex'),
          Buffer.from('3006020101020180', 'hex'),
          Buffer.from('300702020001020101', 'hex'),
          sign(hash, message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
        ];
        for (const wrong of wrongs) assert.equal(verifies(key, hash, wrong), false, wrong.toString('hex'));
      }
    });

    it(`refuses points that are not on ${name}`, () => {
      const key = spki(publicKey);
      const last = key.length - 1;
      const off = Buffer.from(key);
      off[last] = (off[last] ?? 0) ^ 1;
      assert.equal(
        agree((crypto) => crypto.readPublicKey(off).type),
        'refused',
      );
    });
  }

  it('verifies Ed25519 without a hash, and nothing near it', () => {
    const key = spki(edwards.publicKey);
    const signature = sign(null, message, edwards.privateKey);
    assert.equal(verifies(key, undefined, signature), true);
    assert.equal(verifies(key, undefined, signature, Buffer.from('another block')), false);
    assert.equal(verifies(key, 'sha256', signature), false);
    assert.equal(verifies(key, undefined, signature.subarray(1)), false);
    assert.equal(verifies(key, undefined, Buffer.alloc(64, 0xff)), false);
  });

  it('verifies RSA in both paddings, and nothing near it', () => {
    for (const modulusLength of [1024, 1025, 2048, 3071]) {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent: 65_537 });
      const key = spki(publicKey);
      const takes = (hash: node.HashName, signature: Uint8Array, isPss: boolean) =>
        agree((crypto) => crypto.readPublicKey(key).verify(hash, message, signature, isPss));
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      for (const [hash, saltLength] of [
        ['sha256', 32],
        ['sha384', 48],
        ['sha1', 20],
      ] as const) {
        const plain = sign(hash, message, privateKey);
        const pss = sign(hash, message, { key: privateKey, padding, saltLength });
        assert.deepEqual([takes(hash, plain, false), takes(hash, pss, true)], [true, true], `${modulusLength} ${hash}`);
        assert.deepEqual([takes(hash, plain, true), takes(hash, pss, false)], [false, false]);
        assert.equal(takes(hash, sign(hash, message, { key: privateKey, padding, saltLength: 8 }), true), false);
        assert.equal(takes('sha512', plain, false), false);
        for (const wrong of [
          plain.subarray(1),
          Buffer.concat([Buffer.of(0), plain]),
          Buffer.alloc(plain.length, 0xff),
        ]) {
          assert.deepEqual([takes(hash, wrong, false), takes(hash, wrong, true)], [false, false]);
        }
      }
    }
    const short = generateKeyPairSync('rsa', { modulusLength: 1023 });
    assert.equal(verifies(spki(short.publicKey), 'sha256', sign('sha256', message, short.privateKey)), false);
  });

  it('knows keys by their bytes, and takes no signature of a kind that Fabric does not know', () => {
    const [one, other] = [spki(edwards.publicKey), spki(elliptic[0]![1].publicKey)];
    for (const [left, right, same] of [
      [one, Buffer.from(one), true],
      [one, other, false],
    ] as const) {
      assert.equal(
        agree((crypto) => crypto.readPublicKey(left).equals(crypto.readPublicKey(right))),
        same,
      );
    }
    const foreign = spki(generateKeyPairSync('x25519').publicKey);
    assert.equal(
      agree((crypto) => crypto.readPublicKey(foreign).type),
      'unsupported',
    );
    assert.equal(verifies(foreign, 'sha256', Buffer.alloc(64)), false);
    assert.equal(
      agree((crypto) => crypto.readPublicKey(Buffer.from('garbage')).type),
      'refused',
    );
  });
});
