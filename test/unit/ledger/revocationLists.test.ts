import { accessFromBlock } from '@tracecal/ledger/block';
import { derChildren, readDer, TAG, writeDer } from '@tracecal/core/signing/der';
import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { inBrowser } from '../../support/browser.js';
import { serialize, TestChannel, TestOrganisation, type Person } from './testChannel.js';

/*
 * Revocation lists that a member's CA may write. What Fabric 3.1.5 makes of each was asked of its own MSP (Go 1.26), of these and of some
 * ten thousand random ones. Whoever counts a member that peers refuse, or refuses one that peers count, has another ledger from then on.
 */

const MSP = 'LabMSP';
/** The person counts, or is revoked, or nobody of the member counts. */
type Outcome = 'counts' | 'is revoked' | 'does not count, nor does anybody';
type Sign = (bytes: Uint8Array, key: KeyObject) => Buffer;

const NULL = Buffer.from([5, 0]);
const ONE = writeDer(TAG.integer, Buffer.from([1]));
const sha256 = oid('608648016503040201');
const PSS = sequence(
  oid('2a864886f70d01010a'),
  sequence(
    writeDer(0xa0, sequence(sha256, NULL)),
    writeDer(0xa1, sequence(oid('2a864886f70d010108'), sequence(sha256, NULL))),
    writeDer(0xa2, writeDer(TAG.integer, Buffer.from([32]))),
  ),
);
const ALGORITHMS = {
  'ECDSA and SHA-1': sequence(oid('2a8648ce3d0401')),
  'ECDSA and SHA-256': sequence(oid('2a8648ce3d040302')),
  'RSA and SHA-1': sequence(oid('2a864886f70d010105'), NULL),
  'RSA and SHA-256': sequence(oid('2a864886f70d01010b'), NULL),
  'RSA and SHA-512': sequence(oid('2a864886f70d01010d'), NULL),
  'RSA-PSS': PSS,
};
type Algorithm = keyof typeof ALGORITHMS;

const hashed =
  (hash: string): Sign =>
  (bytes, key) =>
    sign(hash, bytes, key);
const withPss =
  (saltLength: number): Sign =>
  (bytes, key) =>
    sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

interface Form {
  /** What the list calls its algorithm. */
  readonly algorithm?: Algorithm;
  readonly sign?: Sign;
  readonly keyId?: (keyId: Uint8Array) => Uint8Array;
  /** Of the person. */
  readonly serial?: (serial: Uint8Array) => Uint8Array;
  readonly afterList?: Uint8Array;
  readonly afterSignature?: Uint8Array;
  readonly inSignature?: Uint8Array;
}

const ELLIPTIC: readonly (readonly [how: string, outcome: Outcome, form: Form])[] = [
  ['as libraries write it', 'is revoked', {}],
  ['signed with SHA-1', 'is revoked', { algorithm: 'ECDSA and SHA-1', sign: hashed('sha1') }],
  ['that says SHA-1 and is signed with SHA-256', 'counts', { algorithm: 'ECDSA and SHA-1' }],
  ['that says RSA', 'counts', { algorithm: 'RSA and SHA-256' }],
  ['with bytes behind its signature', 'is revoked', { inSignature: NULL }],
  ['with anything behind its last part', 'is revoked', { afterSignature: Buffer.from([0xff]) }],
  ['with something before its extensions', 'does not count, nor does anybody', { afterList: NULL }],
  [
    'of a serial number below zero that looks alike',
    'counts',
    {
      serial: (serial) => (serial[0] === 0 ? serial.subarray(1) : serial.map((byte, at) => (at ? byte : byte ^ 0x80))),
    },
  ],
  [
    'whose key is named behind something else',
    'counts',
    { keyId: (id) => sequence(writeDer(0xa1, NULL), writeDer(0x80, id)) },
  ],
  [
    'with bytes behind the name of its key',
    'is revoked',
    { keyId: (id) => Buffer.concat([sequence(writeDer(0x80, id)), NULL]) },
  ],
  [
    'with a serial number beside the name of its key',
    'is revoked',
    { keyId: (id) => sequence(writeDer(0x80, id), writeDer(0x82, Buffer.from([1]))) },
  ],
  [
    'with half a value beside the name of its key',
    'does not count, nor does anybody',
    { keyId: (id) => sequence(writeDer(0x80, id), Buffer.from([0xff])) },
  ],
  ['that names its key in another form', 'does not count, nor does anybody', { keyId: () => NULL }],
];

const RSA: readonly (readonly [how: string, outcome: Outcome, form: Form])[] = [
  ['signed with RSA and SHA-256', 'is revoked', {}],
  ['signed with RSA and SHA-512', 'is revoked', { algorithm: 'RSA and SHA-512', sign: hashed('sha512') }],
  ['signed with RSA and SHA-1', 'is revoked', { algorithm: 'RSA and SHA-1', sign: hashed('sha1') }],
  ['signed with RSA-PSS', 'is revoked', { algorithm: 'RSA-PSS', sign: withPss(32) }],
  ['signed with RSA-PSS and a short salt', 'counts', { algorithm: 'RSA-PSS', sign: withPss(20) }],
  ['that says RSA-PSS and is not', 'counts', { algorithm: 'RSA-PSS' }],
  [
    'that says ECDSA, whose signature is none',
    'counts',
    { algorithm: 'ECDSA and SHA-256', sign: () => sequence(ONE, ONE) },
  ],
];

describe('As on Fabric 3.1.5, somebody whom their own CA names in a revocation list', () => {
  const browser = inBrowser("export * from '@tracecal/ledger/block';") as { accessFromBlock: typeof accessFromBlock };
  let channel: TestChannel;
  let lab: TestOrganisation;
  let person: Person;
  let other: Person;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

  before(async () => {
    channel = await TestChannel.make();
    lab = await TestOrganisation.make(MSP);
    [person, other] = [await lab.person('client'), await lab.person('client')];
  });

  function check(root: string, people: readonly string[], list: Uint8Array, outcome: Outcome): void {
    lab.extra = { rootCerts: [root], revocationList: [pemOf('X509 CRL', list)] };
    const block = channel.block([lab]).serializeBinary();
    const isKnown = (certificate: string, signer: Person) =>
      [accessFromBlock, browser.accessFromBlock].map((open) => {
        const data = Buffer.from('a transaction');
        const signed = { data, identity: serialize(MSP, certificate), signature: signer.sign(data) };
        return open(block).satisfies('/Channel/Application/LabMSP/Writers', [signed]).satisfied;
      });
    const [whoever, somebody] = [outcome === 'counts', outcome !== 'does not count, nor does anybody'];
    assert.deepEqual(isKnown(people[0]!, person), [whoever, whoever]);
    assert.deepEqual(isKnown(people[1]!, other), [somebody, somebody]);
  }

  for (const [how, outcome, form] of ELLIPTIC) {
    it(`${outcome}, by a list ${how}`, () => {
      const { certificate } = lab.ca;
      const list = revocationList(certificate, person.certificate, lab.caKey, {
        algorithm: 'ECDSA and SHA-256',
        sign: hashed('sha256'),
        ...form,
      });
      check(certificate, [person.certificate, other.certificate], list, outcome);
    });
  }

  for (const [how, outcome, form] of RSA) {
    it(`${outcome}, by a list ${how}, the key of the CA`, () => {
      const spki = rsa.publicKey.export({ format: 'der', type: 'spki' });
      const root = certifiedWithRsa(lab.ca.certificate, rsa.privateKey, spki);
      const people = [person, other].map(({ certificate }) => certifiedWithRsa(certificate, rsa.privateKey));
      const list = revocationList(root, people[0]!, rsa.privateKey, {
        algorithm: 'RSA and SHA-256',
        sign: hashed('sha256'),
        ...form,
      });
      check(root, people, list, outcome);
    });
  }

  it('counts where the certificate itself is signed with RSA-PSS, and not where it is signed with SHA-1', () => {
    const spki = rsa.publicKey.export({ format: 'der', type: 'spki' });
    const root = certifiedWithRsa(lab.ca.certificate, rsa.privateKey, spki);
    const signedWith = (algorithm: Algorithm, how: Sign) =>
      certifiedWithRsa(person.certificate, rsa.privateKey, undefined, algorithm, how);
    lab.extra = { rootCerts: [root] };
    const access = accessFromBlock(channel.block([lab]).serializeBinary());
    const counts = (certificate: string) => {
      const data = Buffer.from('a transaction');
      const signed = { data, identity: serialize(MSP, certificate), signature: person.sign(data) };
      return access.satisfies('/Channel/Application/LabMSP/Writers', [signed]).satisfied;
    };
    assert.equal(counts(signedWith('RSA-PSS', withPss(32))), true);
    assert.equal(counts(signedWith('RSA and SHA-1', hashed('sha1'))), false);
  });
});

function oid(hex: string): Uint8Array {
  return writeDer(TAG.oid, Buffer.from(hex, 'hex'));
}

function sequence(...contents: readonly Uint8Array[]): Buffer {
  return Buffer.from(writeDer(TAG.sequence, ...contents));
}

function bits(...contents: readonly Uint8Array[]): Uint8Array {
  return writeDer(TAG.bitString, Buffer.from([0]), ...contents);
}

function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The parts of what a certificate's issuer signed: version, serial number, algorithm, issuer, validity, subject, key, extensions. */
function partsOf(certificate: string): readonly Uint8Array[] {
  const [signed] = derChildren(readDer(new X509Certificate(certificate).raw, TAG.sequence));
  return derChildren(signed!).map(({ raw }) => raw);
}

function revocationList(
  ca: string,
  person: string,
  key: KeyObject,
  form: Form & Required<Pick<Form, 'algorithm' | 'sign'>>,
) {
  const { keyId = (id: Uint8Array) => sequence(writeDer(0x80, id)), serial = (number: Uint8Array) => number } = form;
  const algorithm = ALGORITHMS[form.algorithm];
  const now = writeDer(TAG.utcTime, Buffer.from('260101000000Z'));
  const number = writeDer(TAG.integer, serial(readDer(partsOf(person)[1]!, TAG.integer).content));
  const extension = sequence(oid('551d23'), writeDer(TAG.octetString, keyId(keyIdOf(ca))));
  const signed = sequence(
    ONE,
    algorithm,
    partsOf(ca)[5]!,
    now,
    sequence(sequence(number, now)),
    form.afterList ?? Buffer.alloc(0),
    writeDer(0xa0, sequence(extension)),
  );
  const signature = bits(form.sign(signed, key), form.inSignature ?? Buffer.alloc(0));
  return sequence(signed, algorithm, signature, form.afterSignature ?? Buffer.alloc(0));
}

/** The subject key identifier of a CA. */
function keyIdOf(ca: string): Uint8Array {
  const [all] = derChildren(readDer(partsOf(ca).at(-1)!, TAG.extensions));
  const own = derChildren(all!).find((extension) => Buffer.from(extension.raw).includes(Buffer.from(oid('551d0e'))));
  return readDer(derChildren(own!).at(-1)!.content, TAG.octetString).content;
}

/** The same certificate, signed by an RSA key. */
function certifiedWithRsa(
  certificate: string,
  key: KeyObject,
  spki?: Uint8Array,
  algorithm: Algorithm = 'RSA and SHA-256',
  how: Sign = hashed('sha256'),
): string {
  const parts = partsOf(certificate);
  const identifier = ALGORITHMS[algorithm];
  const signed = sequence(parts[0]!, parts[1]!, identifier, ...parts.slice(3, 6), spki ?? parts[6]!, ...parts.slice(7));
  return pemOf('CERTIFICATE', sequence(signed, identifier, bits(how(signed, key))));
}
