import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { inspectBytes, verifySeal } from '@tracecal/gateway-client/dcc';
import type { SealTrust } from '@tracecal/gateway-client/dcc';
import { ecKey, rsaKey } from '../../support/seals/authority.js';
import type { Holder } from '../../support/seals/authority.js';
import { laboratory, middle, sealed } from '../../support/seals/expectations.js';
import { algorithm, ALGORITHMS, reference } from '../../support/seals/signedCertificate.js';
import { signatureOver, withSignature } from '../../support/seals/signedCertificate.js';
import { smallCertificate } from '../../support/smallCertificate.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const LONG_TERM = 'v3.2.0__pydcc_dcc_gp_temperature_typical_v12_v3.2.0_signed_lt.xml';

/** The outside certificates that carry a signature, and whether it holds. */
function signedFiles(test: Mocha.Context): Map<string, Buffer> {
  const files = [
    ...sharedFiles(requireSharedData(test, 'dcc', 'signed')),
    ...sharedFiles(requireSharedData(test, 'dcc', 'broken')),
  ];
  return new Map(files.filter(([name]) => name.includes('sign')));
}

/** Roots that came with the long-term file; whoever asks would have them from elsewhere. */
function outsideTrust(file: Buffer): SealTrust {
  const certificates = [...file.toString().matchAll(/EncapsulatedX509Certificate>([^<]{50,})/g)].map(
    ([, base64 = '']) => new X509Certificate(Buffer.from(base64, 'base64')),
  );
  const pem = certificates.map(String);
  return { anchors: pem.filter((_, index) => isRoot(certificates[index]!)), intermediates: pem };
}

function isRoot({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer;
}

const PREFIXES =
  '<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="dcc xsi"></ec:InclusiveNamespaces>';

describe('seals of outside certificates', () => {
  it('hold or fail as their index says', async function () {
    const files = signedFiles(this);
    assert.equal(files.size, 6);
    for (const [name, file] of files) {
      const { seal } = await verifySeal(file);
      const expected = name.includes('manipulated')
        ? ['not-verified', 'reference-digest']
        : ['indeterminate', 'trust-anchor'];
      assert.deepEqual([seal.state, seal.failedStep], expected, `${name}: ${seal.sentence}`);
    }
  });

  it('with timestamp and revocation data are verified at the time of the timestamp', async function () {
    const file = readFileSync(join(requireSharedData(this, 'dcc', 'signed'), LONG_TERM));
    const { seal } = await verifySeal(file, outsideTrust(file));
    assert.deepEqual([seal.state, seal.provenBy], ['verified', 'timestamp'], seal.sentence);
    assert.equal(seal.provenTime, '2023-06-20T12:12:37.000Z');
    assert.equal(seal.signer?.subject, 'CN=Calibration Lab A1, O=Calibration A GmbH, C=DE');
    assert.equal(seal.digests.certificates.length, 3);
  });

  it('without a timestamp are open at the time, though the certificate leads to an anchor', async function () {
    const folder = requireSharedData(this, 'dcc', 'signed');
    const trust = outsideTrust(readFileSync(join(folder, LONG_TERM)));
    const { seal } = await verifySeal(readFileSync(join(folder, LONG_TERM.replace('_lt', ''))), trust);
    assert.deepEqual([seal.state, seal.failedStep], ['indeterminate', 'time']);
    assert.equal(seal.claimedTime, '2023-03-27T15:14:30.000Z');
  });

  it('are absent in certificates without a signature', async function () {
    for (const [name, file] of sharedFiles(requireSharedData(this, 'dcc', 'certificates'))) {
      assert.equal((await verifySeal(file)).seal.state, 'absent', name);
    }
  });
});

describe('xmlsec1 on the same files', function () {
  // A process for every file.
  this.timeout(60_000);
  after(removeTemporaryFolders);
  before(function () {
    if (spawnSync('xmlsec1', ['--version']).status !== 0) {
      console.warn('    skipped: xmlsec1 is not installed (apt-get install xmlsec1); it checks the same signatures.');
      this.skip();
    }
  });

  /** Core validation only: digests and signature value, with the key of the certificate, whoever that is. */
  async function agree(name: string, file: Buffer): Promise<boolean> {
    const path = join(temporaryFolder(), 'signed.xml');
    writeFileSync(path, file);
    const { status } = spawnSync('xmlsec1', [
      ...['--verify', '--insecure', '--enabled-key-data', 'x509'],
      ...['--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties', path],
    ]);
    const { seal } = await verifySeal(file);
    const holds = seal.state === 'indeterminate' && seal.failedStep === 'trust-anchor';
    assert.equal(holds, status === 0, `${name}: ${seal.sentence}`);
    return holds;
  }

  it('says the same of outside certificates', async function () {
    for (const [name, file] of signedFiles(this)) {
      await agree(name, file);
    }
  });

  it('says the same of certificates that were signed here', async () => {
    for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
      assert.equal(await agree(hash, sealed({ hash })), true);
    }
    assert.equal(await agree('plain', sealed({ signingTime: null })), true);
    assert.equal(await agree('c14n', sealed({ transforms: '' })), true);
  });

  it('says the same of certificates that were changed after signing', async () => {
    const text = sealed().toString();
    for (const [from, to] of [
      ['20.10', '20.11'],
      ['2025-06-10T12:00:00Z', '2025-06-11T12:00:00Z'],
      ['<dcc:coreData>', '<dcc:coreData> '],
      ['schemaVersion="3.3.0"', 'schemaVersion="3.2.0"'],
    ] as const) {
      assert.equal(await agree(to, Buffer.from(text.replace(from, to))), false);
    }
    const harmless = text.replace('id="root" schemaVersion="3.3.0"', `schemaVersion='3.3.0'   id = "root"`);
    assert.equal(await agree('attributes in another order', Buffer.from(harmless)), true);
    const other = signatureOver({ signer: laboratory, covered: 'another certificate' });
    assert.equal(await agree('another certificate', withSignature(other)), false);
  });

  for (const [what, ofSignedInfo, ofDocument] of [
    ['c14n', algorithm('CanonicalizationMethod', ALGORITHMS.c14n), algorithm('Transform', ALGORITHMS.c14n)],
    ['c14n 1.1', algorithm('CanonicalizationMethod', ALGORITHMS.c14n11), algorithm('Transform', ALGORITHMS.c14n11)],
    [
      'exc-c14n',
      algorithm('CanonicalizationMethod', ALGORITHMS.exclusive),
      algorithm('Transform', ALGORITHMS.exclusive),
    ],
    [
      'exc-c14n with prefixes',
      algorithm('CanonicalizationMethod', ALGORITHMS.exclusive, PREFIXES),
      algorithm('Transform', ALGORITHMS.exclusive, PREFIXES),
    ],
  ] as const) {
    for (const key of [ecKey('secp384r1'), rsaKey()]) {
      it(`signs in the form ${what} with ${key.privateKey.asymmetricKeyType ?? ''} what is verified here`, async () => {
        const signer = middle.issue('Signer', { key });
        const method = `http://www.w3.org/2001/04/xmldsig-more#${kindOf(signer)}-sha384`;
        const transforms = algorithm('Transform', ALGORITHMS.enveloped) + ofDocument;
        const empty = reference('', transforms, 'sha512', '').replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>');
        const template = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>${ofSignedInfo}${algorithm('SignatureMethod', method)}${empty}</ds:SignedInfo><ds:SignatureValue></ds:SignatureValue><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>`;
        const file = signedByXmlsec(signer, smallCertificate({ head: '<!-- a -->', tail: `<!-- b --> ${template}` }));
        const { seal, signedBytes } = await verifySeal(file);
        assert.deepEqual([seal.state, seal.failedStep], ['indeterminate', 'trust-anchor'], seal.sentence);
        assert.equal(inspectBytes(signedBytes ?? Buffer.alloc(0), 'signed').uniqueIdentifier, 'TEST-1');
        const changed = Buffer.from(file.toString().replace('20.10', '20.11'));
        assert.equal((await verifySeal(changed)).seal.failedStep, 'reference-digest');
      });
    }
  }
});

function kindOf({ key }: Holder): string {
  return key.privateKey.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecdsa';
}

function signedByXmlsec(signer: Holder, template: Buffer): Buffer {
  const folder = temporaryFolder();
  const [key, certificate, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem'), join(folder, 'file.xml')];
  writeFileSync(key, signer.key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(certificate, signer.pem);
  writeFileSync(file, template);
  const { stdout, stderr, status } = spawnSync('xmlsec1', ['--sign', '--privkey-pem', `${key},${certificate}`, file]);
  assert.equal(status, 0, stderr.toString());
  return stdout;
}
