import assert from 'node:assert/strict';
import { readCertificate, TAG } from '@tracecal/core/signing';
import { parseCertificatePem } from '@tracecal/ledger/identity';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { der, remadeCertificate } from '../../support/remadeCertificate.js';
import type { CertificateFields } from '../../support/remadeCertificate.js';

const NULL = der(0x05);
const SUBJECT_ALTERNATIVE_NAME = der(TAG.oid, Buffer.from('551d11', 'hex'));
const added =
  (...content: readonly Buffer[]) =>
  ({ extensions }: CertificateFields) => ({
    extensions: [...extensions, der(TAG.sequence, SUBJECT_ALTERNATIVE_NAME, ...content)],
  });
const value = der(TAG.octetString, der(TAG.sequence));

/** One reader takes certificates apart; what a part may say is up to the calibration chain, or to Fabric. */
describe('A certificate', () => {
  let nmi: KeyHolder;

  before(async () => {
    nmi = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
  });

  const remade = (change: (fields: CertificateFields) => Partial<CertificateFields>) =>
    remadeCertificate(nmi.certificate, nmi.privateKey, change);
  const asMember = (body: string) =>
    parseCertificatePem(Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`));

  it('says the same to the calibration chain and to a membership service', () => {
    const certificate = readCertificate(nmi.certificate, 'organisation');
    const member = asMember(nmi.certificate);
    assert.equal(Buffer.from(member.subject).toString('hex'), certificate.subjectName);
    assert.equal(Buffer.from(member.issuer).toString('hex'), certificate.issuerName);
    assert.equal(Buffer.from(member.serial).toString('hex'), certificate.serial);
    assert.deepEqual(Buffer.from(member.signed), Buffer.from(certificate.toBeSigned));
    assert.deepEqual(Buffer.from(member.signature), Buffer.from(certificate.signature));
    assert.equal(new Date(member.notAfter).toISOString().slice(0, 10), certificate.notAfter);
    assert.equal(member.extensions.isCa, true);
  });

  it('with a false that is written out is read by a membership service, as Fabric does, and by nobody else', () => {
    const certificate = remade(added(der(TAG.boolean, Buffer.of(0)), value));
    assert.equal(asMember(certificate).extensions.unknownCritical, false);
    assert.throws(() => readCertificate(certificate, 'organisation'), { message: /default must be absent/ });
  });

  it('of a structure that X.509 does not have is not read', () => {
    const changes: readonly ((fields: CertificateFields) => Partial<CertificateFields>)[] = [
      added(value, NULL),
      added(der(TAG.boolean, Buffer.of(0xff)), value, NULL),
      added(),
      () => ({ afterSignature: NULL }),
      () => ({ unusedBits: 1 }),
      ({ extensions }) => ({ extensions: [...extensions, ...extensions] }),
      () => ({ validity: der(TAG.sequence) }),
      () => ({ subject: der(TAG.sequence, NULL) }),
    ];
    // A membership service reads some of them, as Go does: unit/ledger/asFabric.
    for (const [index, change] of changes.entries()) {
      const refused = { code: 'CERTIFICATE_INVALID' };
      assert.throws(() => readCertificate(remade(change), 'organisation'), refused, `change ${index}`);
    }
  });

  it('in PEM may have bits left over at its end, which Go ignores, but no other digits', () => {
    // Signatures differ in length: some of these have a length that is no multiple of three.
    const candidates = Array.from({ length: 20 }, (_, count) =>
      remade(added(der(TAG.octetString, der(TAG.sequence, der(0x82, Buffer.alloc(count, 'a')))))),
    );
    const certificate = candidates.find((text) => text.endsWith('=')) ?? assert.fail('all are of full groups');
    const loose = certificate.replace(/[^=](?==+$)/, (last) => String.fromCharCode(last.charCodeAt(0) + 1));
    assert.notEqual(loose, certificate);
    assert.deepEqual(asMember(loose).raw, asMember(certificate).raw);
    assert.throws(() => readCertificate(loose, 'organisation'), { code: 'CERTIFICATE_INVALID' });
    assert.throws(() => asMember(certificate.replace(/.$/, '-')), { message: /there is no PEM certificate/ });
  });
});
