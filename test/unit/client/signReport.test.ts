import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { canonicalJson } from '@tracecal/chaincode/model';
import type { HeartbeatPayload, ReportPayload } from '@tracecal/chaincode/model';
import { claimedSigners, isSignedBy, payloadDigest, payloadText, readCertificate } from '@tracecal/chaincode/signing';
import {
  keySigner,
  referenceTo,
  ReportBuilder,
  signHeartbeat,
  signReport,
  TraceCalError,
} from '@tracecal/gateway-client';
import type { Signer } from '@tracecal/gateway-client';
import { keyHolder } from '../../support/calibrationKeys.js';
import type { KeyHolder } from '../../support/calibrationKeys.js';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const DIGEST = 'ab'.repeat(32);

function failsWith(code: string, pattern = /\S/) {
  return (error: unknown) => error instanceof TraceCalError && error.code === code && pattern.test(error.message);
}

describe('a report', () => {
  let technician: KeyHolder;
  let standard: KeyHolder;
  let other: KeyHolder;

  before(async () => {
    const nmi = await keyHolder({ role: 'organisation', id: 'nmi', organisation: 'nmi', certifiedBy: null });
    technician = await keyHolder({ role: 'technician', id: 't-1', organisation: 'nmi', certifiedBy: nmi });
    standard = await keyHolder({ role: 'device', id: 'pt25', organisation: 'nmi', certifiedBy: technician });
    other = await keyHolder({ role: 'technician', id: 't-2', organisation: 'nmi', certifiedBy: nmi });
  });

  const signer = ({ privateKey, certificate }: KeyHolder): Signer => keySigner(privateKey, certificate);

  const builder = () =>
    new ReportBuilder({
      registry: 'calibration',
      report: 'r-7',
      device: 'sensor-7',
      organisation: 'nmi',
      technician: 't-1',
    }).performed('2026-03-01', '2026-03-02');

  const payload = (): ReportPayload =>
    builder().parent({ device: 'pt25', report: 'r-2', digest: DIGEST }).certificate(DIGEST).build();

  it('is signed by its technician and by every standard that took part, over its canonical form', async () => {
    const jws = await signReport(payload(), {
      technician: signer(technician),
      parentDevices: { pt25: signer(standard) },
    });
    assert.equal(payloadText(jws), canonicalJson(payload()));
    assert.deepEqual(claimedSigners(jws), ['technician:t-1', 'device:pt25']);
    for (const [name, holder, role] of [
      ['technician:t-1', technician, 'technician'],
      ['device:pt25', standard, 'device'],
    ] as const) {
      const { publicKey, sha256 } = readCertificate(holder.certificate, role);
      assert.ok(isSignedBy(jws, name, publicKey, sha256), `${name} signed`);
    }
  });

  it('is named by its children with the digest of what was signed', async () => {
    const jws = await signReport(builder().build(), { technician: signer(technician) });
    assert.deepEqual(referenceTo(payload(), jws), { device: 'sensor-7', report: 'r-7', digest: payloadDigest(jws) });
  });

  it('is dated with the last day of the calibration unless another date is given', () => {
    assert.equal(builder().build().issued, '2026-03-02');
    assert.equal(builder().issued('2026-03-05').build().issued, '2026-03-05');
  });

  it('cannot be built without its dates, and the first thing that is missing is named', () => {
    const identity = { registry: 'calibration', report: 'r', device: 'd', organisation: 'o', technician: 't' };
    assert.throws(() => new ReportBuilder(identity).build(), failsWith('INPUT_INVALID', /performed\.begin/));
  });

  it('is not signed where the signer of a standard is missing', async () => {
    await assert.rejects(
      signReport(payload(), { technician: signer(technician) }),
      failsWith('SIGNER_MISSING', /pt25/),
    );
  });

  it('is not signed by a key that does not belong to its certificate', async () => {
    const mismatched = keySigner(other.privateKey, technician.certificate);
    await assert.rejects(signReport(builder().build(), { technician: mismatched }), failsWith('SIGNER_INVALID'));
  });

  it('may be signed by a token that makes high values of s: they are lowered', async () => {
    const token: Signer = {
      certificate: technician.certificate,
      sign: (bytes) => {
        const signature = sign('sha256', bytes, { key: technician.privateKey, dsaEncoding: 'ieee-p1363' });
        const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
        const high = s > N / 2n ? s : N - s;
        return Promise.resolve(
          Buffer.concat([signature.subarray(0, 32), Buffer.from(high.toString(16).padStart(64, '0'), 'hex')]),
        );
      },
    };
    const jws = await signReport(builder().build(), { technician: token });
    const { publicKey, sha256 } = readCertificate(technician.certificate, 'technician');
    assert.ok(isSignedBy(jws, 'technician:t-1', publicKey, sha256));
  });

  it('is refused where a token answers with a DER signature', async () => {
    const token: Signer = {
      certificate: technician.certificate,
      sign: (bytes) => Promise.resolve(sign('sha256', bytes, technician.privateKey)),
    };
    await assert.rejects(signReport(builder().build(), { technician: token }), failsWith('SIGNER_INVALID'));
  });

  it('is not signed with a certificate that is none of a technician', async () => {
    const { privateKey } = technician;
    const wrong = keySigner(privateKey, standard.certificate);
    const broken = keySigner(privateKey, 'AAAA');
    for (const token of [wrong, broken]) {
      await assert.rejects(signReport(builder().build(), { technician: token }), failsWith('CERTIFICATE_INVALID'));
    }
  });

  it('is not the only thing that is signed: so is a sign of life', async () => {
    const heartbeat: HeartbeatPayload = {
      type: 'tracecal-heartbeat/1',
      registry: 'calibration',
      nmi: 'nmi',
      technician: 't-1',
      sequence: 1,
      time: '2026-03-01T00:00:00Z',
    };
    const jws = await signHeartbeat(heartbeat, signer(technician));
    assert.deepEqual(claimedSigners(jws), ['technician:t-1']);
    await assert.rejects(
      signHeartbeat({ ...heartbeat, sequence: 0 }, signer(technician)),
      failsWith('INPUT_INVALID', /sequence/),
    );
  });
});
