import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { isIssuedBy, readCertificate } from '@tracecal/core/signing';
import {
  certifyDevice,
  certifyOfficer,
  certifyOrganisation,
  certifyTechnician,
  createCalibrationRoot,
  generateKeyPair,
  signerOf,
  validFor,
} from '@tracecal/pki';
import type { KeyPair } from '@tracecal/pki';

const subject = (id: string, organisation: string, { publicKey }: KeyPair) => ({
  id,
  organisation,
  publicKey,
  validity: validFor(100),
});
const base64 = (pem: string) => new X509Certificate(pem).raw.toString('base64');

async function chain() {
  const [nmi, lab, technician, device] = [generateKeyPair(), generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const officer = generateKeyPair();
  const root = await createCalibrationRoot(subject('nmi-north', 'nmi-north', nmi), signerOf(nmi.privateKey));
  const labCertificate = await certifyOrganisation(
    { certificate: root, sign: signerOf(nmi.privateKey) },
    subject('lab-alpha', 'lab-alpha', lab),
  );
  const technicianCertificate = await certifyTechnician(
    { certificate: labCertificate, sign: signerOf(lab.privateKey) },
    subject('lab-alpha/t-1', 'lab-alpha', technician),
  );
  const officerCertificate = await certifyOfficer(
    { certificate: labCertificate, sign: signerOf(lab.privateKey) },
    subject('lab-alpha/o-1', 'lab-alpha', officer),
  );
  const deviceCertificate = await certifyDevice(
    { certificate: technicianCertificate, sign: signerOf(technician.privateKey) },
    {
      ...subject('lab-alpha/thermometer-1', 'lab-alpha', device),
      publicKey: device.publicKey.export({ format: 'jwk' }),
    },
  );
  return {
    root,
    lab: labCertificate,
    technician: technicianCertificate,
    officer: officerCertificate,
    device: deviceCertificate,
  };
}

describe('The calibration chain', () => {
  it('keeps to the profile that the registry verifies, link by link', async () => {
    const pem = await chain();
    const root = readCertificate(base64(pem.root), 'organisation');
    const lab = readCertificate(base64(pem.lab), 'organisation');
    const technician = readCertificate(base64(pem.technician), 'technician');
    const device = readCertificate(base64(pem.device), 'device');
    assert.ok(isIssuedBy(root, root));
    assert.ok(isIssuedBy(lab, root));
    assert.ok(isIssuedBy(technician, lab));
    const officer = readCertificate(base64(pem.officer), 'officer');
    assert.ok(isIssuedBy(officer, lab));
    assert.ok(isIssuedBy(device, technician));
    assert.ok(!isIssuedBy(device, lab));
  });

  it('names the thing and its organisation, and nothing else', async () => {
    const { device } = await chain();
    assert.equal(new X509Certificate(device).subject, 'O=lab-alpha\nCN=lab-alpha/thermometer-1');
    assert.equal(new X509Certificate(device).subjectAltName, undefined);
  });

  it('gives nobody a role that is not theirs', async () => {
    const { lab, technician, officer, device } = await chain();
    assert.throws(() => readCertificate(base64(device), 'technician'));
    assert.throws(() => readCertificate(base64(device), 'officer'));
    assert.throws(() => readCertificate(base64(officer), 'device'));
    assert.throws(() => readCertificate(base64(technician), 'device'));
    assert.throws(() => readCertificate(base64(lab), 'technician'));
  });

  it('can be signed by a key that lives elsewhere and answers later', async () => {
    const keys = generateKeyPair();
    const sign = signerOf(keys.privateKey);
    const root = await createCalibrationRoot(subject('nmi', 'nmi', keys), async (bytes) => {
      await new Promise((resolve) => setImmediate(resolve));
      return sign(bytes);
    });
    assert.ok(isIssuedBy(readCertificate(base64(root), 'organisation'), readCertificate(base64(root), 'organisation')));
  });
});
