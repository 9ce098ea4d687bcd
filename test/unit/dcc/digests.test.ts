import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectBytes, matchDigest, readProcedure } from '@tracecal/gateway-client/dcc';
import type { StatedDigest } from '@tracecal/gateway-client/dcc';
import { requireSharedData } from '../../support/sharedData.js';

const ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512'] as const;

/** A file whose forms all differ, with each of them written by hand. */
const BODY = '<b:y xmlns:b="urn:b" z="1" a="2">é &lt;</b:y>';
const SIGNATURE = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature>';
const HEAD = '<?xml version="1.0"?>\n';

function file(signature: string): string {
  return `${HEAD}<r xmlns="urn:r"  xmlns:unused="urn:u" xml:lang='en'><!-- c --><e/>${BODY}${signature}</r>\n`;
}

const CANONICAL_BODY = '<b:y xmlns:b="urn:b" a="2" z="1">é &lt;</b:y>';
const CANONICAL_SIGNATURE =
  '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo></ds:SignedInfo></ds:Signature>';

const inclusive = (signature: string) =>
  `<r xmlns="urn:r" xmlns:unused="urn:u" xml:lang="en"><e></e>${CANONICAL_BODY}${signature}</r>`;
const exclusive = (signature: string) => `<r xmlns="urn:r" xml:lang="en"><e></e>${CANONICAL_BODY}${signature}</r>`;

const SIGNED = Buffer.from(file(SIGNATURE));

function digestOf(text: string | Uint8Array, algorithm: string, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash(algorithm.toLowerCase().replace('-', '')).update(text).digest(encoding);
}

async function outcome(bytes: Uint8Array, stated: StatedDigest): Promise<string> {
  const match = await matchDigest(bytes, stated);
  return match.kind === 'match' ? `${match.form}, signature ${match.signature}` : match.kind;
}

describe('the stated digest of a certificate', () => {
  for (const procedure of ALGORITHMS) {
    for (const [expected, meant] of [
      ['file, signature kept', file(SIGNATURE)],
      ['file, signature removed', file('')],
      ['c14n, signature kept', inclusive(CANONICAL_SIGNATURE)],
      ['c14n, signature removed', inclusive('')],
      ['exc-c14n, signature kept', exclusive(CANONICAL_SIGNATURE)],
      ['exc-c14n, signature removed', exclusive('')],
    ] as const) {
      it(`by ${procedure} over ${expected} is found without being told which bytes are meant`, async () => {
        const match = await matchDigest(SIGNED, { procedure, value: digestOf(meant, procedure) });
        assert.ok(match.kind === 'match', match.detail);
        assert.equal(`${match.form}, signature ${match.signature}`, expected);
        assert.equal(match.algorithm, procedure.toLowerCase().replace('-', ''));
      });
    }
  }

  it('may be that of canonical XML 1.1, which treats xml:id in another way than 1.0', async () => {
    // 1.0 hands xml:id on to parts of a document; for whole documents the two agree, and the first is named.
    const plain = Buffer.from('<a xml:id="i"><b/></a>');
    const value = digestOf('<a xml:id="i"><b></b></a>', 'SHA-256');
    assert.equal(
      await outcome(plain, { procedure: 'sha256 http://www.w3.org/2006/12/xml-c14n11', value }),
      'c14n, signature none',
    );
  });

  it('is compared in hex of either case, with separators, and in base64', async () => {
    const hex = digestOf(SIGNED, 'SHA-256');
    const values = [hex.toUpperCase(), hex.replaceAll(/(..)(?=.)/g, '$1:'), digestOf(SIGNED, 'SHA-256', 'base64')];
    for (const value of values) {
      assert.equal(await outcome(SIGNED, { procedure: 'SHA256', value }), 'file, signature kept');
    }
  });

  it('may name its algorithm apart from the procedure', async () => {
    const value = digestOf(exclusive(''), 'SHA-384');
    assert.equal(
      await outcome(SIGNED, { algorithm: 'SHA-384', procedure: 'exc-c14n without Signature', value }),
      'exc-c14n, signature removed',
    );
  });

  it('does not match a file with one different character', async () => {
    const other = Buffer.from(file(SIGNATURE).replace('z="1"', 'z="2"'));
    assert.equal(await outcome(other, { procedure: 'SHA256', value: digestOf(SIGNED, 'SHA-256') }), 'mismatch');
  });

  it('is never that of a file from which more than signatures was cut', async () => {
    const two = Buffer.from(`<r>${SIGNATURE}<kept></kept>${SIGNATURE}</r>`);
    const value = (text: string) => ({ procedure: 'SHA256', value: digestOf(text, 'SHA-256') });
    assert.equal(await outcome(two, value('<r></r>')), 'mismatch');
    assert.equal(await outcome(two, value('<r><kept></kept></r>')), 'c14n, signature removed');
  });

  it('does not match if only the algorithm differs', async () => {
    assert.equal(await outcome(SIGNED, { procedure: 'SHA512', value: digestOf(SIGNED, 'SHA-256') }), 'mismatch');
  });

  it('is a mismatch where its value is no digest at all', async () => {
    for (const value of ['', 'none', '00', 'ab'.repeat(31), null]) {
      const match = await matchDigest(SIGNED, { procedure: 'SHA256', value });
      assert.equal(match.kind, 'mismatch');
      assert.match(match.detail, /not 32 bytes in hex or base64/);
    }
  });

  it('of a file that is not XML is that of its bytes', async () => {
    const pdf = Buffer.from('%PDF-1.7 certificate');
    assert.equal(await outcome(pdf, { procedure: 'SHA256', value: digestOf(pdf, 'SHA-256') }), 'file, signature none');
    assert.equal(await outcome(pdf, { procedure: 'SHA256', value: digestOf('other', 'SHA-256') }), 'mismatch');
  });

  it('says nothing where the other certificate is on paper', async () => {
    for (const procedure of ['analogue', 'analog', ' Analogue ']) {
      assert.equal(await outcome(SIGNED, { procedure, value: 'analogue' }), 'analogue');
    }
  });

  it('by SHA-1 or MD5 is not compared, even if it would match', async () => {
    const value = createHash('sha1').update(SIGNED).digest('hex');
    for (const procedure of ['SHA1', 'sha-1', 'MD5', 'http://www.w3.org/2000/09/xmldsig#sha1']) {
      const match = await matchDigest(SIGNED, { procedure, value });
      assert.equal(match.kind, 'unknown');
      assert.match(match.detail, /broken/);
    }
  });

  it('by an unknown procedure stays unknown unless it matches', async () => {
    const procedure = 'SHA256 over the printed pages';
    assert.equal(await outcome(SIGNED, { procedure, value: 'ab'.repeat(32) }), 'unknown');
    assert.equal(await outcome(SIGNED, { procedure, value: digestOf(SIGNED, 'SHA-256') }), 'file, signature kept');
    for (const other of ['SHA3-256', 'SHA-512/256', 'BLAKE2b', 'D', 'none', '']) {
      assert.equal(await outcome(SIGNED, { procedure: other, value: digestOf(SIGNED, 'SHA-256') }), 'unknown', other);
    }
  });

  it('is read in the spellings that occur', () => {
    for (const text of [
      'SHA256',
      'sha-256',
      'SHA 256',
      'SHA2-256',
      'SHA-256 (c14n11)',
      'sha256, canonical XML 1.1',
      'SHA256 exclusive XML canonicalization with comments',
      'http://www.w3.org/2001/04/xmlenc#sha256',
    ]) {
      assert.deepEqual(readProcedure(text), { kind: 'digest', algorithm: 'sha256', isUnderstood: true }, text);
    }
  });

  describe('in outside certificates', () => {
    it('by SHA-512 in case c16 is computed and is a mismatch', async function () {
      const folder = requireSharedData(this, 'cases');
      const certificate = inspectBytes(readFileSync(join(folder, 'c16-sha512-mismatch.xml')), 'c16.xml');
      assert.equal(certificate.ok, true);
      const text = readFileSync(join(folder, 'c16-sha512-mismatch.xml'), 'utf8');
      const [, procedure = '', value = ''] =
        /<dcc:procedure>([^<]*)<\/dcc:procedure><dcc:value>([^<]*)<\/dcc:value>/.exec(text) ?? [];
      assert.equal(procedure, 'SHA512');
      assert.equal(
        await outcome(readFileSync(join(folder, 'c16-sha512-mismatch.xml')), { procedure, value }),
        'mismatch',
      );
      assert.equal(
        await outcome(Buffer.from(text), { procedure, value: digestOf(text, 'SHA-512') }),
        'file, signature none',
      );
    });

    it('over the signed form is that which the signature itself states', async function () {
      const folder = requireSharedData(this, 'dcc', 'signed');
      const signed = readFileSync(join(folder, 'v3.3.0__dcclib_valid_signature.xml'));
      const [, value = ''] = /<ds:DigestValue>([^<]*)</.exec(signed.toString()) ?? [];
      assert.equal(await outcome(signed, { procedure: 'SHA256', value }), 'c14n, signature removed');
    });
  });
});
