import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { isIssuedBy, isOf, readCertificate, TAG } from '@tracecal/core/signing';
import type { CertificateRole } from '@tracecal/core/signing';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { der, fieldsOf, opensslAccepts, remadeCertificate } from '../../support/remadeCertificate.js';
import type { CertificateFields } from '../../support/remadeCertificate.js';

type Change = (fields: CertificateFields) => Partial<CertificateFields>;

const NULL = der(0x05);
const TRUE = der(TAG.boolean, Buffer.of(0xff));
const FALSE = der(TAG.boolean, Buffer.of(0));
const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));
const integer = (...bytes: number[]) => der(TAG.integer, Buffer.from(bytes));
const octets = (...content: Buffer[]) => der(TAG.octetString, ...content);

const BASIC_CONSTRAINTS = oid('551d13');
const KEY_USAGE = oid('551d0f');
const ORGANISATION = oid('55040a');
const COMMON_NAME = oid('550403');
const CURVE = oid('2a8648ce3d030107');
const EC_KEY = oid('2a8648ce3d0201');

const utf8 = (text: string) => der(TAG.utf8String, Buffer.from(text));
const attribute = (type: Buffer, value: Buffer) => der(TAG.sequence, type, value);
const name = (...attributes: Buffer[]) => der(TAG.set, ...attributes);
const organisation = (value = utf8('lab-alpha')) => name(attribute(ORGANISATION, value));
const commonName = (value = utf8('lab-alpha/pt-1')) => name(attribute(COMMON_NAME, value));
const subject = (...names: Buffer[]) => ({ subject: der(TAG.sequence, ...names) });

const signatureAlgorithm = (hex: string, ...parameters: Buffer[]) =>
  der(TAG.sequence, oid(`2a8648ce3d04${hex}`), ...parameters);
const signedWith = (hash: CertificateFields['hash'], hex: string): Change => {
  const algorithm = signatureAlgorithm(hex);
  return () => ({ hash, algorithm, outerAlgorithm: algorithm });
};

const time = (tag: number, text: string) => der(tag, Buffer.from(text, 'latin1'));
const validity = (from: Buffer, to: Buffer) => ({ validity: der(TAG.sequence, from, to) });
const until = (to: Buffer) => () => validity(time(TAG.utcTime, '200101000000Z'), to);

/** The extensions with one of them replaced. */
const extension =
  (type: Buffer, ...replacement: Buffer[]): Change =>
  ({ extensions }) => ({
    extensions: extensions.flatMap((value) => (value.includes(type) ? replacement : [value])),
  });
const basicConstraints = (...content: Buffer[]): Change =>
  extension(BASIC_CONSTRAINTS, der(TAG.sequence, BASIC_CONSTRAINTS, TRUE, octets(der(TAG.sequence, ...content))));
const keyUsage = (...bits: number[]): Change =>
  extension(KEY_USAGE, der(TAG.sequence, KEY_USAGE, TRUE, octets(der(TAG.bitString, Buffer.from(bits)))));
const added =
  (...content: Buffer[]): Change =>
  ({ extensions }) => ({ extensions: [...extensions, der(TAG.sequence, ...content)] });

const point = ({ publicKey }: CertificateFields) => publicKey.subarray(-65);
const publicKeyInfo = (algorithm: Buffer[], bits: Buffer) => ({
  publicKey: der(TAG.sequence, der(TAG.sequence, ...algorithm), der(TAG.bitString, Buffer.of(0), bits)),
});

/** Explicit parameters of prime256v1 itself: the same curve, written out instead of named (SEC 1, C.2). */
function explicitCurve(): Buffer {
  const p = Buffer.from('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff', 'hex');
  const a = Buffer.from('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc', 'hex');
  const b = Buffer.from('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b', 'hex');
  const n = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const x = Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex');
  const y = Buffer.from('4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5', 'hex');
  return der(
    TAG.sequence,
    integer(1),
    der(TAG.sequence, oid('2a8648ce3d0101'), integer(0, ...p)),
    der(TAG.sequence, octets(a), octets(b)),
    octets(Buffer.of(4), x, y),
    integer(0, ...n),
    integer(1),
  );
}

/** How a device's certificate can be broken, and what is said about it. */
const breaches: readonly (readonly [title: string, change: Change, problem: RegExp])[] = [
  ['signed with SHA-1', signedWith('sha1', '01'), /ecdsa-with-SHA256/],
  ['signed with SHA-224', signedWith('sha224', '0301'), /ecdsa-with-SHA256/],
  ['signed with SHA-384', signedWith('sha384', '0303'), /ecdsa-with-SHA256/],
  ['signed with SHA-512', signedWith('sha512', '0304'), /ecdsa-with-SHA256/],
  [
    'with parameters of the signature algorithm',
    () => ({ algorithm: signatureAlgorithm('0302', NULL), outerAlgorithm: signatureAlgorithm('0302', NULL) }),
    /without parameters/,
  ],
  [
    'with another algorithm inside than outside',
    () => ({ algorithm: signatureAlgorithm('0303') }),
    /ecdsa-with-SHA256/,
  ],
  [
    'with another algorithm outside than inside',
    () => ({ outerAlgorithm: signatureAlgorithm('0303') }),
    /ecdsa-with-SHA256/,
  ],

  [
    'with explicit curve parameters',
    (fields) => publicKeyInfo([EC_KEY, explicitCurve()], point(fields)),
    /by its name prime256v1/,
  ],
  ['with a key of another curve', (fields) => publicKeyInfo([EC_KEY, oid('2b8104000a')], point(fields)), /P-256 key/],
  [
    'with a key that is for ECDH only',
    (fields) => publicKeyInfo([oid('2b81040112'), CURVE], point(fields)),
    /id-ecPublicKey/,
  ],
  [
    'with a compressed point',
    (fields) =>
      publicKeyInfo([EC_KEY, CURVE], Buffer.from([2 + (point(fields)[64]! & 1), ...point(fields).subarray(1, 33)])),
    /uncompressed point/,
  ],
  [
    'with a point that is not on the curve',
    () => publicKeyInfo([EC_KEY, CURVE], Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)])),
    /with a point of P-256/,
  ],

  ['with the serial number 0', () => ({ serial: integer(0) }), /not positive/],
  ['with a negative serial number', () => ({ serial: integer(0x80, 1) }), /not positive/],
  ['with a serial number that is padded', () => ({ serial: integer(0, 1) }), /shortest form/],
  ['with an empty serial number', () => ({ serial: integer() }), /not positive/],
  ['with a serial number of 21 bytes', () => ({ serial: integer(...Buffer.alloc(21, 1)) }), /more than 20 bytes/],

  ['of version 1', () => ({ version: Buffer.alloc(0) }), /version 3/],
  ['of version 2', () => ({ version: der(0xa0, integer(1)) }), /version 3/],
  ['with an issuer unique id', () => ({ uniqueIds: der(0x81, Buffer.of(0, 1)) }), /unique identifiers/],
  ['with a subject unique id', () => ({ uniqueIds: der(0x82, Buffer.of(0, 1)) }), /unique identifiers/],
  ['with a field after its extensions', () => ({ afterExtensions: NULL }), /nothing else/],
  ['with a value after its signature', () => ({ afterSignature: NULL }), /after its signature/],
  ['with unused bits in its signature', () => ({ unusedBits: 1 }), /whole byte/],

  ['with an empty subject', () => subject(), /subject of two names/],
  ['with a subject without an organisation', () => subject(commonName()), /subject of two names/],
  ['with a subject in the other order', () => subject(commonName(), organisation()), /subject of two names/],
  [
    'with a third name in its subject',
    () => subject(organisation(), commonName(), name(attribute(oid('55040b'), utf8('x')))),
    /subject of two names/,
  ],
  [
    'with two attributes in one name',
    () => subject(organisation(), name(attribute(COMMON_NAME, utf8('a')), attribute(COMMON_NAME, utf8('b')))),
    /each of one attribute/,
  ],
  ['with an empty id in its subject', () => subject(organisation(), commonName(utf8(''))), /ids of the registry/],
  ['with an id that ends with a NUL byte', () => subject(organisation(), commonName(utf8('pt-1\0'))), /ids of/],
  [
    'with an id in a BMPString',
    () => subject(organisation(), commonName(der(TAG.bmpString, Buffer.from('\0p\0t')))),
    /UTF8String or PrintableString/,
  ],
  [
    'with a PrintableString that is not printable',
    () => subject(organisation(), commonName(der(TAG.printableString, Buffer.from('pt_1')))),
    /UTF8String or PrintableString/,
  ],
  ['with an empty issuer', () => ({ issuer: der(TAG.sequence) }), /empty issuer/],

  ['with a four-digit year before 2050', until(time(TAG.generalizedTime, '20450101000000Z')), /RFC 5280/],
  ['with a time that does not exist', until(time(TAG.utcTime, '450230000000Z')), /cannot be read/],
  ['with a time without seconds', until(time(TAG.utcTime, '4501010000Z')), /cannot be read/],
  ['with a time in a time zone', until(time(TAG.utcTime, '450101000000+0100')), /cannot be read/],

  [
    'with non-critical basicConstraints',
    extension(BASIC_CONSTRAINTS, der(TAG.sequence, BASIC_CONSTRAINTS, octets(der(TAG.sequence)))),
    /basicConstraints that are critical/,
  ],
  ['without basicConstraints', extension(BASIC_CONSTRAINTS), /basicConstraints that are critical/],
  ['with a false that is written out', basicConstraints(FALSE), /basicConstraints/],
  ['that is a CA', basicConstraints(TRUE), /must not be a CA/],
  [
    'with a critical flag that is false',
    ({ extensions }) => ({
      extensions: [...extensions, der(TAG.sequence, oid('551d11'), FALSE, octets(der(TAG.sequence)))],
    }),
    /default must be absent/,
  ],
  [
    'with a critical flag of another true',
    extension(
      BASIC_CONSTRAINTS,
      der(TAG.sequence, BASIC_CONSTRAINTS, der(TAG.boolean, Buffer.of(1)), octets(der(TAG.sequence))),
    ),
    /true is ff/,
  ],

  ['with a second keyUsage byte', keyUsage(7, 0x80, 0x80), /keyUsage/],
  ['with a keyUsage that ends with zero bits', keyUsage(0, 0x80), /keyUsage/],
  ['with set bits among the unused ones of its keyUsage', keyUsage(7, 0xc0), /keyUsage/],
  ['with one more keyUsage', keyUsage(6, 0xc0), /keyUsage/],
  ['with an empty keyUsage', keyUsage(0), /keyUsage/],
  ['without keyUsage', extension(KEY_USAGE), /keyUsage that is critical/],
  [
    'with a keyUsage that is not critical',
    extension(KEY_USAGE, der(TAG.sequence, KEY_USAGE, octets(der(TAG.bitString, Buffer.of(7, 0x80))))),
    /keyUsage that is critical/,
  ],

  ['with an unknown critical extension', added(oid('2a0304'), TRUE, octets(NULL)), /1\.2\.3\.4.*not understood/],
  ['with an extension twice', added(KEY_USAGE, TRUE, octets(der(TAG.bitString, Buffer.of(7, 0x80)))), /twice/],
  ['with an object identifier that is not minimal', added(oid('80551d0f'), octets(NULL)), /cannot be read/],
  ['with a third value in an extension', added(oid('2a0304'), TRUE, octets(NULL), NULL), /2\.3\.4/],
];

describe('The profile of calibration certificates', () => {
  let nmi: KeyHolder, lab: KeyHolder, technician: KeyHolder, officer: KeyHolder, device: KeyHolder;

  before(async () => {
    nmi = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
    lab = await keyHolder({ role: 'organisation', id: 'lab-alpha', organisation: 'lab-alpha', certifiedBy: nmi });
    const holder = (role: CertificateRole, id: string, certifiedBy: KeyHolder) =>
      keyHolder({ role, id, organisation: 'lab-alpha', certifiedBy });
    technician = await holder('technician', 'lab-alpha/t-1', lab);
    officer = await holder('officer', 'lab-alpha/o-1', lab);
    device = await holder('device', 'lab-alpha/pt-1', technician);
  });

  const remadeDevice = (change: Change) => remadeCertificate(device.certificate, technician.privateKey, change);

  it('accepts a certificate that was put together again without a change', () => {
    const remade = readCertificate(
      remadeDevice(() => ({})),
      'device',
    );
    assert.ok(isIssuedBy(remade, readCertificate(technician.certificate, 'technician')));
  });

  for (const [title, change, problem] of breaches) {
    it(`refuses a certificate ${title}`, () => {
      assert.throws(() => readCertificate(remadeDevice(change), 'device'), {
        code: 'CERTIFICATE_INVALID',
        message: problem,
      });
    });
  }

  it('refuses certificates that OpenSSL accepts as signed by the issuer', () => {
    const issuerKey = createPublicKey(technician.privateKey);
    const lenient = breaches.filter(([, change]) => {
      try {
        return opensslAccepts(remadeDevice(change), issuerKey);
      } catch {
        return false;
      }
    });
    const titles = lenient.map(([title]) => title);
    for (const expected of ['signed with SHA-512', 'with explicit curve parameters', 'with the serial number 0']) {
      assert.ok(titles.includes(expected), `${expected}: only the profile finds it`);
    }
  });

  it('refuses bytes after the certificate, and a second way to write its base64', () => {
    const bytes = Buffer.from(device.certificate, 'base64');
    for (const text of [
      Buffer.concat([bytes, NULL]).toString('base64'),
      `${device.certificate}\n`,
      `=${device.certificate}`,
    ]) {
      assert.throws(() => readCertificate(text, 'device'), { code: 'CERTIFICATE_INVALID' });
    }
  });

  it('reads times from 2050 on with four digits of the year, and a PrintableString as an id', () => {
    const change: Change = () => ({
      ...until(time(TAG.generalizedTime, '20500101000000Z'))(),
      ...subject(organisation(der(TAG.printableString, Buffer.from('lab-alpha'))), commonName()),
    });
    const certificate = readCertificate(remadeDevice(change), 'device');
    assert.equal(certificate.notAfter, '2050-01-01');
    assert.ok(isOf(certificate, 'lab-alpha', 'lab-alpha/pt-1'));
  });

  it('names the holder, the serial number and the key', () => {
    const certificate = readCertificate(
      remadeDevice(() => ({ serial: integer(0, 0x80, 1) })),
      'device',
    );
    const { publicKey } = fieldsOf(Buffer.from(device.certificate, 'base64'));
    assert.equal(certificate.organisation, 'lab-alpha');
    assert.equal(certificate.id, 'lab-alpha/pt-1');
    assert.equal(certificate.serial, '8001');
    assert.equal(certificate.keySha256, createHash('sha256').update(publicKey).digest('hex'));
    assert.equal(certificate.issuerName, readCertificate(technician.certificate, 'technician').subjectName);
  });

  it('does not take a certificate with the subject of another organisation for a certificate of this one', () => {
    const other = readCertificate(
      remadeDevice(() => subject(organisation(utf8('lab-beta')), commonName())),
      'device',
    );
    assert.ok(!isOf(other, 'lab-alpha', 'lab-alpha/pt-1'));
    assert.ok(!isOf(readCertificate(device.certificate, 'device'), 'lab-alpha', 'lab-alpha/pt-2'));
    assert.ok(isOf(other, 'lab-beta', 'lab-alpha/pt-1'));
  });

  it('refuses an organisation whose certificate names two organisations', () => {
    const certificate = remadeCertificate(lab.certificate, nmi.privateKey, () =>
      subject(organisation(), commonName(utf8('lab-beta'))),
    );
    assert.throws(() => readCertificate(certificate, 'organisation'), { message: /organisation twice/ });
  });

  it('knows an officer, who signs in the organisation’s name and certifies nobody', () => {
    const certificate = readCertificate(officer.certificate, 'officer');
    assert.ok(isOf(certificate, 'lab-alpha', 'lab-alpha/o-1'));
    assert.ok(isIssuedBy(certificate, readCertificate(lab.certificate, 'organisation')));
  });

  it('gives each certificate one role only', () => {
    const holders: readonly (readonly [CertificateRole, KeyHolder])[] = [
      ['organisation', lab],
      ['technician', technician],
      ['officer', officer],
      ['device', device],
    ];
    for (const [own, { certificate }] of holders) {
      for (const [role] of holders) {
        if (role === own) assert.doesNotThrow(() => readCertificate(certificate, role));
        else assert.throws(() => readCertificate(certificate, role), { code: 'CERTIFICATE_INVALID' });
      }
    }
  });

  it('refuses a technician without the path length 0, or with one that is not minimal', () => {
    for (const content of [
      [TRUE],
      [TRUE, integer(1)],
      [TRUE, integer(0, 0)],
      [der(TAG.boolean, Buffer.of(1)), integer(0)],
    ]) {
      const certificate = remadeCertificate(technician.certificate, lab.privateKey, basicConstraints(...content));
      assert.throws(() => readCertificate(certificate, 'technician'), { code: 'CERTIFICATE_INVALID' });
    }
  });

  it('does not accept an officer who is certified by a technician, or a technician who is certified by a technician', async () => {
    const issuer = readCertificate(technician.certificate, 'technician');
    for (const role of ['officer', 'technician'] as const) {
      const usurper = await keyHolder({ role, id: 'lab-alpha/x', organisation: 'lab-alpha', certifiedBy: technician });
      assert.ok(!isIssuedBy(readCertificate(usurper.certificate, role), issuer), role);
    }
  });

  it('does not accept a signature by another key under the issuer’s name', () => {
    const forged = remadeCertificate(device.certificate, lab.privateKey, () => ({}));
    assert.ok(!isIssuedBy(readCertificate(forged, 'device'), readCertificate(technician.certificate, 'technician')));
  });
});
