import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@tracecal/gateway-client/dcc';
import type { Validation } from '@tracecal/gateway-client/dcc';
import { tracecal } from '../../support/commandLine.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { smallCertificate } from '../../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { certificate, certificateSchema, folderWith, LAYOUT, NUMBERS } from '../../support/validation.js';
import { pattern, refuses, rules, validate, XS } from '../../support/validation.js';

describe('a certificate under the schemas of a folder', () => {
  after(removeTemporaryFolders);

  it('is valid, or is told line and reason', async () => {
    const schemas = folderWith(LAYOUT);
    const good = await validate(certificate('20.1'), { schemas });
    assert.deepEqual([good.ok, good.state, good.schemaVersion, good.findings], [true, 'valid', '9.1.0', []]);
    const bad = await validate(certificate('20,1'), { schemas });
    assert.deepEqual([bad.ok, bad.state], [false, 'invalid']);
    assert.equal(bad.findings[0]?.line, 2);
    assert.match(bad.findings[0].reason, /^Element 'si:number': '20,1' is not a valid value/);
  });

  it('is validated with the schema of its own version', async () => {
    const more = '<xs:element name="extra"/>';
    const schemas = folderWith({ ...LAYOUT, 'newer.xsd': certificateSchema('9.2.0', 'dsi/si.xsd', more) });
    assert.equal((await validate(certificate('1', '9.1.0'), { schemas })).state, 'valid');
    assert.equal((await validate(certificate('1', '9.2.0'), { schemas })).state, 'invalid');
    const unknown = await validate(certificate('1', '9.3.0'), { schemas });
    assert.deepEqual([unknown.ok, unknown.state, unknown.error?.code], [false, 'unreadable', 'SCHEMA_MISSING']);
    assert.match(unknown.error?.message ?? '', /9\.3\.0.* 9\.1\.0, 9\.2\.0/);
  });

  it('is validated with the first of two schemas of one version, by their paths', async () => {
    const more = '<xs:element name="extra"/>';
    const schemas = folderWith({ ...LAYOUT, 'zzz.xsd': certificateSchema('9.1.0', 'dsi/si.xsd', more) });
    assert.equal((await validate(certificate('1'), { schemas })).state, 'valid');
  });

  it('finds imports by web address in the folder, and asks no network', async () => {
    const schemas = folderWith({
      'dcc.xsd': certificateSchema('9.1.0', 'https://ptb.de/si/v2.2.1/SI_Format.xsd'),
      // The address fits the second one best.
      'other/SI_Format.xsd': `<xs:schema ${XS} targetNamespace="https://ptb.de/si"><xs:element name="number" type="xs:date"/></xs:schema>`,
      'dsi/v2.2.1/SI_Format.xsd': NUMBERS,
    });
    assert.equal((await validate(certificate('1'), { schemas })).state, 'valid');
  });

  it('names the import that is not there', async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'outside.xsd'), NUMBERS);
    for (const location of ['missing.xsd', 'http://127.0.0.1:1/numbers.xsd', `file://${elsewhere}/outside.xsd`]) {
      const schemas = folderWith({ 'dcc.xsd': certificateSchema('9.1.0', location) });
      const { error } = await validate(certificate('1'), { schemas });
      assert.equal(error?.code, 'SCHEMA_UNUSABLE');
      assert.match(error.message, new RegExp(`It needs ${location.replaceAll(/[/.]/g, '\\$&')}`));
    }
  });

  it('is not compared with a folder that holds no schema of certificates', async () => {
    await refuses('SCHEMA_UNUSABLE', { schemas: folderWith({ 'si.xsd': NUMBERS }) }, /holds no schema/);
    await refuses('SCHEMA_UNUSABLE', { schemas: join(temporaryFolder(), 'nowhere') }, /cannot be read/);
  });

  it('is not compared with a schema that is broken', async () => {
    const schemas = folderWith({ 'dcc.xsd': certificateSchema('9.1.0', 'si.xsd', '<xs:element/>'), 'si.xsd': NUMBERS });
    assert.equal((await validate(certificate('1'), { schemas })).error?.code, 'SCHEMA_UNUSABLE');
  });

  it('is refused with a document type, or when it is no certificate', async () => {
    const schemas = folderWith(LAYOUT);
    for (const [code, text] of [
      ['XML_DOCTYPE', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${certificate('1').toString()}`],
      ['XML_NOT_WELL_FORMED', '<a>'],
      ['DCC_NOT_A_CERTIFICATE', '<a/>'],
      ['DCC_MISSING', '<digitalCalibrationCertificate xmlns="https://ptb.de/dcc"/>'],
    ] as const) {
      const { ok, state, error } = await validate(Buffer.from(text), { schemas });
      assert.deepEqual([ok, state, error?.code], [false, 'unreadable', code]);
    }
  });

  it('is never called valid without a schema', async () => {
    const read = await validate(smallCertificate(), {});
    assert.deepEqual([read.ok, read.state, read.findings], [true, 'readable', []]);
    const unread = await validate(certificate('1'), {});
    assert.deepEqual([unread.ok, unread.state], [false, 'invalid']);
    assert.match(unread.findings[0]?.reason ?? '', /schema version/);
  });

  it('is valid with a warning if it ends before it begins, which no schema compares', async () => {
    const anything = `<xs:schema ${XS} version="3.3.0" targetNamespace="https://ptb.de/dcc"><xs:element name="digitalCalibrationCertificate" type="xs:anyType"/></xs:schema>`;
    const schemas = folderWith({ 'dcc.xsd': anything });
    const backwards = smallCertificate().toString().replace('2026-01-05', '2026-01-07');
    assert.deepEqual((await validate(smallCertificate(), { schemas })).findings, []);
    const { ok, state, findings } = await validate(Buffer.from(backwards), { schemas });
    assert.deepEqual([ok, state, findings.map(({ level }) => level)], [true, 'valid', ['warning']]);
    assert.match(findings[0]?.reason ?? '', /ends \(2026-01-06\) before it begins \(2026-01-07\)/);
  });

  it('is valid or invalid as the index of the outside files says', async function () {
    const schemas = requireSharedData(this, 'dcc', 'xsd');
    const validator = await Validator.open({ schemas });
    for (const folder of ['certificates', 'signed']) {
      for (const [name, bytes] of sharedFiles(requireSharedData(this, 'dcc', folder))) {
        assert.equal((await validator.bytes(bytes, name)).state, 'valid', name);
      }
    }
    for (const [name, bytes] of sharedFiles(requireSharedData(this, 'dcc', 'broken'))) {
      assert.equal((await validator.bytes(bytes, name)).ok, false, name);
    }
    validator.close();
  });
});

describe('tracecal dcc validate', () => {
  after(removeTemporaryFolders);

  it('prints valid or line and reason, and ends with 0 or 2', async () => {
    const folder = folderWith({
      'xsd/dcc.xsd': certificateSchema('9.1.0', 'si.xsd'),
      'xsd/si.xsd': NUMBERS,
      'good.xml': certificate('1').toString(),
      'bad.xml': certificate('one').toString(),
      'rules.sch': rules(
        pattern('<sch:rule context="si:number"><sch:assert test=". &gt; 1">small</sch:assert></sch:rule>'),
      ).toString(),
    });
    const [good, bad, schemas] = [join(folder, 'good.xml'), join(folder, 'bad.xml'), join(folder, 'xsd')];
    const first = await tracecal(['dcc', 'validate', good, '--schemas', schemas]);
    assert.deepEqual([first.code, first.stdout], [0, `✓ ${good} (DCC 9.1.0): valid\n`]);
    const both = await tracecal(['dcc', 'validate', good, bad, '--schemas', schemas]);
    assert.equal(both.code, 2);
    assert.match(both.stdout, /bad\.xml \(DCC 9\.1\.0\): not valid\n {2}line 2 +Element 'si:number'/);
    const json = await tracecal(['dcc', 'validate', good, bad, '--schemas', schemas, '--json']);
    const [one, two] = JSON.parse(json.stdout) as readonly Validation[];
    assert.deepEqual([one?.state, two?.state, two?.findings[0]?.line], ['valid', 'invalid', 2]);
    const ruled = await tracecal([
      'dcc',
      'validate',
      good,
      '--schemas',
      schemas,
      '--schematron',
      join(folder, 'rules.sch'),
    ]);
    assert.equal(ruled.code, 2);
    assert.match(ruled.stdout, /line 2 +small/);
  });

  it('ends with 2 when a file, the schemas or the rules cannot be read', async () => {
    const nowhere = join(temporaryFolder(), 'nowhere');
    for (const args of [[nowhere], [nowhere, '--schemas', nowhere], [nowhere, '--schematron', nowhere]]) {
      assert.equal((await tracecal(['dcc', 'validate', ...args])).code, 2);
    }
  });
});
