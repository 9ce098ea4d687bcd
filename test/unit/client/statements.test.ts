import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { canonicalJson } from '@tracecal/core/model';
import type { Statement } from '@tracecal/core/model';
import { claimedSigners, isSignedBy, payloadText, readCertificate } from '@tracecal/core/signing';
import {
  addSignature,
  keySigner,
  missingSignatories,
  nameOfSigner,
  newStatement,
  readStatement,
  signStatement,
  statementDigest,
} from '@tracecal/gateway-client';
import type { Signer } from '@tracecal/gateway-client';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';
import { failsWith } from '../../support/clientFailure.js';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const signerOf = ({ privateKey, certificate }: KeyHolder): Signer => keySigner(privateKey, certificate);

function transfer(changes: { readonly number?: number; readonly intervalDays?: number | null } = {}) {
  const { number = 3, intervalDays = 365 } = changes;
  return newStatement('transfer', {
    registry: 'calibration',
    author: 'oem-a',
    subject: { kind: 'device', id: 'oem-a/sensor-17' },
    number,
    date: '2026-03-01T09:30:00Z',
    body: { to: 'operator', intervalDays },
  });
}

describe('a statement', () => {
  let oem: KeyHolder;
  let seller: KeyHolder;
  let buyer: KeyHolder;
  let technician: KeyHolder;

  before(async () => {
    oem = await keyHolder({ role: 'organisation', id: 'oem-a', organisation: 'oem-a', certifiedBy: null });
    const operator = await keyHolder({
      role: 'organisation',
      id: 'operator',
      organisation: 'operator',
      certifiedBy: null,
    });
    const officer = (organisation: string, certifiedBy: KeyHolder) =>
      keyHolder({ role: 'officer', id: `${organisation}/officer`, organisation, certifiedBy });
    seller = await officer('oem-a', oem);
    buyer = await officer('operator', operator);
    technician = await keyHolder({
      role: 'technician',
      id: 'oem-a/t-1',
      organisation: 'oem-a',
      certifiedBy: oem,
    });
  });

  describe('before it is signed', () => {
    it('has the type of its kind, its place among what its author says, and the moment at which it was made', () => {
      const before = new Date().toISOString().slice(0, 19);
      const statement = newStatement('seal', {
        registry: 'calibration',
        author: 'nmi',
        subject: { kind: 'registry', id: 'calibration' },
        number: 7,
        body: {},
      });
      assert.equal(statement.type, 'tracecal-seal/1');
      assert.equal(statement.number, 7);
      assert.ok(statement.date >= `${before}Z`, statement.date);
    });

    it('has number 0 where it brings its subject into being', () => {
      const statement = newStatement('organisation', {
        registry: 'calibration',
        author: 'lab-alpha',
        subject: { kind: 'organisation', id: 'lab-alpha' },
        body: {
          kind: 'LAB',
          mspId: 'LabAlphaMSP',
          name: 'Alpha',
          country: 'DE',
          certifier: 'nmi',
          certificateSha256: 'ab'.repeat(32),
        },
      });
      assert.equal(statement.number, 0);
    });

    it('is refused with the first thing that is wrong in it', () => {
      assert.throws(() => transfer({ intervalDays: 0 }), failsWith('INPUT_INVALID', /body\.intervalDays/));
      assert.throws(() => transfer({ number: -1 }), failsWith('INPUT_INVALID', /number/));
    });
  });

  describe('that is signed', () => {
    it('carries the signatures of its signers, each under the name in its certificate, over its canonical form', async () => {
      const jws = await signStatement(transfer(), [signerOf(seller), signerOf(buyer)]);
      assert.equal(payloadText(jws), canonicalJson(transfer()));
      assert.deepEqual(claimedSigners(jws), ['officer:oem-a/officer', 'officer:operator/officer']);
      for (const holder of [seller, buyer]) {
        const { publicKey, sha256, id } = readCertificate(holder.certificate, 'officer');
        assert.ok(isSignedBy(jws, `officer:${id}`, publicKey, sha256), id);
      }
      assert.deepEqual(readStatement(jws), transfer());
    });

    it('needs somebody who signs it', async () => {
      await assert.rejects(signStatement(transfer(), []), failsWith('INPUT_INVALID', /signatures/));
    });

    it('is not signed by a key that does not belong to its certificate', async () => {
      const mismatched = keySigner(buyer.privateKey, seller.certificate);
      await assert.rejects(signStatement(transfer(), [mismatched]), failsWith('SIGNER_INVALID', /oem-a\/officer/));
    });

    it('may be signed by a token that makes high values of s: they are lowered', async () => {
      const token: Signer = {
        certificate: seller.certificate,
        sign: (bytes) => {
          const signature = sign('sha256', bytes, { key: seller.privateKey, dsaEncoding: 'ieee-p1363' });
          const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
          const high = s > N / 2n ? s : N - s;
          return Promise.resolve(
            Buffer.concat([signature.subarray(0, 32), Buffer.from(high.toString(16).padStart(64, '0'), 'hex')]),
          );
        },
      };
      const jws = await signStatement(transfer(), [token]);
      const { publicKey, sha256 } = readCertificate(seller.certificate, 'officer');
      assert.ok(isSignedBy(jws, 'officer:oem-a/officer', publicKey, sha256));
    });

    const failures: readonly (readonly [what: string, why: RegExp, sign: () => Promise<Uint8Array>])[] = [
      [
        'fails',
        /^officer:oem-a\/officer did not sign: the token was removed$/,
        () => Promise.reject(new Error('the token was removed')),
      ],
      [
        'throws',
        /did not sign: the token was removed$/,
        () => {
          throw new Error('the token was removed');
        },
      ],
      ['answers nothing', /did not sign: no bytes were returned\.$/, () => Promise.resolve(undefined as never)],
      ['answers text', /did not sign: no bytes were returned\.$/, () => Promise.resolve('signature' as never)],
    ];
    for (const [what, why, signing] of failures) {
      it(`is not signed by a token that ${what}, which is told with its name`, async () => {
        const token: Signer = { certificate: seller.certificate, sign: signing };
        await assert.rejects(signStatement(transfer(), [token]), failsWith('SIGNER_INVALID', why));
      });
    }

    it('is not signed where a token answers with a DER signature', async () => {
      const token: Signer = {
        certificate: seller.certificate,
        sign: (bytes) => Promise.resolve(sign('sha256', bytes, seller.privateKey)),
      };
      await assert.rejects(signStatement(transfer(), [token]), failsWith('SIGNER_INVALID'));
    });

    it('is not signed with a certificate that fits no role', async () => {
      const token = keySigner(seller.privateKey, 'AAAA');
      await assert.rejects(signStatement(transfer(), [token]), failsWith('CERTIFICATE_INVALID'));
    });
  });

  describe('that goes from hand to hand', () => {
    it('is the same statement after every further signature', async () => {
      const first = await signStatement(transfer(), [signerOf(seller)]);
      const both = await addSignature(JSON.parse(JSON.stringify(first)) as typeof first, signerOf(buyer));
      assert.equal(statementDigest(both), statementDigest(first));
      assert.deepEqual(both.signatures.slice(0, 1), first.signatures);
      assert.deepEqual(claimedSigners(both), ['officer:oem-a/officer', 'officer:operator/officer']);
    });

    it('tells whose signature it still lacks', async () => {
      const first = await signStatement(transfer(), [signerOf(seller)]);
      assert.deepEqual(missingSignatories(first), { names: [], voices: ['operator'], majority: 'none' });
      const both = await addSignature(first, signerOf(buyer));
      assert.deepEqual(missingSignatories(both), { names: [], voices: [], majority: 'none' });
    });

    it('tells that institutes have to decide together about one of them', async () => {
      const revocation = newStatement('revocation', {
        registry: 'calibration',
        author: 'oem-a',
        subject: { kind: 'organisation', id: 'nmi' },
        number: 1,
        body: { reason: 'fraud', effective: '2026-03-01T00:00:00Z' },
      });
      const jws = await signStatement(revocation, [signerOf(seller), signerOf(buyer)]);
      assert.equal(missingSignatories(jws, (id) => id === 'nmi').majority, 'other-institutes');
      assert.equal(missingSignatories(jws).majority, 'none');
    });

    it('is signed once by each', async () => {
      const first = await signStatement(transfer(), [signerOf(seller)]);
      await assert.rejects(addSignature(first, signerOf(seller)), failsWith('SIGNER_INVALID', /already/));
    });

    it('is not signed by who has no part in it: the registry would refuse it with that signature', async () => {
      const first = await signStatement(transfer(), [signerOf(seller)]);
      await assert.rejects(addSignature(first, signerOf(technician)), failsWith('SIGNER_INVALID', /no part/));
      const interval = newStatement('interval', {
        registry: 'calibration',
        author: 'operator',
        subject: { kind: 'device', id: 'oem-a/sensor-17' },
        number: 1,
        body: { intervalDays: 30 },
      });
      await assert.rejects(signStatement(interval, [signerOf(seller)]), failsWith('SIGNER_INVALID', /no part/));
    });

    it('may be signed by an organisation that already acts through the MSP, if another one joins it', async () => {
      const site = newStatement('organisation', {
        registry: 'calibration',
        author: 'oem-a-site',
        subject: { kind: 'organisation', id: 'oem-a-site' },
        body: {
          kind: 'OPERATOR',
          mspId: 'OemAMSP',
          name: 'Site',
          country: 'DE',
          certifier: 'lab-alpha',
          certificateSha256: 'ab'.repeat(32),
        },
      });
      const jws = await signStatement(site, [signerOf(seller)]);
      assert.deepEqual(claimedSigners(jws), ['officer:oem-a/officer']);
    });

    it('is not signed where it cannot be read', async () => {
      const unknown = { ...transfer(), type: 'tracecal-gift/1' } as unknown as Statement;
      await assert.rejects(signStatement(unknown, [signerOf(seller)]), failsWith('VERSION_UNKNOWN', /tracecal-gift/));
      const jws = { payload: Buffer.from('{"a": 1}').toString('base64url'), signatures: [] };
      await assert.rejects(addSignature(jws, signerOf(seller)), failsWith('INPUT_INVALID'));
    });
  });

  it('is signed under the name that the certificate of each role holds', () => {
    assert.equal(nameOfSigner(signerOf(oem)), 'organisation:oem-a');
    assert.equal(nameOfSigner(signerOf(technician)), 'technician:oem-a/t-1');
    assert.equal(nameOfSigner(signerOf(seller)), 'officer:oem-a/officer');
  });
});
