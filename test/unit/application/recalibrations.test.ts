import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFiles } from '@tracecal/gateway-client/application';
import type { ImportOptions, Session } from '@tracecal/gateway-client/application';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { expandedUnc, quantity, real, smallCertificate } from '../../support/smallCertificate.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const nobody = () => undefined;
const NORTH: ImportOptions = { technician: 'nmi-north/t-north', kind: 'field', accept: true };
/** The institute calibrates what the laboratory registers and owns. */
const FOR_ALPHA: ImportOptions = { ...NORTH, imprinter: 'lab-alpha/t-alpha' };

interface Stated {
  readonly serial?: string;
  readonly maker?: string;
  readonly model?: string;
  readonly date?: string;
}

/** A certificate of a temperature, by the institute. */
function certificate(number: string, { serial = 'REF-5', maker = 'Maker', model = 'M1', date }: Stated = {}): string {
  const data = quantity('Temperature', real('20.10', '\\degreecelsius', expandedUnc('0.1')));
  const text = smallCertificate({ data })
    .toString('utf8')
    .replaceAll('TEST-1', number)
    .replaceAll('>S1<', `>${serial}<`)
    .replaceAll('>Maker<', `>${maker}<`)
    .replaceAll('>M1<', `>${model}<`);
  return date === undefined ? text : text.replaceAll(/2026-01-0[56]/g, date);
}

/** What became of a file, as one line. */
interface Taken {
  readonly device: string | null;
  readonly text: string;
  readonly accepted: boolean | null;
}

describe('The certificate of a registered device', () => {
  let session: Session;
  let folder: string;
  beforeEach(async () => {
    const lines = linesFor([Buffer.from(certificate('A'))]);
    session = (await MemoryWorld.found(lines, lines, { institute: 'Laboratory', laboratory: 'Alpha' })).session();
    folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
  });
  after(removeTemporaryFolders);

  async function takeAll(contents: readonly string[], options: ImportOptions): Promise<readonly Taken[]> {
    const paths = contents.map((content, i) => {
      const path = join(folder, `${i}.xml`);
      writeFileSync(path, content);
      return path;
    });
    const outcomes = await importFiles(session, paths, options, nobody);
    return outcomes.map((outcome) => {
      if (!outcome.ok) {
        return { device: null, text: outcome.error.message, accepted: null };
      }
      const { device, notes, accepted } = 'imported' in outcome ? outcome.imported : outcome.signed;
      return { device, text: notes.join('\n'), accepted };
    });
  }

  async function take(content: string, options: ImportOptions): Promise<Taken> {
    const [taken] = await takeAll([content], options);
    assert.ok(taken);
    return taken;
  }

  async function devices(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const owner of ['lab-alpha', 'nmi-north']) {
      for await (const { id } of (await session.reader()).findDevices({ owner })) {
        found.push(id);
      }
    }
    return found;
  }

  it('is about that device, also if another organisation registered it, and that is reported', async () => {
    assert.equal((await take(certificate('A'), FOR_ALPHA)).device, 'lab-alpha/REF-5');
    const { device, text, accepted } = await take(certificate('B', { maker: 'MAKER GmbH' }), NORTH);
    assert.deepEqual([device, accepted], ['lab-alpha/REF-5', true]);
    assert.match(
      text,
      /It is about device lab-alpha\/REF-5, which lab-alpha owns: serial number, maker and model agree\./,
    );
    assert.deepEqual(await devices(), ['lab-alpha/REF-5']);
  });

  it('is refused with the choice where several devices agree, and --device tells which', async () => {
    await take(certificate('A'), FOR_ALPHA);
    assert.equal((await take(certificate('B'), { ...NORTH, newDevice: true })).device, 'nmi-north/REF-5');
    const { text } = await take(certificate('C'), NORTH);
    assert.match(text, /may be lab-alpha\/REF-5 or nmi-north\/REF-5, .*--device lab-alpha\/REF-5 .*--new-device/);
    const { device } = await take(certificate('C'), { ...NORTH, device: 'lab-alpha/REF-5' });
    assert.equal(device, 'lab-alpha/REF-5');
  });

  it('is left as it is if it is registered, whatever is said of its device now', async () => {
    await take(certificate('A'), NORTH);
    for (const more of [{ owner: 'lab-alpha' }, { imprinter: 'lab-alpha/t-alpha' }, { newDevice: true } as const]) {
      assert.equal((await take(certificate('A'), { ...NORTH, ...more })).device, 'nmi-north/REF-5');
    }
    assert.deepEqual(await devices(), ['nmi-north/REF-5']);
  });

  it('is not about a device of the same serial number and another model or maker without a person saying so', async () => {
    await take(certificate('A'), NORTH);
    const cases = [
      { model: 'M2', why: /nmi-north\/REF-5 \(its model is M1, not M2\), .*--device nmi-north\/REF-5/ },
      { maker: 'Other', why: /nmi-north\/REF-5 \(its maker is Maker, not Other\)/ },
      { maker: '', model: 'M2', why: /its model is M1, not M2/ },
    ];
    for (const { why, ...stated } of cases) {
      const { device, text } = await take(certificate('B', stated), NORTH);
      assert.equal(device, null);
      assert.match(text, why);
    }
    const named = await take(certificate('B', { model: 'M2' }), { ...NORTH, device: 'nmi-north/REF-5' });
    assert.equal(named.device, 'nmi-north/REF-5');
    assert.match(named.text, /because --device says so: its model is M1, not M2/);
    const fresh = await take(certificate('C', { model: 'M2' }), { ...NORTH, newDevice: true });
    assert.equal(fresh.device, 'nmi-north/Maker-REF-5');
  });

  it('is about a new device where only strangers number one like that', async () => {
    await take(certificate('A', { maker: 'Other' }), FOR_ALPHA);
    await take(certificate('B', { maker: '', model: '' }), { ...FOR_ALPHA, newDevice: true });
    assert.equal((await take(certificate('C'), NORTH)).device, 'nmi-north/REF-5');
  });

  it('is registered in the order of calibration dates, so that the newest is current', async () => {
    const contents = [certificate('A', { date: '2026-11-20' }), certificate('B', { date: '2026-09-20' })];
    const taken = await takeAll(contents, NORTH);
    assert.deepEqual(
      taken.map(({ accepted }) => accepted),
      [true, true],
    );
    const { current } = await (await session.reader()).getDevice('nmi-north/REF-5');
    assert.deepEqual(
      current.map(({ report }) => report),
      ['nmi-north/A'],
    );
  });

  it('is registered and not accepted where a later calibration is accepted, and that is told', async () => {
    await take(certificate('A', { date: '2026-11-20' }), NORTH);
    const { accepted, text } = await take(certificate('B', { date: '2026-09-20' }), NORTH);
    assert.equal(accepted, false);
    assert.match(text, /nmi-north\/A of a later calibration \(2026-11-20\).*tracecal report accept nmi-north\/B/);
    const { current } = await (await session.reader()).getDevice('nmi-north/REF-5');
    assert.deepEqual(
      current.map(({ report }) => report),
      ['nmi-north/A'],
    );
  });

  it('is told to state no serial number, and its device is found with --device', async () => {
    const nameless = (number: string) =>
      certificate(number).replace(/<dcc:identifications>.*?<\/dcc:identifications>/s, '');
    const { device, text } = await take(nameless('A'), NORTH);
    assert.match(device ?? '', /^nmi-north\/item-of-[0-9a-f]{16}$/);
    assert.match(text, /states no serial number of its item.*7\.8\.2\.1 g.*"item of [0-9a-f]{16}".*--device/);
    const again = await take(nameless('B'), { ...NORTH, device: device ?? '' });
    assert.equal(again.device, device);
    assert.doesNotMatch(again.text, /because --device says so/);
  });
});
