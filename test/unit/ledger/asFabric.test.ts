import { accessFromBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { signLowS } from '@tracecal/pki';
import { derChildren, readDer, TAG, writeDer } from '@tracecal/core/signing/der';
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto';
import type { Person } from './testChannel.js';
import { serialize, TestChannel, TestOrganisation } from './testChannel.js';

/*
 * What a member can send that no library would write. Whether Fabric takes each was observed on Fabric 3.1.5 (the transactions in
 * scenarios/oddEnvelopes.test.ts) or with the library that it uses: Go 1.26 (encoding/pem, crypto/x509, encoding/asn1). A replica that
 * judges one otherwise ends, with every honest peer.
 */

const MSP = 'LabMSP';
type Change<T> = readonly [how: string, taken: boolean, change: (value: T) => T];

const PEMS: readonly Change<string>[] = [
  ['as libraries write it', true, (pem) => pem],
  ['with another label', true, (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  ['without a label', true, (pem) => pem.replaceAll(' CERTIFICATE', ' ')],
  ['with another label at its end', false, (pem) => pem.replace('END CERTIFICATE', 'END X509 CERTIFICATE')],
  ['with a header', true, (pem) => pem.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nProc-Type: 4,x\n\n')],
  ['behind a text longer than 64 kB', true, (pem) => `${'x'.repeat(70_000)}\n${pem}`],
  ['behind a text without a line break', false, (pem) => `text ${pem}`],
  ['before a text', true, (pem) => `${pem}text`],
  ['with carriage returns', true, (pem) => pem.replaceAll('\n', '\r\n')],
  ['on one line', true, (pem) => inLines(pem, (body) => body.replaceAll('\n', ''))],
  ['with spaces in it', true, (pem) => inLines(pem, (body) => body.replaceAll('\n', ' \t\n'))],
  ['with a form feed in it', false, (pem) => inLines(pem, (body) => body.replace('\n', '\f\n'))],
  ['without its padding', false, (pem) => inLines(padded(pem), (body) => body.replace(/=+$/, ''))],
  [
    'behind a block that is not base64',
    true,
    (pem) => `-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n${pem}`,
  ],
  ['behind an empty block', false, (pem) => `-----BEGIN A-----\n-----END A-----\n${pem}`],
  ['behind a beginning without an end', true, (pem) => `-----BEGIN CERTIFICATE-----\n${pem}`],
];

const SIGNATURES: readonly Change<Buffer>[] = [
  ['as libraries write it', true, (signature) => signature],
  ['with bytes behind it', true, (signature) => Buffer.concat([signature, Buffer.from([1, 2, 3])])],
  ['with many bytes behind it', true, (signature) => Buffer.concat([signature, Buffer.alloc(40_000)])],
  ['with a third number in it', true, (signature) => sequence(signature.subarray(2), Buffer.from([2, 1, 5]))],
  ['with anything else in it', true, (signature) => sequence(signature.subarray(2), Buffer.from([0xff]))],
  [
    'with a longer form of its length',
    false,
    (signature) => Buffer.concat([Buffer.from([0x30, 0x81]), signature.subarray(1)]),
  ],
  ['with a zero before r', false, (signature) => paddedR(signature)],
  ['cut short', false, (signature) => signature.subarray(0, -1)],
];

/** Nobody signs these parts of a certificate: whoever has one can change them. */
const UNSIGNED: readonly Change<Buffer>[] = [
  ['as its CA wrote it', true, (certificate) => certificate],
  ['with something behind the signature', true, (certificate) => sequence(contentOf(certificate), Buffer.from([5, 0]))],
  [
    'whose signature ends within a byte',
    true,
    (certificate) => changedParts(certificate, ([tbs, algorithm, bits]) => [tbs, algorithm, shifted(bits)]),
  ],
  ['with bytes behind it', false, (certificate) => Buffer.concat([certificate, Buffer.from([0])])],
  [
    'whose signature has bytes behind it',
    false,
    (certificate) =>
      changedParts(certificate, ([tbs, algorithm, bits]) => [
        tbs,
        algorithm,
        writeDer(TAG.bitString, contentOf(bits), Buffer.from([0])),
      ]),
  ],
  [
    'with parameters of its algorithm that it did not sign',
    false,
    (certificate) =>
      changedParts(certificate, ([tbs, algorithm, bits]) => [
        tbs,
        sequence(contentOf(algorithm), Buffer.from([5, 0])),
        bits,
      ]),
  ],
];

const REQUIRE_NOW = Buffer.from('3003800100', 'hex');
const POLICY = Buffer.from('3007300506032a0304', 'hex');
const [POLICIES, MAPPINGS, CONSTRAINTS, INHIBIT] = [32, 33, 36, 54].map((arc) =>
  Buffer.from([0x55, 0x1d, arc]),
) as Buffer[];

/** Its own CA certifies whatever a member wishes. */
const EXTENSIONS: readonly (readonly [how: string, taken: boolean, ...extensions: Uint8Array[]])[] = [
  ['with policy constraints', true, critical(CONSTRAINTS!, Buffer.from('3003800103', 'hex'))],
  ['that requires a policy and has one', true, critical(CONSTRAINTS!, REQUIRE_NOW), critical(POLICIES!, POLICY)],
  ['that requires a policy and has none', false, critical(CONSTRAINTS!, REQUIRE_NOW)],
  ['that inhibits any policy', true, critical(INHIBIT!, Buffer.from('020102', 'hex'))],
  ['with policy mappings', true, critical(MAPPINGS!, Buffer.from('300c300a06032a030406032a0305', 'hex'))],
  ['with policies that are malformed', false, critical(POLICIES!, Buffer.from('0500', 'hex'))],
  [
    'with an alternative name that Go knows',
    true,
    critical(Buffer.from([0x55, 0x1d, 17]), Buffer.from('300382016d', 'hex')),
  ],
  [
    'with only an alternative name that Go does not know',
    false,
    critical(Buffer.from([0x55, 0x1d, 17]), Buffer.from('300388012a', 'hex')),
  ],
  [
    'with a critical extension that nobody knows',
    false,
    critical(Buffer.from([0x2a, 3, 4]), Buffer.from('0500', 'hex')),
  ],
  [
    'with a critical flag that is neither true nor false',
    false,
    sequence(
      writeDer(TAG.oid, INHIBIT!),
      writeDer(TAG.boolean, Buffer.from([1])),
      writeDer(TAG.octetString, Buffer.from('020102', 'hex')),
    ),
  ],
];

describe('As on Fabric 3.1.5, a member', () => {
  let lab: TestOrganisation;
  let access: ChannelAccess;
  let person: Person;

  before(async () => {
    const channel = await TestChannel.make();
    lab = await TestOrganisation.make(MSP);
    access = accessFromBlock(channel.block([lab]).serializeBinary());
    person = await lab.person('client');
  });

  function check(
    taken: boolean,
    certificate: string,
    change: (signature: Buffer) => Uint8Array = (signature) => signature,
  ): void {
    const data = Buffer.from('a transaction');
    const signature = change(Buffer.from(person.sign(data)));
    const signed = { data, identity: serialize(MSP, Buffer.from(certificate, 'latin1')), signature };
    if (taken) assert.equal(access.authenticate(signed, { timeless: true }).role, 'client');
    else assert.throws(() => access.authenticate(signed, { timeless: true }));
    // An endorsement is judged by the same rules.
    assert.equal(access.satisfies('/Channel/Application/LabMSP/Writers', [signed]).satisfied, taken);
  }

  for (const [how, taken, change] of PEMS) {
    it(`is ${taken ? 'known' : 'unknown'} by a certificate in PEM ${how}`, () => {
      check(taken, change(person.certificate));
    });
  }

  for (const [how, taken, change] of SIGNATURES) {
    it(`${taken ? 'signs' : 'does not sign'} by a signature ${how}`, () => {
      check(taken, person.certificate, change);
    });
  }

  for (const [how, taken, change] of UNSIGNED) {
    it(`is ${taken ? 'known' : 'unknown'} by a certificate ${how}`, () => {
      check(taken, pemOf(change(new X509Certificate(person.certificate).raw)));
    });
  }

  for (const [how, taken, ...extensions] of EXTENSIONS) {
    it(`is ${taken ? 'known' : 'unknown'} by a certificate ${how}`, () => {
      const certificate = new X509Certificate(person.certificate).raw;
      check(taken, pemOf(certified(certificate, lab.caKey, (parts) => withExtensions(parts, extensions))));
    });
  }

  for (const namedCurve of ['secp224r1', 'P-384', 'P-521']) {
    it(`may have a key on ${namedCurve}`, async () => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
      const spki = publicKey.export({ format: 'der', type: 'spki' });
      const theirs = new X509Certificate((await lab.person('client')).certificate).raw;
      const der = certified(theirs, lab.caKey, (parts) => [...parts.slice(0, 6), spki, ...parts.slice(7)]);
      const data = Buffer.from('a transaction');
      // Of the two values of s, about every other signature has the lower one.
      const signed = Array.from({ length: 40 }, () => sign('sha256', data, privateKey)).map((signature) => ({
        data,
        identity: serialize(MSP, pemOf(der)),
        signature,
      }));
      assert.ok(signed.some((each) => access.satisfies('/Channel/Application/LabMSP/Writers', [each]).satisfied));
    });
  }
});

function inLines(pem: string, change: (body: string) => string): string {
  const [, first = '', body = '', last = ''] =
    /^(-.*-\n)([^-]*)\n(-.*-\n?)$/.exec(pem.endsWith('\n') ? pem : `${pem}\n`) ?? [];
  return `${first}${change(body)}\n${last}`;
}

/** The same certificate with bytes behind its signature, until its base64 has padding. */
function padded(pem: string): string {
  const raw = new X509Certificate(pem).raw;
  for (let count = 0; ; count++) {
    const longer = count === 0 ? raw : sequence(contentOf(raw), writeDer(TAG.octetString, Buffer.alloc(count)));
    if (longer.length % 3 !== 0) return pemOf(longer);
  }
}

function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
  return Buffer.from(writeDer(TAG.sequence, ...contents));
}

function contentOf(der: Uint8Array): Uint8Array {
  return readDer(der, der[0]!).content;
}

function paddedR(signature: Buffer): Buffer {
  const [r, s] = derChildren(readDer(signature, TAG.sequence));
  return sequence(writeDer(TAG.integer, Buffer.from([0]), r!.content), s!.raw);
}

type Parts = readonly [Uint8Array, Uint8Array, Uint8Array];

function changedParts(certificate: Buffer, change: (parts: Parts) => readonly Uint8Array[]): Buffer {
  const [tbs, algorithm, bits] = derChildren(readDer(certificate, TAG.sequence)).map(({ raw }) => raw);
  return sequence(...change([tbs!, algorithm!, bits!]));
}

/** The same bits one place to the left, with one unused bit at the end: a signature begins with two zero bits. */
function shifted(bits: Uint8Array): Uint8Array {
  const bytes = contentOf(bits).subarray(1);
  const left = bytes.map((byte, index) => ((byte << 1) & 0xff) | ((bytes[index + 1] ?? 0) >> 7));
  return writeDer(TAG.bitString, Buffer.from([1]), left);
}

function critical(id: Uint8Array, value: Uint8Array): Buffer {
  return sequence(writeDer(TAG.oid, id), writeDer(TAG.boolean, Buffer.from([0xff])), writeDer(TAG.octetString, value));
}

/** A certificate whose signed part is changed, signed again by its CA. */
function certified(
  certificate: Buffer,
  ca: KeyObject,
  change: (parts: readonly Uint8Array[]) => readonly Uint8Array[],
): Buffer {
  return changedParts(certificate, ([tbs, algorithm]) => {
    const changed = sequence(...change(derChildren(readDer(tbs, TAG.sequence)).map(({ raw }) => raw)));
    return [changed, algorithm, writeDer(TAG.bitString, Buffer.from([0]), signLowS(ca, changed))];
  });
}

function withExtensions(parts: readonly Uint8Array[], added: readonly Uint8Array[]): readonly Uint8Array[] {
  const ids = added.map((extension) => Buffer.from(derChildren(readDer(extension, TAG.sequence))[0]!.raw));
  const kept = derChildren(readDer(contentOf(parts.at(-1)!), TAG.sequence)).filter((extension) =>
    ids.every((id) => !id.equals(derChildren(extension)[0]!.raw)),
  );
  return [...parts.slice(0, -1), writeDer(TAG.extensions, sequence(...kept.map(({ raw }) => raw), ...added))];
}
