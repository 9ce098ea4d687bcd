import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrustFile, trustedRoots } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { Authority, generateKeyPair, signerOf } from '@tracecal/pki';
import { CliUser, tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const OTHER = '0b'.repeat(32);

describe('tracecal trust', () => {
  let pem: string;
  let fingerprint: string;
  let user: CliUser;

  before(async () => {
    const { publicKey, privateKey } = generateKeyPair();
    const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2045-12-31') };
    const subject = { commonName: 'root', organisation: 'nmi.example', country: 'ZZ', publicKey, validity };
    pem = (await Authority.createRoot(subject, signerOf(privateKey))).certificate;
    fingerprint = new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  });

  beforeEach(() => {
    user = new CliUser(join(temporaryFolder(), 'data'));
  });

  after(removeTemporaryFolders);

  function file(content: string | Uint8Array): string {
    const path = join(temporaryFolder(), 'certificate');
    writeFileSync(path, content);
    return path;
  }

  it('adds roots by their certificate or by its fingerprint, shows them, and removes them', async () => {
    await user.succeed('trust', 'add', 'nmi-north', file(pem));
    await user.succeed('trust', 'add', 'nmi-south', OTHER, '--heartbeats', '2');
    const shown = await user.succeed<Trust>('trust', 'show');
    const roots = [
      { name: 'nmi-north', sha256: fingerprint },
      { name: 'nmi-south', sha256: OTHER },
    ];
    assert.deepEqual([shown.roots, shown.heartbeats], [roots, { k: 2 }]);
    await user.succeed('trust', 'remove', 'nmi-south', '--heartbeats', '1');
    assert.deepEqual(trustedRoots(await readTrustFile(join(user.data, 'trust.json'))), [fingerprint]);
  });

  it('takes a certificate in DER form, and a fingerprint as OpenSSL prints it', async () => {
    const [der, printed] = [new CliUser(temporaryFolder()), new CliUser(temporaryFolder())];
    await der.succeed('trust', 'add', 'nmi-north', file(new X509Certificate(pem).raw));
    await printed.succeed('trust', 'add', 'nmi-north', new X509Certificate(pem).fingerprint256);
    assert.deepEqual(
      (await der.succeed<Trust>('trust', 'show')).roots,
      (await printed.succeed<Trust>('trust', 'show')).roots,
    );
  });

  it('exports the same text for everybody who trusts the same, and others can use it', async () => {
    await user.succeed('trust', 'add', 'nmi-south', OTHER);
    await user.succeed('trust', 'add', 'nmi-north', fingerprint);
    const other = join(temporaryFolder(), 'other.json');
    await user.succeed('trust', 'add', 'nmi-north', fingerprint, '--trust', other);
    await user.succeed('trust', 'add', 'nmi-south', OTHER, '--trust', other);
    const environment = { TRACECAL_DATA: user.data };
    const { stdout } = await tracecal(['trust', 'export'], { environment });
    assert.equal((await tracecal(['trust', 'export', '--trust', other, '--json'])).stdout, stdout);
    assert.equal(readFileSync(other, 'utf8'), stdout);
  });

  it('tells people in words how many heartbeats it asks for', async () => {
    await user.succeed('trust', 'add', 'nmi-north', fingerprint);
    const environment = { TRACECAL_DATA: user.data };
    const { stdout } = await tracecal(['trust', 'add', 'nmi-south', OTHER], { environment });
    assert.match(stdout, new RegExp(`^nmi-north +${fingerprint}$`, 'm'));
    assert.match(stdout, /\(--max-age\), 1 of 2 roots must have one/);
  });

  it('refuses what is no certificate, or more than one, and writes nothing', async () => {
    for (const [content, code] of [
      ['', 'INPUT_INVALID'],
      ['nonsense', 'INPUT_INVALID'],
      [pem + pem, 'INPUT_INVALID'],
    ] as const) {
      assert.equal(await user.fail(2, 'trust', 'add', 'nmi-north', file(content)), code);
    }
    assert.equal(await user.fail(2, 'trust', 'add', 'nmi-north', '/nowhere/certificate.pem'), 'FILE_UNREADABLE');
    assert.equal(await user.fail(2, 'trust', 'add', 'a b', OTHER), 'TRUST_UNCHANGED');
    assert.ok(!existsSync(join(user.data, 'trust.json')));
  });

  it('refuses a change that would be wrong, and leaves the file as it is', async () => {
    await user.succeed('trust', 'add', 'nmi-north', fingerprint);
    const before = readFileSync(join(user.data, 'trust.json'), 'utf8');
    for (const args of [
      ['add', 'nmi-north', OTHER],
      ['add', 'other', fingerprint],
      ['add', 'other', OTHER, '--heartbeats', '3'],
      ['remove', 'nmi-south'],
      ['remove', 'nmi-north'],
    ]) {
      assert.equal(await user.fail(2, 'trust', ...args), 'TRUST_UNCHANGED', args.join(' '));
    }
    assert.equal(readFileSync(join(user.data, 'trust.json'), 'utf8'), before);
  });

  it('says in one sentence where there is no trust file, or a bad one', async () => {
    for (const command of [['show'], ['export'], ['remove', 'nmi-north']]) {
      assert.equal(await user.fail(2, 'trust', ...command), 'TRUST_MISSING');
      assert.equal(await user.fail(2, 'trust', ...command, '--trust', file('{}')), 'TRUST_INVALID');
    }
    const bad = file(JSON.stringify({ type: 'tracecal-trust/1', roots: [], heartbeats: { k: 1 }, channel: {} }));
    assert.equal(await user.fail(2, 'trust', 'add', 'nmi-north', OTHER, '--trust', bad), 'TRUST_INVALID');
    const { stderr } = await tracecal(['trust', 'show', '--trust', '/nowhere/trust.json']);
    assert.equal(stderr.trim().split('\n').length, 1);
  });
});
