import assert from 'node:assert/strict';
import {
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Disclosure } from '@tracecal/core/model';
import { sealResults } from '@tracecal/core/signing';
import {
  bodyText,
  disclosuresOf,
  encryptBody,
  forFurtherReaders,
  isEncryptedWith,
  newContentKey,
  newReaderKey,
  openBody,
  publicReaderKey,
  readBody,
  readerKeyId,
  readersOf,
  TraceCalError,
} from '@tracecal/gateway-client';
import type { EncryptedBody } from '@tracecal/gateway-client';
import { temperatureResult } from '../../support/hierarchy.js';

const SECRET = '20.017364';

describe('The body of a confidential report', () => {
  const alpha = newReaderKey();
  const beta = newReaderKey();
  const rival = newReaderKey();
  const contentKey = newContentKey();
  let disclosures: readonly Disclosure[];
  let body: EncryptedBody;

  const publicKeys = (...keys: readonly KeyObject[]) => keys.map(publicReaderKey);

  before(async () => {
    const result = { ...temperatureResult(0.02), name: SECRET };
    const sealed = [sealResults([result], () => randomBytes(32).toString('base64url'))];
    const about = { registry: `calibration:${'0'.repeat(64)}`, report: 'lab-alpha/r-1', digest: '0'.repeat(64) };
    disclosures = disclosuresOf({ ...about, sealed });
    body = await encryptBody(disclosures, contentKey, publicKeys(alpha));
  });

  async function refused(changed: EncryptedBody, code: string, ...keys: readonly KeyObject[]): Promise<void> {
    await assert.rejects(openBody(changed, keys), (error: Error) => {
      assert.ok(error instanceof TraceCalError, error.message);
      assert.equal(error.code, code);
      assert.ok(!`${error.message} ${String(error.cause)}`.includes(SECRET));
      return true;
    });
  }

  it('is read by its readers alone', async () => {
    assert.deepEqual(await openBody(readBody(bodyText(body)), [rival, alpha]), disclosures);
    assert.ok(!bodyText(body).includes(SECRET));
    await refused(body, 'NOT_A_READER', rival, beta);
    await refused(body, 'NOT_A_READER');
  });

  it('gets further readers without being encrypted again', async () => {
    const both = await forFurtherReaders(body, contentKey, publicKeys(beta, alpha));
    assert.deepEqual({ ...both, recipients: [] }, { ...body, recipients: [] });
    assert.deepEqual(readersOf(both), publicKeys(alpha, beta).map(readerKeyId));
    assert.deepEqual(both.recipients[0], body.recipients[0], 'the first reader keeps its key as it is');
    assert.deepEqual(await openBody(both, [beta]), disclosures);
    assert.deepEqual(await openBody(both, [alpha]), disclosures);
  });

  it('is a JWE as RFC 7516 and RFC 7518 describe it', async () => {
    const both = await forFurtherReaders(body, contentKey, publicKeys(beta));
    const recipient = both.recipients[1];
    assert.ok(recipient);
    const { alg, epk } = recipient.header;
    const publicKey = createPublicKey({ key: { ...epk }, format: 'jwk' });
    const shared = diffieHellman({ privateKey: beta, publicKey });
    const wrapping = concatKdf(shared, alg);
    const unwrap = createDecipheriv('id-aes256-wrap', wrapping, Buffer.alloc(8, 0xa6));
    const key = Buffer.concat([unwrap.update(Buffer.from(recipient.encrypted_key, 'base64url')), unwrap.final()]);
    assert.ok(key.equals(contentKey));
    const open = createDecipheriv('aes-256-gcm', key, Buffer.from(both.iv, 'base64url'))
      .setAAD(Buffer.from(both.protected))
      .setAuthTag(Buffer.from(both.tag, 'base64url'));
    const text = Buffer.concat([open.update(Buffer.from(both.ciphertext, 'base64url')), open.final()]).toString();
    assert.deepEqual(JSON.parse(text), { type: 'tracecal-body/1', disclosures });
    assert.deepEqual(JSON.parse(Buffer.from(both.protected, 'base64url').toString()), {
      enc: 'A256GCM',
      typ: 'tracecal-body/1',
    });
  });

  it('does not open after any change, and says nothing of its content', async () => {
    const other = await encryptBody(disclosures, newContentKey(), publicKeys(alpha));
    const turned = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
    const [own] = body.recipients;
    const [strange] = other.recipients;
    assert.ok(own && strange);
    const changes: readonly EncryptedBody[] = [
      { ...body, ciphertext: turned(body.ciphertext) },
      { ...body, iv: other.iv },
      { ...body, tag: other.tag },
      { ...body, recipients: other.recipients },
      { ...body, recipients: [{ ...own, encrypted_key: strange.encrypted_key }] },
      { ...body, recipients: [{ ...own, header: { ...own.header, epk: publicReaderKey(rival) } }] },
      {
        ...body,
        recipients: [{ ...own, header: { ...own.header, epk: { ...own.header.epk, x: 'A'.repeat(43) } } }],
      },
    ];
    for (const changed of changes) await refused(changed, 'BODY_INVALID', alpha);
    const stolen = { ...own, header: { ...own.header, kid: readerKeyId(publicReaderKey(rival)) } };
    await refused({ ...body, recipients: [stolen] }, 'BODY_INVALID', rival);
    assert.ok(isEncryptedWith(body, contentKey) && !isEncryptedWith(body, newContentKey()));
  });

  it('is refused with other algorithms, compression, or more than a body has', () => {
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [own] = body.recipients;
    assert.ok(own);
    const changes: readonly object[] = [
      { ...body, protected: header({ enc: 'A256GCM', zip: 'DEF' }) },
      { ...body, protected: header({ enc: 'A128CBC-HS256' }) },
      { ...body, recipients: [{ ...own, header: { ...own.header, alg: 'ECDH-ES' } }] },
      { ...body, recipients: [] },
      { ...body, unprotected: {} },
      { ...body, recipients: Array.from({ length: 65 }, () => own) },
    ];
    for (const changed of changes) assert.throws(() => readBody(JSON.stringify(changed)), /encrypted body/);
  });

  it('is about one report, and encrypted to points of the curve alone', async () => {
    const [one] = disclosures;
    assert.ok(one);
    const two = [one, { ...one, report: 'lab-alpha/r-2', digest: '1'.repeat(64) }];
    await assert.rejects(encryptBody(two, contentKey, publicKeys(alpha)), /about one report/);
    const astray = { ...publicReaderKey(alpha), x: 'A'.repeat(43) };
    await assert.rejects(encryptBody(disclosures, contentKey, [astray]));
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    assert.equal(readerKeyId(publicReaderKey(publicKey)).length, 43);
  });
});

/** The key that wraps another one, by RFC 7518, section 4.6.2: one round of SHA-256. */
function concatKdf(shared: Buffer, algorithm: string): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const other = [number(algorithm.length), Buffer.from(algorithm), number(0), number(0), number(256)];
  return createHash('sha256')
    .update(Buffer.concat([number(1), shared, ...other]))
    .digest();
}
