import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Jws } from '@tracecal/core/model';
import { p256Key } from '@tracecal/core/platform';
import { isLowSDer, verifyP256, withLowS } from '@tracecal/core/signing';
import type { P256Key } from '@tracecal/core/signing';
import { requireSharedData } from '../../support/sharedData.js';

interface Wycheproof<Group> {
  readonly testGroups: readonly Group[];
}
interface EcdsaGroup {
  readonly publicKeyPem: string;
  readonly tests: readonly { tcId: number; msg: string; sig: string; result: 'valid' | 'invalid' | 'acceptable' }[];
}
interface JwsGroup {
  readonly comment: string;
  readonly public?: JsonWebKey & { alg?: string };
  readonly private?: JsonWebKey & { alg?: string };
  readonly tests: readonly { tcId: number; comment: string; jws: unknown; result: 'valid' | 'invalid' }[];
}

const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('ECDSA P-256 signatures on the vectors of Wycheproof', () => {
  it('accepts exactly the valid 64-byte signatures whose s is low', function () {
    const path = requireSharedData(this, 'vectors', 'wycheproof', 'ecdsa_secp256r1_sha256_p1363_test.json');
    let accepted = 0;
    for (const { publicKeyPem, tests } of (read(path) as Wycheproof<EcdsaGroup>).testGroups) {
      const key = keyOf(createPublicKey(publicKeyPem));
      for (const { tcId, msg, sig, result } of tests) {
        const low = sig.length === 128 && BigInt(`0x${sig.slice(64)}`) <= HALF_ORDER;
        const verified = verifyP256(key, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex'));
        assert.equal(verified, result === 'valid' && low, `test case ${tcId}`);
        accepted += verified ? 1 : 0;
      }
    }
    assert.ok(accepted > 20);
  });

  it('recognises a low s in DER, and malformed DER as unacceptable', function () {
    const path = requireSharedData(this, 'vectors', 'wycheproof', 'ecdsa_secp256r1_sha256_test.json');
    let low = 0;
    for (const { tests } of (read(path) as Wycheproof<EcdsaGroup>).testGroups) {
      for (const { tcId, sig, result } of tests.filter(({ result: outcome }) => outcome === 'valid')) {
        // A valid DER signature: 30 len 02 len r 02 len s.
        const bytes = Buffer.from(sig, 'hex');
        const s = bytes.subarray(4 + (bytes[3] ?? 0) + 2);
        const expected = BigInt(`0x${s.toString('hex')}`) <= HALF_ORDER;
        assert.equal(isLowSDer(bytes), expected, `test case ${tcId} (${result})`);
        low += expected ? 1 : 0;
      }
    }
    assert.ok(low > 20);
  });
});

describe('JWS signatures on the vectors of Wycheproof and RFC 7515', () => {
  // Which key may sign what is said by the certification chain here (keyUsage), not by a JWK.
  const aboutJwkUse = new Set(['ec_key_for_encryption']);

  it('verifies exactly the valid ES256 signatures whose s is low', function () {
    const path = requireSharedData(this, 'vectors', 'wycheproof', 'json_web_signature_test.json');
    const verdicts = (read(path) as Wycheproof<JwsGroup>).testGroups
      .filter(({ comment }) => !aboutJwkUse.has(comment))
      .flatMap((group) => {
        const jwk = group.public ?? group.private;
        return jwk?.crv === 'P-256' ? group.tests.map((test) => ({ ...test, jwk })) : [];
      })
      .map(({ tcId, jws, result, jwk }) => {
        const text = typeof jws === 'string' ? jws : '';
        const expected = result === 'valid' && BigInt(`0x${signatureOf(text).toString('hex').slice(64)}`) <= HALF_ORDER;
        assert.equal(
          verifyCompact(text, keyOf(createPublicKey({ key: jwk, format: 'jwk' }))),
          expected,
          `test case ${tcId}`,
        );
        return expected;
      });
    assert.ok(verdicts.length > 10 && verdicts.includes(true));
  });

  it('verifies the ES256 examples of RFC 7515, appendices A.3 and A.6, and nothing near them', function () {
    const path = requireSharedData(this, 'vectors', 'rfc7515', 'appendix-a.json');
    const { es256_jwk: jwk, a3_compact: compact, a6_general: general } = read(path) as Rfc7515;
    const key = keyOf(createPublicKey({ key: jwk, format: 'jwk' }));
    const second = general.signatures[1];
    assert.ok(second);
    const low = BigInt(`0x${signatureOf(compact).toString('hex').slice(64)}`) <= HALF_ORDER;
    assert.equal(verifyCompact(compact, key), low);
    assert.equal(verifyCompact(`${second.protected}.${general.payload}.${second.signature}`, key), low);
    const lowS = Buffer.from(withLowS(signatureOf(compact))).toString('base64url');
    const normalised = [...compact.split('.').slice(0, 2), lowS].join('.');
    assert.equal(verifyCompact(normalised, key), true);
    assert.equal(verifyCompact(normalised.replace('.eyJ', '.eyK'), key), false);
  });
});

interface Rfc7515 {
  readonly es256_jwk: JsonWebKey;
  readonly a3_compact: string;
  readonly a6_general: Jws;
}

function keyOf(key: KeyObject): P256Key {
  return p256Key(key.export({ format: 'der', type: 'spki' }));
}

function signatureOf(compact: string): Buffer {
  return Buffer.from(compact.split('.')[2] ?? '', 'base64url');
}

function verifyCompact(compact: string, key: P256Key): boolean {
  const [header = '', payload = '', , ...rest] = compact.split('.');
  return rest.length === 0 && verifyP256(key, Buffer.from(`${header}.${payload}`), signatureOf(compact));
}
