import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isIssuedBy, isOf, readCertificate } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('the calibration keys of a data directory', () => {
  after(removeTemporaryFolders);

  it('get a new certificate when another organisation must certify them, and keep the key', async () => {
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
    const officer = readCertificate(await keys.officer('nmi/o-1'), 'officer');
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
      await keys.technician(`${organisation}/t-1`);
    }
    await keys.technician('nmi-b/t-2');
    assert.equal(await keys.find('technician', 't-2'), 'nmi-b/t-2');
    assert.equal(await keys.find('technician', 'nmi-a/t-1'), 'nmi-a/t-1');
    await assert.rejects(keys.find('technician', 't-1'), {
      code: 'USAGE',
      message: /t-1 can be nmi-a\/t-1 or nmi-b\/t-1/,
    });
    await assert.rejects(keys.find('technician', 't-3'), { code: 'KEYS_MISSING' });
    assert.deepEqual(await keys.ids('technician'), ['nmi-a/t-1', 'nmi-b/t-1', 'nmi-b/t-2']);
  });

  it('that are not here are named with what makes them, and with what their holder does', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    await assert.rejects(keys.signer('organisation', 'nmi'), {
      code: 'KEYS_MISSING',
      message:
        /No key for organisation nmi is in .*not registered yet, use `tracecal org add nmi` first; if the key was lost, replace it with `tracecal org renew nmi`; otherwise its holder/,
    });
    await assert.rejects(keys.find('technician', 't-3'), /`tracecal technician add t-3` first/);
    await assert.rejects(keys.organisation('lab', 'nmi'), {
      message:
        /organisation nmi .*, to certify lab: make a request with `tracecal certificate request organisation lab --output FILE`, have nmi certify it/,
    });
  });

  it('stay in use until the one that takes their place is registered', async () => {
    const keys = new CalibrationKeys(temporaryFolder());
    await keys.organisation('nmi', null);
    const before = await keys.technician('nmi/t-1');
    const renewal = await keys.renewal('technician', 'nmi/t-1');
    assert.notEqual(renewal.certificate, before);
    assert.equal((await keys.signer('technician', 'nmi/t-1')).certificate, before);
    assert.deepEqual(await keys.ids('technician'), ['nmi/t-1'], 'the next key is nobody of its own');
    await keys.takeNext('technician', 'nmi/t-1');
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

  it('are new where a new key is wanted, whatever an abandoned renewal left, and the same where only a certificate is', async () => {
    const keys = keysIn();
    await keys.organisation('lab', null);
    await keys.technician('lab/t');
    const current = read(await keys.device('lab/d', 'lab/t')).publicKey;
    const key = async (newKey: boolean) =>
      read((await keys.deviceRenewal('lab/d', 'lab/t', newKey)).certificate).publicKey;

    assert.ok((await key(false)).equals(current));
    const fresh = await key(true);
    assert.equal(fresh.equals(current), false, 'the waiting certificate of the key in use is not taken for a new key');
    assert.ok((await key(true)).equals(fresh), 'the same renewal goes on with what waits');
    assert.ok((await key(false)).equals(current), 'and a waiting new key is not taken for the one in use');
    const { keySha256 } = await keys.request('device', 'lab/d');
    assert.notEqual((await keys.request('device', 'lab/d', true)).keySha256, keySha256);
  });

  it('of a technician are new although a further certificate of the one in use was installed', async () => {
    const [laboratory, bench] = [keysIn(), keysIn()];
    await laboratory.organisation('lab', null);
    await certified(bench, 'technician', 'lab/t', laboratory, 'lab');
    const { pem } = await laboratory.issue('technician', (await bench.request('technician', 'lab/t')).pem, 'lab');
    assert.deepEqual(await bench.install('technician', pem), { id: 'lab/t', waits: true, newKey: false });
    await assert.rejects(bench.renewal('technician', 'lab/t'), {
      code: 'KEYS_MISSING',
      message: /request technician lab\/t --new-key/,
    });
  });

  it('that wait for a new key are not thrown away where their certifier is elsewhere', async () => {
    const [bench, owner] = [keysIn(), keysIn()];
    await bench.organisation('lab', null);
    await bench.technician('lab/t');
    await certified(owner, 'device', 'lab/d', bench, 'lab/t');
    const { pem } = await bench.issue('device', (await owner.request('device', 'lab/d', true)).pem, 'lab/t');
    await owner.install('device', pem);
    await assert.rejects(owner.deviceRenewal('lab/d', 'lab/t', false), { code: 'KEYS_MISSING', message: /--new-key/ });
    const { certificate } = await owner.deviceRenewal('lab/d', 'lab/t', true);
    assert.equal(certificate, new X509Certificate(pem).raw.toString('base64'));
  });

  it('that wait do not share a file with an id that ends in .next', async () => {
    const keys = keysIn();
    await keys.organisation('lab', null);
    await keys.technician('lab/t');
    const other = await keys.technician('lab/t.next');
    assert.deepEqual(await keys.ids('technician'), ['lab/t', 'lab/t.next']);
    const { certificate } = await keys.renewal('technician', 'lab/t');
    assert.notEqual(certificate, other);
    await keys.takeNext('technician', 'lab/t');
    assert.equal(await keys.certificate('technician', 'lab/t.next'), other);
    assert.equal(await keys.certificate('technician', 'lab/t'), certificate);
  });

  it('are in order again after a crash while one took the place of another', async () => {
    const folder = temporaryFolder();
    const keys = new CalibrationKeys(folder);
    await keys.organisation('lab', null);
    await keys.technician('lab/t');
    const { certificate } = await keys.renewal('technician', 'lab/t');
    const technicians = join(folder, 'technicians');
    renameSync(join(technicians, 'next', 'lab%2Ft.key.pem'), join(technicians, 'lab%2Ft.key.pem'));
    assert.equal((await keys.signer('technician', 'lab/t')).certificate, certificate);
    assert.equal(await keys.next('technician', 'lab/t'), undefined);
  });

  it('are kept when another takes their place, and when a waiting one is replaced', async () => {
    const folder = temporaryFolder();
    const keys = new CalibrationKeys(folder);
    await keys.organisation('lab', null);
    const technicians = join(folder, 'technicians');
    const technician = await keys.technician('lab/t');
    const key = readFileSync(join(technicians, 'lab%2Ft.key.pem'), 'utf8');
    await keys.renewal('technician', 'lab/t');
    await keys.takeNext('technician', 'lab/t');
    assert.deepEqual(kept(join(technicians, 'previous', 'lab%2Ft')), [read(technician).toString(), key].sort());

    await keys.device('lab/d', 'lab/t');
    await keys.deviceRenewal('lab/d', 'lab/t', true);
    const devices = join(folder, 'devices');
    const waiting = readFileSync(join(devices, 'next', 'lab%2Fd.key.pem'), 'utf8');
    await keys.deviceRenewal('lab/d', 'lab/t', false);
    assert.ok(kept(join(devices, 'previous', 'lab%2Fd')).includes(waiting), 'it may be in a file that others sign');
  });

  it('that do not fit their certificate say where the old ones are', async () => {
    const folder = temporaryFolder();
    const keys = new CalibrationKeys(folder);
    await keys.organisation('a', null);
    await keys.organisation('b', null);
    copyFileSync(join(folder, 'organisations', 'a.key.pem'), join(folder, 'organisations', 'b.key.pem'));
    await assert.rejects(keys.signer('organisation', 'b'), {
      code: 'KEYS_MISSING',
      message: /is not the key of .*organisations\/previous\/b/,
    });
  });

  for (const id of ['', '..', '../../evil', 'a/../../evil', 'x'.repeat(300), 'a\u001b[31m']) {
    it(`are not made for what cannot be an id: ${JSON.stringify(id.slice(0, 20))}`, async () => {
      const folder = temporaryFolder();
      await assert.rejects(new CalibrationKeys(folder).organisation(id, null), { code: 'INPUT_INVALID' });
      assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], []);
    });
  }
});

describe('certificates between data directories that share no private key', () => {
  after(removeTemporaryFolders);

  it('are made of a request, for every role, and installed beside the key that asked', async () => {
    const [institute, laboratory, bench] = [keysIn(), keysIn(), keysIn()];
    await institute.organisation('nmi', null);
    await certified(laboratory, 'organisation', 'lab', institute, 'nmi');
    await certified(bench, 'technician', 'lab/t-1', laboratory, 'lab');
    await certified(laboratory, 'officer', 'lab/o-1', laboratory, 'lab');
    await certified(laboratory, 'device', 'lab/d-1', bench, 'lab/t-1');

    const device = readCertificate(await laboratory.device('lab/d-1', 'lab/t-1'), 'device');
    const technician = readCertificate(await bench.technician('lab/t-1'), 'technician');
    assert.ok(isIssuedBy(device, technician));
    assert.ok(isIssuedBy(technician, readCertificate(await laboratory.organisation('lab', 'nmi'), 'organisation')));
    assert.equal(laboratory.has('technician', 'lab/t-1') || bench.has('device', 'lab/d-1'), false);
  });

  it('of an organisation are renewed in the round that the first refusal names', async () => {
    const [institute, laboratory] = [keysIn(), keysIn()];
    await institute.organisation('nmi', null);
    await certified(laboratory, 'organisation', 'lab', institute, 'nmi');
    await assert.rejects(laboratory.organisationRenewal('lab', 'nmi'), (error: Error) => {
      assert.match(
        error.message,
        /: make a request with `tracecal certificate request organisation lab --new-key --output FILE`/,
      );
      assert.doesNotMatch(error.message, /org add|org renew/, "the institute is not the laboratory's to register");
      return true;
    });
    const { pem } = await institute.issue(
      'organisation',
      (await laboratory.request('organisation', 'lab', true)).pem,
      'nmi',
    );
    assert.deepEqual(await laboratory.install('organisation', pem), { id: 'lab', waits: true, newKey: true });
    assert.ok((await laboratory.organisationRenewal('lab', 'nmi')).certificate);
  });

  it('of its own people name what registers or replaces the key that certifies, and the request', async () => {
    await assert.rejects(keysIn().technician('lab/t'), {
      message:
        /organisation lab .*, to certify lab\/t\. .*`tracecal org add lab` first; .*; otherwise make a request with `tracecal certificate request technician lab\/t --output FILE`/,
    });
    await assert.rejects(keysIn().deviceRenewal('lab/d', 'lab/t', true), {
      message: /request device lab\/d --new-key --output/,
    });
  });

  it('cannot be had before the certifier has made them', async () => {
    const laboratory = keysIn();
    await laboratory.request('organisation', 'lab');
    await assert.rejects(laboratory.organisation('lab', 'nmi'), {
      code: 'KEYS_MISSING',
      message: /organisation nmi .*tracecal certificate request/,
    });
  });

  it('are not made for people and devices of another organisation, or for what its id does not say', async () => {
    const [institute, requester] = [keysIn(), keysIn()];
    await institute.organisation('nmi', null);
    const { pem } = await requester.request('technician', 'lab/t-1');
    await assert.rejects(institute.issue('technician', pem, 'nmi'), { code: 'INPUT_INVALID', message: /lab/ });
    await assert.rejects(institute.issue('organisation', pem, 'nmi'), { code: 'INPUT_INVALID' });
    await assert.rejects(institute.issue('technician', pem, 'lab'), { code: 'KEYS_MISSING', message: /lab/ });
  });

  it('are not installed where their key is not, or in another role', async () => {
    const [institute, requester] = [keysIn(), keysIn()];
    await institute.organisation('nmi', null);
    const { id, pem } = await institute.issue('officer', (await requester.request('officer', 'nmi/o-1')).pem, 'nmi');
    assert.equal(id, 'nmi/o-1');
    await assert.rejects(keysIn().install('officer', pem), { code: 'INPUT_INVALID', message: /not for a key of/ });
    await assert.rejects(requester.install('technician', pem), { code: 'CERTIFICATE_INVALID' });
    await requester.install('officer', pem);
  });

  it('are not installed where the file holds something else', async () => {
    await assert.rejects(keysIn().install('officer', 'garbage'), {
      code: 'INPUT_INVALID',
      message: /not a certificate in PEM form/,
    });
  });

  it('wait beside the one in use where a key has one already', async () => {
    const [institute, requester] = [keysIn(), keysIn()];
    await institute.organisation('nmi', null);
    await certified(requester, 'technician', 'nmi/t-1', institute, 'nmi');
    const before = await requester.certificate('technician', 'nmi/t-1');

    const { pem } = await institute.issue(
      'technician',
      (await requester.request('technician', 'nmi/t-1', true)).pem,
      'nmi',
    );
    assert.deepEqual(await requester.install('technician', pem), { id: 'nmi/t-1', waits: true, newKey: true });
    assert.equal(await requester.certificate('technician', 'nmi/t-1'), before);
    const { certificate } = await requester.renewal('technician', 'nmi/t-1');
    assert.equal(certificate, new X509Certificate(pem).raw.toString('base64'));
    await requester.takeNext('technician', 'nmi/t-1');
    assert.equal(await requester.certificate('technician', 'nmi/t-1'), certificate);
    assert.equal(await requester.next('technician', 'nmi/t-1'), undefined);
  });
});

function keysIn(): CalibrationKeys {
  return new CalibrationKeys(temporaryFolder());
}

async function certified(
  requester: CalibrationKeys,
  kind: SignerKind,
  id: string,
  certifier: CalibrationKeys,
  by: string,
) {
  const { pem, keySha256 } = await requester.request(kind, id);
  const issued = await certifier.issue(kind, pem, by);
  assert.equal(issued.keySha256, keySha256);
  assert.deepEqual(await requester.install(kind, issued.pem), { id, waits: false, newKey: true });
}

function kept(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .sort();
}

function read(certificate: string): X509Certificate {
  return new X509Certificate(Buffer.from(certificate, 'base64'));
}
