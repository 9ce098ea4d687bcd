import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptanceItem, importFiles, register } from '@tracecal/gateway-client/application';
import type { ImportOptions, Session } from '@tracecal/gateway-client/application';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { expandedUnc, quantity, real, smallCertificate } from '../../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const nobody = () => undefined;
const OPTIONS: ImportOptions = { technician: 'nmi-north/t-north', kind: 'field', accept: true };

/** A certificate of a temperature. */
function certificate(number: string, serial: string, value = '20.10'): string {
  const data = quantity('Temperature', real(value, '\\degreecelsius', expandedUnc('0.1')));
  return smallCertificate({ data }).toString('utf8').replaceAll('TEST-1', number).replaceAll('>S1<', `>${serial}<`);
}

describe('Several certificate files', () => {
  let session: Session;
  let folder: string;
  beforeEach(async () => {
    const lines = linesFor([Buffer.from(certificate('A', 'S-A'))]);
    session = (await MemoryWorld.found(lines, lines, { institute: 'Laboratory', laboratory: 'Alpha' })).session();
    folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
  });
  after(removeTemporaryFolders);

  function files(contents: Readonly<Record<string, string>>): readonly string[] {
    return Object.entries(contents).map(([name, content]) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    });
  }

  async function take(paths: readonly string[], more: Partial<ImportOptions> = {}): Promise<readonly string[]> {
    const outcomes = await importFiles(session, paths, { ...OPTIONS, ...more }, nobody);
    return outcomes.map((outcome) => {
      const name = outcome.file.slice(folder.length + 1);
      return outcome.ok ? `${name} ok` : `${name} ${outcome.error.message}`;
    });
  }

  async function devices(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { id } of (await session.reader()).findDevices({ owner: 'nmi-north' })) {
      found.push(id);
    }
    return found;
  }

  it('are imported together', async () => {
    const all = files({ 'a.xml': certificate('A', 'S-A'), 'b.xml': certificate('B', 'S-B') });
    assert.deepEqual(await take(all), ['a.xml ok', 'b.xml ok']);
  });

  it('are refused once where nobody has registered the technician', async () => {
    const all = files({ 'a.xml': certificate('A', 'S-A'), 'b.xml': certificate('B', 'S-B') });
    for (const technician of ['unknown', 'nmi-north/unknown']) {
      const refusal = { code: 'NOT_REGISTERED', message: new RegExp(`Nobody has registered person "${technician}"`) };
      await assert.rejects(take(all, { technician }), refusal);
      await assert.rejects(take(all, { imprinter: technician }), refusal);
    }
  });

  it('are all left alone where one of them is broken, unless what is refused is to be skipped', async () => {
    const all = files({
      'a.xml': certificate('A', 'S-A'),
      'broken.xml': '<dcc:digitalCalibrationCertificate',
      'unknown.xml': certificate('C', 'S-C').replaceAll('Temperature', 'Mass').replaceAll('degreecelsius', 'kilogram'),
    });
    const [broken = '', unknown = '', good = ''] = await take(all);
    assert.match(broken, /^broken\.xml .*not well-formed/i);
    assert.match(unknown, /^unknown\.xml .*may not sign for mass.*`tracecal technician authorise nmi-north/);
    assert.match(good, /^a\.xml .*Nothing of this import is written, .*--skip-refused/);
    assert.deepEqual(await devices(), []);
    const outcomes = await take(all, { skipRefused: true });
    assert.deepEqual(outcomes.at(-1), 'a.xml ok');
    assert.deepEqual(await devices(), ['nmi-north/S-A']);
  });

  it('are all left alone where two of one laboratory bear one number', async () => {
    const all = files({
      'a.xml': certificate('A', 'S-A'),
      'b.xml': certificate('A', 'S-A', '20.20'),
      'c.xml': certificate('C', 'S-C'),
    });
    const [second = '', first = '', third = ''] = await take(all);
    assert.match(second, /^b\.xml .*It has the number A of the same laboratory as .*a\.xml, .*--amends REPORT/);
    [first, third].forEach((held) => {
      assert.match(held, /Nothing of this import is written/);
    });
    assert.deepEqual(await devices(), []);
    const skipped = await take(all, { skipRefused: true });
    assert.deepEqual(skipped.slice(1), ['a.xml ok', 'c.xml ok']);
  });

  describe('of which the institute registered one itself', () => {
    const alphas = { technician: 'lab-alpha/t-alpha', owner: 'lab-alpha' };
    const own = () => certificate('B', 'S-B').replaceAll('>Laboratory<', '>Alpha<');

    async function outcomes(paths: readonly string[], more: Partial<ImportOptions> = alphas) {
      return (await importFiles(session, paths, { ...OPTIONS, ...more }, nobody)).map((outcome) => {
        assert.ok(outcome.ok && 'imported' in outcome, outcome.ok ? '' : outcome.error.message);
        const { report, organisation, committed, notes } = outcome.imported;
        return { report, organisation, isNew: committed !== null, notes: notes.join(' ') };
      });
    }

    it('are imported without it, and say whose report it is', async () => {
      const [parent = ''] = files({ 'parent.xml': certificate('A', 'S-A') });
      await take([parent]);
      const all = [parent, ...files({ 'own.xml': own() })];
      const [theirs, ours] = await outcomes(all);
      assert.deepEqual([theirs?.report, theirs?.organisation, theirs?.isNew], ['nmi-north/A', 'nmi-north', false]);
      assert.match(theirs?.notes ?? '', /It is a report of nmi-north: it is nmi-north's own certificate/);
      assert.doesNotMatch(theirs?.notes ?? '', /dcc confirm/);
      assert.deepEqual([ours?.report, ours?.isNew], ['lab-alpha/B', true]);
      assert.deepEqual(
        (await outcomes([parent])).map(({ isNew }) => isNew),
        [false],
        'nor alone',
      );
    });

    it('are imported without it also after it was amended', async () => {
      const [parent = '', amended = ''] = files({
        'parent.xml': certificate('A', 'S-A'),
        'amended.xml': certificate('A', 'S-A', '20.20'),
      });
      await take([parent]);
      await take([amended], { amends: 'nmi-north/A' });
      const [theirs] = await outcomes([parent]);
      assert.deepEqual([theirs?.report, theirs?.isNew], ['nmi-north/A', false]);
      assert.match(theirs?.notes ?? '', /It was amended since, by report nmi-north\/A\+/);
      const [refused = ''] = await take(files({ 'other.xml': certificate('A', 'S-A', '20.30') }), alphas);
      assert.match(refused, /other content is registered already, .*only nmi-north can amend it/);
    });

    it('are imported without it also if it has no number', async () => {
      const [parent = ''] = files({ 'parent.xml': certificate('***', 'S-A') });
      await take([parent]);
      const [theirs] = await outcomes([parent]);
      assert.equal(theirs?.isNew, false);
    });

    it('name the confirmation only where the report is a transcription', async () => {
      const [file = ''] = files({ 'a.xml': certificate('A', 'S-A').replaceAll('>Laboratory<', '>Stranger<') });
      await take([file]);
      const [theirs] = await outcomes([file]);
      assert.match(
        theirs?.notes ?? '',
        /nmi-north transcribed it; .*`tracecal dcc confirm FILE --report nmi-north\/A`/,
      );
    });
  });

  it('tell, where they were registered before, that the owner has not accepted their reports', async () => {
    const all = files({ 'a.xml': certificate('A', 'S-A') });
    const imported = async (accept: boolean) => {
      const [outcome] = await importFiles(session, all, { ...OPTIONS, accept }, nobody);
      assert.ok(outcome?.ok && 'imported' in outcome);
      const { committed, accepted, notes: told } = outcome.imported;
      return { isNew: committed !== null, accepted, notes: told.join(' ') };
    };
    assert.equal((await imported(false)).isNew, true);
    const again = await imported(true);
    assert.equal(again.isNew, false);
    assert.match(again.notes, /nmi-north, has not accepted it yet.*`tracecal report accept nmi-north\/A`/);
    await register(session, await acceptanceItem(session, 'nmi-north/A'));
    assert.deepEqual(await imported(true), { isNew: false, accepted: true, notes: '' });
  });
});
