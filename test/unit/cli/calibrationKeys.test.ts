import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isIssuedBy, isOf, readCertificate } from '@tracecal/chaincode/signing';
import { CalibrationKeys } from '@tracecal/gateway-client/cli';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('the calibration keys of a data directory', () => {
  after(removeTemporaryFolders);

  it('certify a key anew when another organisation is to certify it, and keep the key', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    const institute = read(await keys.organisation('nmi-right', null));
    await keys.organisation('nmi-wrong', null);

    const mistaken = read(await keys.organisation('lab', 'nmi-wrong'));
    const corrected = read(await keys.organisation('lab', 'nmi-right'));

    assert.equal(corrected.verify(institute.publicKey), true);
    assert.equal(corrected.publicKey.equals(mistaken.publicKey), true);
    assert.equal(await keys.organisation('lab', 'nmi-right'), corrected.raw.toString('base64'), 'and only then');
  });

  it('include officers, whom their organisation certifies to sign in its name', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    const institute = await keys.organisation('nmi', null);
    const officer = readCertificate(await keys.officer('nmi/o-1', 'nmi'), 'officer');
    assert.ok(isOf(officer, 'nmi', 'nmi/o-1'));
    assert.ok(isIssuedBy(officer, readCertificate(institute, 'organisation')));
    assert.ok(keys.has('officer', 'nmi/o-1'));
  });

  it('are readable by their owner alone', async () => {
    const folder = temporaryFolder();
    await new CalibrationKeys(folder).organisation('nmi', null);
    assert.equal(statSync(join(folder, 'organisations', 'nmi.key.pem')).mode & 0o777, 0o600);
  });

  it('are not shared by ids that differ only by case, as they would be on some disks', async () => {
    const folder = temporaryFolder();
    const keys = new CalibrationKeys(folder);
    await keys.organisation('NMI:north', null);
    await assert.rejects(keys.organisation('nmi:north', null), {
      code: 'INPUT_INVALID',
      message: /nmi:north differs only by case from NMI:north/,
    });
    assert.equal(readdirSync(join(folder, 'organisations')).length, 2, 'one key and its certificate');
    await keys.organisation('NMI:north', null);
  });

  for (const id of ['', '..', '../../evil', 'a/../../evil', 'x'.repeat(300), 'a\u001b[31m']) {
    it(`are not made for what cannot be an id: ${JSON.stringify(id.slice(0, 20))}`, async () => {
      const folder = temporaryFolder();
      await assert.rejects(new CalibrationKeys(folder).organisation(id, null), { code: 'INPUT_INVALID' });
      assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
    });
  }
});

function read(certificate: string): X509Certificate {
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}
