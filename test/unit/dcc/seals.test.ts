import assert from 'node:assert/strict';
import { constants, createHash, sign } from 'node:crypto';
import { DccError, verifySeal } from '@tracecal/gateway-client/dcc';
import { ecKey, rsaKey } from '../../support/seals/authority.js';
import { failsAt, isOpenAt, isVerified, laboratory, middle, root } from '../../support/seals/expectations.js';
import { sealed, sealOf, STAMPED, trust } from '../../support/seals/expectations.js';
import { algorithm, ALGORITHMS, CERTIFICATE, keyInfo } from '../../support/seals/signedCertificate.js';
import { signatureOver, signedCertificate, withSignature } from '../../support/seals/signedCertificate.js';

const EMPTY = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"></ds:Signature>';

const rsaLaboratory = middle.issue('RSA Laboratory', { key: rsaKey() });

function changed(file: Buffer, from: string, to: string): Buffer {
  const text = file.toString();
  assert.equal(text.split(from).length, 2, `"${from}" stands there once`);
  return Buffer.from(text.replace(from, () => to));
}

describe('the seal of a certificate', () => {
  it('is verified when every step holds, and says who signed, when, and with what', async () => {
    const file = sealed();
    const seal = await isVerified(file);
    assert.deepEqual(seal.signer, {
      subject: 'CN=Laboratory',
      names: ['Laboratory'],
      sha256: laboratory.sha256,
    });
    assert.deepEqual(seal.digests.certificates, [laboratory.sha256, middle.sha256, root.sha256]);
    assert.equal(seal.digests.file, createHash('sha256').update(file).digest('hex'));
    const [signedInfo = ''] = /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(file.toString()) ?? [];
    assert.equal(seal.digests.signedInfo, createHash('sha256').update(signedInfo).digest('hex'));
    assert.equal(seal.provenTime, new Date(STAMPED).toISOString());
    assert.equal(seal.provenBy, 'timestamp');
    assert.equal(seal.claimedTime, '2025-06-10T12:00:00.000Z');
    assert.match(seal.sentence, /^Signed by "CN=Laboratory"/);
  });

  it('hands on exactly the bytes that were signed, without the signature', async () => {
    const { signedBytes } = await verifySeal(sealed(), trust);
    assert.equal(signedBytes?.toString(), CERTIFICATE);
  });

  it('is absent where there is no signature', async () => {
    for (const file of [CERTIFICATE, withSignature('').toString()]) {
      const { seal, signedBytes } = await verifySeal(Buffer.from(file), trust);
      assert.deepEqual([seal.state, seal.failedStep, seal.signer, signedBytes], ['absent', null, null, null]);
    }
  });

  it('is absent where the Signature element is empty', async () => {
    const blank = EMPTY.replace('><', '> <ds:SignedInfo></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><');
    for (const signature of [EMPTY, EMPTY.replace('></ds:Signature>', '/>'), blank]) {
      const seal = await sealOf(withSignature(signature));
      assert.equal(seal.state, 'absent');
      assert.match(seal.sentence, /empty Signature/);
    }
  });

  it('is absent where a signature belongs to something inside the certificate', async () => {
    const foreign = CERTIFICATE.replace('20.10', signatureOver({ signer: laboratory }));
    const seal = await sealOf(Buffer.from(foreign));
    assert.equal(seal.state, 'absent');
    assert.match(seal.sentence, /something inside it/);
  });

  it('is absent where an element only has the name of a signature', async () => {
    for (const namespace of ['', ' xmlns="https://ptb.de/dcc"', ' xmlns="http://www.w3.org/2000/09/xmldsig"']) {
      const other = `<Signature${namespace}><SignedInfo>x</SignedInfo></Signature>`;
      assert.equal((await sealOf(withSignature(other))).state, 'absent');
    }
  });

  it('of a file with a document type is refused before anything is read', async () => {
    const file = sealed()
      .toString()
      .replace('<dcc:digital', () => '<!DOCTYPE x [<!ENTITY a "b">]><dcc:digital');
    await assert.rejects(verifySeal(Buffer.from(file), trust), (error: unknown) => {
      return error instanceof DccError && error.code === 'XML_DOCTYPE';
    });
  });

  for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
    it(`may be made with ECDSA and ${hash}`, async () => {
      await isVerified(sealed({ hash }));
    });

    it(`may be made with RSA and ${hash}`, async () => {
      await isVerified(sealed({ hash, signer: rsaLaboratory }));
    });
  }

  it('may be made with ECDSA on other curves', async () => {
    for (const curve of ['secp384r1', 'secp521r1', 'brainpoolP256r1']) {
      await isVerified(sealed({ signer: middle.issue(curve, { key: ecKey(curve) }) }));
    }
  });

  it('may be made with RSA-PSS', async () => {
    const signatureMethod = 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1';
    const wrong = sealed({ signer: rsaLaboratory, signatureMethod }).toString();
    await failsAt('signature-value', Buffer.from(wrong));
    const [signedInfo = ''] = /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(wrong) ?? [];
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const value = sign('sha256', Buffer.from(signedInfo), { key: rsaLaboratory.key.privateKey, ...padding });
    const right = wrong.replace(/(<ds:SignatureValue[^>]*>)[^<]*/, `$1${value.toString('base64')}`);
    // Its timestamp belongs to the other value; when the ledger took it in counts then.
    await isVerified(Buffer.from(right), { ...trust, takenIn: new Date('2025-06-11T00:00:00Z') });
  });

  for (const form of ['exclusive', 'c14n', 'c14n11'] as const) {
    it(`covers the certificate in the form ${form}`, async () => {
      // The exclusive form declares only what it uses.
      const covered = form === 'exclusive' ? CERTIFICATE.replace(' xmlns:si="https://ptb.de/si"', '') : CERTIFICATE;
      const transforms = algorithm('Transform', ALGORITHMS[form]);
      await isVerified(sealed({ transforms, covered }));
    });
  }

  it('covers the certificate in the form c14n where no form is named', async () => {
    await isVerified(sealed({ transforms: '' }));
  });

  it('may point to the certificate by the id of its root', async () => {
    await isVerified(sealed({ uri: '#root' }));
  });

  it('holds without XAdES, if something else proves the time', async () => {
    const seal = await isVerified(sealed({ signingTime: null }));
    assert.equal(seal.claimedTime, null);
  });

  it('by SHA-1 is refused, both as digest and as signature', async () => {
    await failsAt('structure', sealed({ hash: 'sha1', signatureHash: 'sha256' }), /digest algorithm/);
    await failsAt('structure', sealed({ signatureHash: 'sha1' }), /signature algorithm/);
  });

  it('by a keyed hash is refused: the key of the certificate would be the secret', async () => {
    const signatureMethod = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256';
    await failsAt('structure', sealed({ signatureMethod }), /signature algorithm/);
  });

  it('fails at the reference digest when one character of the certificate changed', async () => {
    await failsAt('reference-digest', changed(sealed(), '20.10', '20.11'), /The certificate was changed/);
    await failsAt('reference-digest', changed(sealed(), 'SEAL-1', 'SEAL-2'));
    await failsAt('reference-digest', changed(sealed(), '\n<ds:Signature ', '<ds:Signature '));
  });

  it("fails at the reference digest when the signer's statements changed", async () => {
    await failsAt('reference-digest', changed(sealed(), '2025-06-10T12:00:00Z', '2024-06-10T12:00:00Z'), /statements/);
  });

  it('fails at the signature value when the digest was made to fit the change', async () => {
    const file = changed(sealed(), '20.10', '20.11').toString();
    const digest = createHash('sha256').update(CERTIFICATE).digest('base64');
    const fitting = createHash('sha256').update(CERTIFICATE.replace('20.10', '20.11')).digest('base64');
    await failsAt('signature-value', changed(Buffer.from(file), digest, fitting));
  });

  it('fails at the signature value when another key signed', async () => {
    await failsAt('signature-value', sealed({ key: ecKey().privateKey }));
    await failsAt('signature-value', sealed({ key: rsaKey().privateKey }));
  });

  it('fails at the certificate when it is another one of the same key', async () => {
    const other = middle.issue('Other', { key: laboratory.key });
    await failsAt('certificate', sealed({ signer: other, named: laboratory }), /another certificate/);
  });

  it('fails at the certificate when KeyInfo holds none, a broken one, or two that could be meant', async () => {
    await failsAt('certificate', sealed({ keyInfo: '' }), /exactly one certificate/);
    await failsAt('certificate', sealed({ keyInfo: '<ds:KeyInfo><ds:KeyName>me</ds:KeyName></ds:KeyInfo>' }));
    const broken = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
    await failsAt('certificate', sealed({ keyInfo: broken }), /cannot be read/);
    await failsAt('certificate', sealed({ signingTime: null, keyInfo: keyInfo([laboratory, middle.issue('Other')]) }));
  });

  it('fails at the certificate when it is not for signatures, too weak, or not understood', async () => {
    for (const traits of [{ keyUsage: [2] }, { key: rsaKey(1024) }, { criticalExtension: '1.2.3.4.5' }]) {
      await failsAt('certificate', sealed({ signer: middle.issue('Unfit', traits) }));
    }
    await isVerified(sealed({ signer: middle.issue('Non-repudiation', { keyUsage: [1] }) }));
    await isVerified(sealed({ signer: middle.issue('Unrestricted', { keyUsage: null }) }));
  });

  it('is open at the time when only the signer says when they signed', async () => {
    const file = signedCertificate({ signer: laboratory, chain: [middle] });
    await isOpenAt('time', file, /nothing proves when/);
    const { seal, signedBytes } = await verifySeal(file, trust);
    assert.equal(seal.provenTime, null);
    assert.equal(seal.claimedTime, '2025-06-10T12:00:00.000Z');
    assert.equal(signedBytes?.toString(), CERTIFICATE);
  });

  it('takes no time from statements that the signature does not cover', async () => {
    const signature = signatureOver({ signer: laboratory, chain: [middle], signingTime: null });
    const claim =
      '<ds:Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#sig"><xades:SignedProperties><xades:SignedSignatureProperties><xades:SigningTime>2020-01-01T00:00:00Z</xades:SigningTime></xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>';
    const seal = await sealOf(withSignature(signature.replace('</ds:Signature>', claim)));
    assert.deepEqual([seal.failedStep, seal.claimedTime], ['time', null]);
  });
});
