import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { attributesOf, Authority, generateKeyPair, isLowS, signerOf, validFor } from '@tracecal/pki';
import type { AuthorityRequest } from '@tracecal/pki';

const DAY = 24 * 60 * 60 * 1000;

function request(commonName: string, keys = generateKeyPair()): AuthorityRequest {
  return {
    commonName,
    organisation: 'lab-alpha.example',
    country: 'DE',
    publicKey: keys.publicKey,
    validity: validFor(30),
  };
}

async function root(): Promise<Authority> {
  const keys = generateKeyPair();
  return Authority.createRoot(request('ca.lab-alpha.example', keys), signerOf(keys.privateKey));
}

function issuedBy(certificate: string, issuer: string): boolean {
  const [child, parent] = [new X509Certificate(certificate), new X509Certificate(issuer)];
  return child.checkIssued(parent) && child.verify(parent.publicKey);
}

describe('An authority', () => {
  it('is a CA that vouches for itself', async () => {
    const { certificate } = await root();
    assert.ok(new X509Certificate(certificate).ca);
    assert.ok(issuedBy(certificate, certificate));
  });

  it('certifies identities whose role is their organisational unit and whose attributes can be read back', async () => {
    const ca = await root();
    const attributes = { 'tracecal.roles': 'issuer,registrar', note: 'Größe, "quoted" = 1/2' };
    const certificate = await ca.issueIdentity({ ...request('User1@lab-alpha.example'), role: 'client', attributes });
    const x509 = new X509Certificate(certificate);
    assert.ok(issuedBy(certificate, ca.certificate));
    assert.ok(!x509.ca);
    assert.equal(x509.subject, 'C=DE\nO=lab-alpha.example\nOU=client\nCN=User1@lab-alpha.example');
    assert.deepEqual(attributesOf(certificate), attributes);
    assert.deepEqual(attributesOf(ca.certificate), {});
  });

  it('keeps a name unchanged with any characters', async () => {
    const keys = generateKeyPair();
    const name = 'Söhne & Co., "Süd"/OU=admin';
    const ca = await Authority.createRoot({ ...request(name, keys), organisation: 'Größe' }, signerOf(keys.privateKey));
    const { subject } = new X509Certificate(ca.certificate);
    assert.ok(!subject.split('\n').includes('OU=admin'));
    assert.match(subject, /^O=Gr/m);
    const leaf = await ca.issueIdentity({ ...request('x'), role: 'peer' });
    assert.ok(issuedBy(leaf, ca.certificate));
  });

  it('certifies TLS keys for host names and addresses', async () => {
    const tlsca = await root();
    const hosts = ['peer0.lab-alpha.example', 'localhost', '127.0.0.1', '::1'];
    const certificate = new X509Certificate(await tlsca.issueTls({ ...request('peer0.lab-alpha.example'), hosts }));
    assert.equal(certificate.checkHost('peer0.lab-alpha.example'), 'peer0.lab-alpha.example');
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.ok(certificate.checkIP('127.0.0.1') !== undefined && certificate.checkIP('::1') !== undefined);
    assert.equal(certificate.checkHost('evil.example'), undefined);
    assert.deepEqual([...certificate.keyUsage].sort(), ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('certifies intermediates, which certify in turn', async () => {
    const ca = await root();
    const keys = generateKeyPair();
    const intermediate = await ca.createIntermediate(request('ica.lab-alpha.example', keys), signerOf(keys.privateKey));
    const leaf = await intermediate.issueIdentity({ ...request('peer0'), role: 'peer' });
    assert.ok(issuedBy(intermediate.certificate, ca.certificate));
    assert.ok(issuedBy(leaf, intermediate.certificate));
    assert.ok(!issuedBy(leaf, ca.certificate));
  });

  it('gives the validity that it is asked for, past and future, and past the year 2049', async () => {
    const ca = await root();
    const windows = [
      [-10 * DAY, -5 * DAY],
      [5 * DAY, 10 * DAY],
      [0, 36_500 * DAY],
    ] as const;
    for (const [from, to] of windows) {
      const now = Math.floor(Date.now() / 1000) * 1000;
      const validity = { notBefore: new Date(now + from), notAfter: new Date(now + to) };
      const x509 = new X509Certificate(await ca.issueIdentity({ ...request('x'), role: 'client', validity }));
      assert.equal(Date.parse(x509.validFrom), now + from);
      assert.equal(Date.parse(x509.validTo), now + to);
    }
  });

  it('numbers its certificates at random, with positive numbers of 128 bits', async () => {
    const ca = await root();
    const numbers = new Set<string>();
    for (let count = 0; count < 50; count += 1) {
      const { serialNumber } = new X509Certificate(await ca.issueIdentity({ ...request('x'), role: 'client' }));
      assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
      numbers.add(serialNumber);
    }
    assert.equal(numbers.size, 50);
  });

  it('never emits a high-S signature, even if its signer makes one', async () => {
    const keys = generateKeyPair();
    const made: Uint8Array[] = [];
    const { sign } = await import('node:crypto');
    const ca = await Authority.createRoot(request('ca', keys), (bytes) => sign('sha256', bytes, keys.privateKey));
    for (let count = 0; count < 30; count += 1) {
      const { raw } = new X509Certificate(await ca.issueIdentity({ ...request('x'), role: 'client' }));
      // The signature is the last element: its BIT STRING starts 03, length, 00 and ends with the certificate.
      made.push(raw.subarray(raw.lastIndexOf(Buffer.from('04030203', 'hex')) + 4 + 2));
    }
    assert.ok(made.every(isLowS));
  });

  it('refuses to issue if its signer uses another key than its certificate', async () => {
    const { certificate } = await root();
    const imposter = new Authority(certificate, signerOf(generateKeyPair().privateKey));
    await assert.rejects(imposter.issueIdentity({ ...request('x'), role: 'client' }), { code: 'KEY_MISMATCH' });
  });

  it('signs revocation lists, empty ones too', async () => {
    const ca = await root();
    const now = new Date();
    const list = { thisUpdate: now, nextUpdate: new Date(now.getTime() + DAY), number: 7 };
    const serialNumber = 'C0FFEE';
    const some = await ca.revocationList({
      ...list,
      revoked: [{ serialNumber, revokedAt: now, reason: 'keyCompromise' }],
    });
    const none = await ca.revocationList({ ...list, revoked: [] });
    assert.match(some, /^-----BEGIN X509 CRL-----\n[\s\S]*-----END X509 CRL-----\n$/);
    const der = (pem: string) => Buffer.from(pem.replace(/-----.*-----|\n/g, ''), 'base64');
    // A leading zero keeps the number positive.
    assert.ok(der(some).includes(Buffer.from('020400c0ffee', 'hex')));
    assert.ok(!der(none).includes(Buffer.from('c0ffee', 'hex')));
  });
});
