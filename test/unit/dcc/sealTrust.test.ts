import assert from 'node:assert/strict';
import { verifySeal } from '@tracecal/gateway-client/dcc';
import { rootAuthority, rsaKey } from '../../support/seals/authority.js';
import type { CertificateTraits } from '../../support/seals/authority.js';
import { revocationList, timestampToken } from '../../support/seals/evidence.js';
import {
  cleanLists,
  failsAt,
  isOpenAt,
  isVerified,
  laboratory,
  middle,
  root,
} from '../../support/seals/expectations.js';
import {
  sealed,
  sealOf,
  STAMPED,
  stampAuthority,
  stampRoot,
  trust,
  withLists,
} from '../../support/seals/expectations.js';
import { revocationValues, signatureTimestamp, signedCertificate } from '../../support/seals/signedCertificate.js';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** A sealed certificate by a signer below an authority with these traits. */
function below(traits: CertificateTraits, issuer = root): Buffer {
  const authority = issuer.issueAuthority('Authority', traits);
  return withLists([authority], authority.issue('Signer'), [revocationList(root), revocationList(authority)]);
}

/** The laboratory's seal with another timestamp; the CRLs are there. */
function stamped(token: (value: Buffer) => Buffer): Buffer {
  return sealed({ unsigned: (value) => signatureTimestamp(token(value)) + revocationValues(cleanLists()) });
}

const ownStamps = rootAuthority('Own Stamps').issue('Own', { extendedKeyUsage: TIME_STAMPING });
const newStamps = stampRoot.issue('New Stamps', { extendedKeyUsage: TIME_STAMPING, notBefore: '2025-06-11T00:00:00Z' });
const noStamps = stampRoot.issue('No Stamps');

describe('the trust anchor of a seal', () => {
  it('is open without anchors, and with anchors of others', async () => {
    await isOpenAt('trust-anchor', sealed(), /no trust anchor was given/, { anchors: [] });
    await isOpenAt('trust-anchor', sealed(), /No trust anchor issued/, { anchors: [rootAuthority('Other').pem] });
  });

  it('is not taken from a file without certificates', async () => {
    for (const text of ['', 'x', root.pem.replace(/MII/, 'AAA')]) {
      await assert.rejects(verifySeal(sealed(), { anchors: [text] }), { code: 'ANCHOR_INVALID' });
    }
  });

  it('is not found by its name alone', async () => {
    const namesake = rootAuthority('Root');
    await isOpenAt('trust-anchor', sealed(), /did not sign/, { anchors: [namesake.pem, stampRoot.pem] });
  });

  it('may be an authority on the way, or the certificate of the signer itself', async () => {
    await isVerified(sealed(), { anchors: [middle.pem, stampRoot.pem] });
    await isVerified(sealed(), { anchors: [laboratory.pem, stampRoot.pem] });
  });

  it('is reached over certificates that are given beside the file', async () => {
    const file = sealed({ chain: [] });
    await isOpenAt('trust-anchor', file);
    await isVerified(file, { ...trust, intermediates: [middle.pem] });
  });

  it('is not reached over certificates that only came with the file', async () => {
    const own = rootAuthority('Own');
    const signer = own.issue('Laboratory');
    await isOpenAt('trust-anchor', withLists([own], signer, [revocationList(own)]));
  });

  for (const [what, traits, reason] of [
    ['is no authority', { isAuthority: false }, /not that of a certification authority/],
    ['may not sign certificates', { keyUsage: [6] }, /may not sign certificates/],
    ['has expired', { notAfter: '2025-06-01T00:00:00Z' }, /was not valid at 2025-06-10/],
    ['is not yet valid', { notBefore: '2025-07-01T00:00:00Z' }, /was not valid at 2025-06-10/],
    ['has a critical extension that nobody understands', { criticalExtension: '1.2.3.4.5' }, /1\.2\.3\.4\.5/],
    ['has a key that is too short', { key: rsaKey(1024) }, /too short/],
    ['was signed with SHA-1', { hash: 'sha1' }, /did not sign .* with an accepted algorithm/],
  ] as const) {
    it(`is not reached over a certificate that ${what}`, async () => {
      await isOpenAt('trust-anchor', below(traits), reason);
    });
  }

  it('is not reached over more authorities than one on the way allows', async () => {
    const narrow = root.issueAuthority('Narrow', { pathLength: 0 });
    const lists = [revocationList(root), revocationList(narrow)];
    await isVerified(withLists([narrow], narrow.issue('Signer'), lists));
    const further = narrow.issueAuthority('Further');
    const chain = [further, narrow];
    const file = withLists(chain, further.issue('Signer'), [...lists, revocationList(further)]);
    await isOpenAt('trust-anchor', file, /allows at most 0 authorities/);
  });

  it('is found in spite of authorities that certify one another in a circle', async () => {
    const a = rootAuthority('A');
    const b = a.issueAuthority('B');
    const again = b.issueAuthority('A', { key: a.key });
    await isOpenAt('trust-anchor', withLists([b, again], b.issue('Signer'), []), /No trust anchor issued/);
  });
});

describe('the time of a seal', () => {
  it('is proven by the ledger that took the file in, if nothing else does', async () => {
    const file = signedCertificate({ signer: laboratory, chain: [middle] });
    const takenIn = new Date('2025-06-20T00:00:00Z');
    const seal = await isVerified(file, { ...trust, takenIn, revocation: cleanLists() });
    assert.deepEqual([seal.provenBy, seal.provenTime], ['taken-in', takenIn.toISOString()]);
  });

  it('is the earliest of several timestamps', async () => {
    const file = sealed({
      unsigned: (value) =>
        ['2025-06-12T00:00:00Z', STAMPED, '2025-06-11T00:00:00Z']
          .map((at) => signatureTimestamp(timestampToken(stampAuthority, value, at)))
          .join('') + revocationValues(cleanLists()),
    });
    assert.equal((await isVerified(file)).provenTime, new Date(STAMPED).toISOString());
  });

  for (const [what, token, reason] of [
    [
      'belongs to another signature',
      () => timestampToken(stampAuthority, Buffer.from('x'), STAMPED),
      /another signature/,
    ],
    ['is by nobody trusted', (value: Buffer) => timestampToken(ownStamps, value, STAMPED), /No trust anchor issued/],
    [
      'is by someone who may not stamp',
      (value: Buffer) => timestampToken(noStamps, value, STAMPED),
      /not for timestamps/,
    ],
    [
      'was signed by another key',
      (value: Buffer) => timestampToken(stampAuthority, value, STAMPED, { signer: noStamps }),
      /signature does not hold/,
    ],
    [
      'names another certificate',
      (value: Buffer) => timestampToken(stampAuthority, value, STAMPED, { named: noStamps }),
      /another certificate/,
    ],
    [
      'had its content exchanged',
      (value: Buffer) => timestampToken(stampAuthority, value, STAMPED, { signedInfo: Buffer.from('x') }),
      /content was changed/,
    ],
    ['is older than its authority', (value: Buffer) => timestampToken(newStamps, value, STAMPED), /was not valid/],
    ['is not a timestamp', () => Buffer.from('3003020101', 'hex'), /does not count/],
  ] as const) {
    it(`is open when the timestamp ${what}`, async () => {
      const file = stamped(token);
      await isOpenAt('time', file, reason);
      assert.equal((await sealOf(file)).provenTime, null);
    });
  }

  it('is open when nothing says whether the timestamp authority was revoked', async () => {
    const lists = [revocationList(root), revocationList(middle)];
    const file = sealed({
      unsigned: (value) => signatureTimestamp(timestampToken(stampAuthority, value, STAMPED)) + revocationValues(lists),
    });
    await isOpenAt('time', file, /no revocation data covers the certificate "CN=Stamps"/);
  });

  it('is open when the timestamp authority was revoked before', async () => {
    const revoked = revocationList(stampRoot, [{ holder: stampAuthority, at: '2025-06-01T00:00:00Z' }]);
    const file = sealed({
      unsigned: (value) =>
        signatureTimestamp(timestampToken(stampAuthority, value, STAMPED)) +
        revocationValues([revocationList(root), revocationList(middle), revoked]),
    });
    await isOpenAt('time', file, /"CN=Stamps" was revoked/);
  });

  it('fails before the certificate was valid, and is open after it expired', async () => {
    const lists = [revocationList(root), revocationList(middle)];
    const early = middle.issue('Early', { notBefore: '2025-06-11T00:00:00Z' });
    await failsAt('time', withLists([middle], early, lists), /was valid from 2025-06-11/);
    const late = middle.issue('Late', { notAfter: '2025-06-10T00:00:00Z' });
    await isOpenAt('time', withLists([middle], late, lists), /was valid from/);
  });
});
