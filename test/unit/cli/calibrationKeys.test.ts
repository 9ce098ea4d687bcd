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
    for (const name of readdirSync(join(folder, 'organisations'))) {
      assert.equal(statSync(join(folder, 'organisations', name)).mode & 0o777, 0o600, name);
    }
  });

  it('are found by what follows the organisation in their id, where only one has it', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    for (const organisation of ['nmi-a', 'nmi-b']) {
      await keys.organisation(organisation, null);
      await keys.technician(`${organisation}/t-1`, organisation);
    }
    await keys.technician('nmi-b/t-2', 'nmi-b');
    assert.equal(await keys.find('technician', 't-2'), 'nmi-b/t-2');
    assert.equal(await keys.find('technician', 'nmi-a/t-1'), 'nmi-a/t-1');
    await assert.rejects(keys.find('technician', 't-1'), {
      code: 'USAGE',
      message: /t-1 can be nmi-a\/t-1 or nmi-b\/t-1/,
    });
    await assert.rejects(keys.find('technician', 't-3'), { code: 'KEYS_MISSING' });
    assert.deepEqual(await keys.ids('technician'), ['nmi-a/t-1', 'nmi-b/t-1', 'nmi-b/t-2']);
  });

  it('stay in use until the one that takes their place is registered', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    await keys.organisation('nmi', null);
    const before = await keys.technician('nmi/t-1', 'nmi');
    const renewal = await keys.renewal('technician', 'nmi/t-1', 'nmi');
    assert.notEqual(renewal.certificate, before);
    assert.equal((await keys.signer('technician', 'nmi/t-1')).certificate, before);
    assert.deepEqual(await keys.ids('technician'), ['nmi/t-1'], 'the next key is nobody of its own');
    await renewal.take();
    assert.equal((await keys.signer('technician', 'nmi/t-1')).certificate, renewal.certificate);
  });

  it('are not shared by ids that differ only by case, as they would be on some disks', async () => {
    const folder = temporaryFolder();
    const keys = new CalibrationKeys(folder);
    await keys.organisation('NMI-north', null);
    await assert.rejects(keys.organisation('nmi-north', null), {
      code: 'INPUT_INVALID',
      message: /nmi-north differs only by case from NMI-north/,
    });
    assert.equal(readdirSync(join(folder, 'organisations')).length, 2, 'one key and its certificate');
    await keys.organisation('NMI-north', null);
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
