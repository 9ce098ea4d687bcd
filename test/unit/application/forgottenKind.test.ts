import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { importFiles, register, standingItem } from '@tracecal/gateway-client/application';
import type { ImportOptions, Imported, Session } from '@tracecal/gateway-client/application';
import { linesFor } from '../../support/caseFiles.js';
import { datedExampleFiles } from '../../support/commandLine.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

const ALPHA: ImportOptions = { technician: 'lab-alpha/t-alpha', kind: 'field', accept: true };
const NORTH: ImportOptions = { ...ALPHA, technician: 'nmi-north/t-north', kind: 'standard' };

describe('The example certificates, imported one by one', () => {
  let session: Session;
  let files: readonly string[];

  before(async () => {
    files = (await datedExampleFiles()).temperature;
    const lines = linesFor(files.map((file) => readFileSync(file)));
    session = (await MemoryWorld.found(lines, lines)).session();
  });
  after(removeTemporaryFolders);

  async function take(place: number, options: ImportOptions): Promise<Imported | Error> {
    const [outcome] = await importFiles(session, [files[place] ?? ''], options, () => undefined);
    assert.ok(outcome && (!outcome.ok || 'imported' in outcome));
    return outcome.ok && 'imported' in outcome ? outcome.imported : (outcome as { error: Error }).error;
  }

  async function imported(place: number, options: ImportOptions): Promise<Imported> {
    const taken = await take(place, options);
    if (taken instanceof Error) {
      throw taken;
    }
    return taken;
  }

  it('can be put right where a standard was imported as a field device', async () => {
    await imported(0, NORTH);
    await imported(1, { ...NORTH, imprinter: 'lab-alpha/t-alpha' });
    const wrong = await imported(2, ALPHA);
    const refused = await take(3, ALPHA);
    assert.ok(refused instanceof Error && 'code' in refused);
    assert.equal(refused.code, 'PARENT_UNUSABLE');
    const reader = await session.reader();
    await assert.rejects(reader.getDevice('lab-alpha/TT20-10233'), { code: 'NOT_FOUND' });

    const subject = { kind: 'report', id: wrong.report } as const;
    await register(session, await standingItem(session, 'revoke', { subject, reason: 'unspecified', effective: null }));
    const right = await imported(2, { ...ALPHA, kind: 'standard', newDevice: true });
    assert.notEqual(right.device, wrong.device);
    assert.equal((await reader.getDevice(right.device)).kind, 'standard');
    const sensor = await imported(3, ALPHA);
    assert.deepEqual(
      sensor.parents.map((parent) => parent.kind === 'report' && parent.report),
      [right.report],
    );
  });
});
