import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedReport, deviceItem, importFiles, issueReport, register } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { expandedUnc, quantity, real, smallCertificate } from '../../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const TECHNICIAN = 'nmi-north/t-north';
const SENSOR = 'nmi-north/sensor';

interface Stated {
  readonly number?: string;
  readonly serial?: string;
  readonly maker?: string;
  readonly model?: string;
  readonly value?: string;
}

/** A certificate of a temperature, by the institute. */
function certificate({ number = 'C-1', serial = 'S-1', maker = 'Maker', model = 'M1', value = '20.1' }: Stated = {}) {
  return smallCertificate({ data: quantity('Temperature', real(value, '\\degreecelsius', expandedUnc('0.1'))) })
    .toString('utf8')
    .replaceAll('TEST-1', number)
    .replaceAll('>S1<', `>${serial}<`)
    .replaceAll('>Maker<', `>${maker}<`)
    .replaceAll('>M1<', `>${model}<`);
}

describe('A report that is issued from a certificate file for a named device', () => {
  let session: Session;
  let folder: string;

  beforeEach(async () => {
    const lines = linesFor([Buffer.from(certificate())]);
    session = (await MemoryWorld.found(lines, lines, { institute: 'Laboratory', laboratory: 'Alpha' })).session();
    folder = temporaryFolder();
    await addDevice(SENSOR, 'S-1');
  });
  after(removeTemporaryFolders);

  it('takes no results or days from elsewhere, which would stand under the number and digest of the file', async () => {
    const identity = { report: 'nmi-north/R1', device: SENSOR, technician: TECHNICIAN, supersedes: null };
    for (const more of [{ results: 'r.json' }, { begin: '2026-01-02' }, { end: '2026-01-02' }]) {
      await assert.rejects(describedReport(session, identity, { dcc: fileOf(certificate()), ...more }), {
        code: 'USAGE',
        message: `The results and the days of the calibration come from the certificate of --dcc: leave out --${Object.keys(more).join('')}, or else --dcc.`,
      });
    }
  });

  async function addDevice(id: string, serial: string, { model = 'M1', manufacturer = 'Maker' } = {}): Promise<void> {
    const facts = { id, serial, model, manufacturer, kind: 'field', technician: TECHNICIAN } as const;
    await register(session, await deviceItem(session, facts));
  }

  function fileOf(content: string): string {
    const dcc = join(folder, 'certificate.xml');
    writeFileSync(dcc, content);
    return dcc;
  }

  /** As `report issue` does, or with `amends` as `report amend`. @returns the notes that are told */
  async function issue(
    content: string,
    { name = 'R1', device = SENSOR, amends }: { name?: string; device?: string; amends?: string } = {},
  ): Promise<readonly string[]> {
    const amended = amends === undefined ? null : await (await session.reader()).getReport(amends);
    const supersedes = amended && { report: amended.id, digest: amended.digest };
    const identity = { report: `nmi-north/${name}`, device, technician: TECHNICIAN, supersedes };
    const { report, notes } = await describedReport(session, identity, { dcc: fileOf(content) });
    await issueReport(session, report, {});
    return notes;
  }

  const take = (content: string) =>
    importFiles(session, [fileOf(content)], { technician: TECHNICIAN, kind: 'field', accept: true }, () => undefined);

  it('is about that device by serial number, maker and model, however they are spelled', async () => {
    await issue(certificate({ serial: 's 1', maker: 'MAKER GmbH', model: 'm-1' }));
    const { body } = await (await session.reader()).getReport('nmi-north/R1');
    assert.equal(body.device, SENSOR);
  });

  it('is refused where serial number, maker or model of the item are others, with what to do', async () => {
    const cases = [
      { stated: { serial: 'S-2' }, why: /its serial number is S-1, not S-2/ },
      { stated: { maker: 'Other' }, why: /its maker is Maker, not Other/ },
      { stated: { model: 'M2' }, why: /its model is M1, not M2/ },
    ];
    for (const { stated, why } of cases) {
      await assert.rejects(issue(certificate(stated)), (error: Error) => {
        assert.match(error.message, why);
        assert.match(error.message, /dcc import FILE --device nmi-north\/sensor/);
        return true;
      });
    }
    await issue(certificate());
    await assert.rejects(issue(certificate({ number: 'C-2', serial: 'S-2' }), { name: 'R2', amends: 'nmi-north/R1' }), {
      code: 'INPUT_INVALID',
      message: /S-1, not S-2.*--device nmi-north\/sensor --amends nmi-north\/R1/,
    });
  });

  it('is taken for the named device if the certificate states no number of its item, and that is told', async () => {
    const nameless = certificate().replace(/<dcc:identifications>.*?<\/dcc:identifications>/s, '');
    assert.match((await issue(nameless)).join('\n'), /states no serial number of its item.*nmi-north\/sensor/);
    await addDevice('nmi-north/second', 'S-2');
    const dashed = await issue(certificate({ number: 'C-2', serial: '-' }), { name: 'R2', device: 'nmi-north/second' });
    assert.match(dashed.join('\n'), /states no serial number of its item.*nmi-north\/second/);
  });

  it('is about one of the items of a certificate, found by its serial number', async () => {
    await addDevice('nmi-north/second', 'S-2');
    await addDevice('nmi-north/stranger', 'S-9');
    const [item = ''] = /<dcc:item>.*<\/dcc:item>/s.exec(certificate()) ?? [];
    const [value = ''] = /<dcc:quantity>.*<\/dcc:quantity>/s.exec(certificate()) ?? [];
    const set = certificate()
      .replace(
        item,
        item.replace('item>', 'item id="a">') + item.replace('item>', 'item id="b">').replace('S-1', 'S-2'),
      )
      .replace(
        value,
        value.replace('quantity>', 'quantity refId="a">') + value.replace('quantity>', 'quantity refId="b">'),
      );
    await assert.rejects(issue(set, { device: 'nmi-north/stranger' }), /several items \(S-1, S-2\).*number S-9/);
    await issue(set);
    await issue(set, { name: 'R2', device: 'nmi-north/second' });
    await assert.rejects(issue(set, { name: 'R3', device: 'nmi-north/second' }), /as report nmi-north\/R2/);
    await addDevice('nmi-north/third', 'S-3');
    const dashed = set.replaceAll('TEST-1', 'C-9').replaceAll('>C-1<', '>C-9<').replace('>S-1<', '>-<');
    await assert.rejects(
      issue(dashed, { name: 'R4', device: 'nmi-north/third' }),
      /several items \(-, S-2\).*number S-3/,
    );
  });

  it('is refused where the file is registered already, under whichever name', async () => {
    await issue(certificate());
    await assert.rejects(issue(certificate(), { name: 'R2' }), {
      code: 'INPUT_INVALID',
      message: /This file is registered already, as report nmi-north\/R1 of device nmi-north\/sensor: .*report amend/,
    });
  });

  it('is refused where another file of its number is registered already, under whichever name', async () => {
    await issue(certificate());
    await assert.rejects(issue(certificate({ value: '20.2' }), { name: 'R2' }), {
      code: 'INPUT_INVALID',
      message: /number C-1 and other content .* as report nmi-north\/R1 .*report amend nmi-north\/R1/,
    });
    const [again] = await take(certificate({ value: '20.2' }));
    assert.ok(again && !again.ok);
    assert.match(
      again.error.message,
      /number C-1 and other content .* as report nmi-north\/R1 .*--amends nmi-north\/R1/,
    );
  });

  it('is left as it is by an import of the same file', async () => {
    await issue(certificate());
    const [again] = await take(certificate());
    assert.ok(again?.ok && 'imported' in again);
    assert.deepEqual([again.imported.report, again.imported.committed], ['nmi-north/R1', null]);
  });

  it('is refused where the file was imported before', async () => {
    await addDevice('nmi-north/other', 'S-2');
    const [first] = await take(certificate({ serial: 'S-2' }));
    assert.ok(first?.ok);
    await assert.rejects(issue(certificate({ serial: 'S-2' }), { name: 'R2', device: 'nmi-north/other' }), {
      message: /registered already, as report nmi-north\/C-1 of device nmi-north\/other/,
    });
  });

  it('amends a report with the corrected file of the same number, and not with one that another report was made of', async () => {
    await issue(certificate());
    await issue(certificate({ number: 'C-2', value: '20.2' }), { name: 'R2' });
    await assert.rejects(issue(certificate({ number: 'C-2', value: '20.2' }), { name: 'R3', amends: 'nmi-north/R1' }), {
      message: /registered already, as report nmi-north\/R2/,
    });
    await issue(certificate({ value: '20.3' }), { name: 'R3', amends: 'nmi-north/R1' });
    const { record } = await (await session.reader()).getReport('nmi-north/R1');
    assert.equal(record.supersededBy, 'nmi-north/R3');
  });

  it('keeps nothing of a file that is refused', async () => {
    const content = certificate({ serial: 'S-2' });
    await assert.rejects(issue(content));
    assert.equal(await session.content.has(createHash('sha256').update(content).digest('hex')), false);
  });
});
