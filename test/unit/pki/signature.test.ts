import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { generateKeyPair, isLowS, privateKeyPem, readPrivateKey, readPublicKey, signLowS, toLowS } from '@tracecal/pki';
import { property } from '../../support/property.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that verifies for the same message: S replaced by order minus S. */
function mirrored(signature: Uint8Array): Uint8Array {
  const rLength = signature[3]!;
  const s = BigInt(`0x${Buffer.from(signature.subarray(6 + rLength)).toString('hex')}`);
  const digits = (ORDER - s).toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  const integer = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  const body = Buffer.concat([signature.subarray(2, 4 + rLength), Buffer.from([2, integer.length]), integer]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

describe('A signature of the network', () => {
  const keys = generateKeyPair();

  it('verifies, is low-S, and equals its normalised high-S form', () => {
    property(fc.uint8Array({ maxLength: 200 }), (message) => {
      const signature = signLowS(keys.privateKey, message);
      assert.ok(verify('sha256', message, keys.publicKey, signature));
      assert.ok(isLowS(signature));
      const other = mirrored(signature);
      assert.ok(verify('sha256', message, keys.publicKey, other));
      assert.ok(!isLowS(other));
      assert.deepEqual(Buffer.from(toLowS(other)), Buffer.from(signature));
    });
  });

  it('is refused when it is not the one DER form of an ECDSA signature', () => {
    const good = Buffer.from(signLowS(keys.privateKey, Buffer.from('x')));
    const bad = [
      Buffer.alloc(0),
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.from([0])]),
      Buffer.from('3006020100020101', 'hex'),
      Buffer.from('3006020101020100', 'hex'),
      Buffer.from('300702020001020101', 'hex'),
      Buffer.from('3006020181020101', 'hex'),
      Buffer.from('30060201010201', 'hex'),
    ];
    for (const signature of bad) {
      assert.ok(!isLowS(signature), signature.toString('hex'));
      assert.throws(() => toLowS(signature), { code: 'SIGNATURE_MALFORMED' }, signature.toString('hex'));
    }
  });
});

describe('A key', () => {
  const { publicKey, privateKey } = generateKeyPair();

  it('is read from every usual form of a public key', () => {
    const forms = [
      publicKey,
      privateKey,
      publicKey.export({ format: 'jwk' }),
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    ];
    for (const form of forms) assert.ok(readPublicKey(form).equals(publicKey));
  });

  it('survives being written and read again', () => {
    assert.ok(createPublicKey(readPrivateKey(privateKeyPem(privateKey))).equals(publicKey));
  });

  it('of another curve or kind, or no key at all, is refused without repeating it', () => {
    const p384 = { kty: 'EC', crv: 'P-384' };
    assert.throws(() => readPublicKey(p384), { code: 'KEY_UNSUPPORTED' });
    assert.throws(
      () => readPrivateKey('SECRET'),
      (error: Error) => !error.message.includes('SECRET'),
    );
    assert.throws(() => readPublicKey(new Uint8Array([1, 2, 3])), { code: 'KEY_UNSUPPORTED' });
  });
});
