import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { IDENTIFIER } from '@tracecal/chaincode/model';
import type { DeviceAnswer, DeviceSummary, ReportAnswer, ReportSummary } from '@tracecal/chaincode/registry';
import { TraceCalError } from '@tracecal/gateway-client';
import {
  inOrderOfDescent,
  matchParents,
  otherFilesOf,
  readCandidate,
  slug,
  type Catalogue,
} from '@tracecal/gateway-client/cli';
import type { ParentDraft } from '@tracecal/gateway-client/dcc';
import { property } from '../../support/property.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { exampleFiles } from '../../support/commandLine.js';

const SHA256 = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

describe('a certificate that becomes a report', () => {
  after(removeTemporaryFolders);

  it('gives report and device ids that the registry accepts, whatever it calls them', () => {
    assert.equal(slug('PTB - 11044 17'), 'PTB-11044-17');
    assert.equal(slug('Gerät/Ölbad №5'), 'Gerat-Olbad-No5');
    assert.equal(slug(' -- '), undefined);
    property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const id = slug(text);
      assert.ok(id === undefined || IDENTIFIER.test(id), id);
    });
  });

  it('comes after those that it rests on, in whatever order they are given', async () => {
    const candidates = await Promise.all([...exampleFiles()].reverse().map((file) => readCandidate(file)));
    const order = inOrderOfDescent(candidates).map(({ sha256 }) => sha256);
    assert.equal(order.length, candidates.length);
    for (const { sha256, draft } of candidates) {
      for (const parent of draft.parents) {
        assert.ok(order.indexOf(parent.sha256 ?? '') < order.indexOf(sha256));
      }
    }
  });

  it('is known by the digest of its bytes', async () => {
    const [example = ''] = exampleFiles();
    const original = await readCandidate(example);
    const copy = join(temporaryFolder(), 'copy.xml');
    writeFileSync(copy, Buffer.concat([original.bytes, Buffer.from('\n')]));
    assert.notEqual((await readCandidate(copy)).sha256, original.sha256);
  });
});

describe('what a certificate rests on', () => {
  const draft = (more: Partial<ParentDraft>): ParentDraft => ({
    equipment: 'Pt25',
    serial: null,
    manufacturer: null,
    model: null,
    certificate: null,
    sha256: null,
    analogue: false,
    ...more,
  });

  const known = { id: 'lab/C-1', device: 'lab/pt25', serial: 'SN 1', certificateSha256: SHA256, supersededBy: null };
  const reader = registryWith(known);
  const found = { kind: 'report', device: 'lab/pt25', report: 'lab/C-1', digest: OTHER };

  it('is a registered report if that was made from the very file', async () => {
    assert.deepEqual(await matchParents(reader, [draft({ certificate: 'C 1', sha256: SHA256 })]), [found]);
  });

  it('is found by the serial number of the standard where the certificate goes by another name', async () => {
    assert.deepEqual(await matchParents(reader, [draft({ certificate: 'X', serial: 'SN 1', sha256: SHA256 })]), [
      found,
    ]);
  });

  it('is found by its name where no digest is stated, if it is about the standard that was used', async () => {
    assert.deepEqual(await matchParents(reader, [draft({ certificate: 'C 1' })]), [found]);
    assert.deepEqual(await matchParents(reader, [draft({ certificate: 'C 1', serial: ' SN  1\n' })]), [found]);
    const [parent] = await matchParents(reader, [draft({ certificate: 'C 1', serial: 'SN 2' })]);
    assert.equal(parent?.kind, 'external', 'another laboratory gave its certificate the same number');
  });

  it('is found once, however many measurements name it', async () => {
    const named = draft({ certificate: 'C 1', serial: 'SN 1', sha256: SHA256 });
    const paper = draft({ certificate: 'P-7', analogue: true });
    const parents = await matchParents(reader, [named, paper, { ...named, certificate: 'X', equipment: 'it' }, paper]);
    assert.deepEqual(
      parents.map(({ kind }) => kind),
      ['report', 'paper'],
    );
  });

  it('is the file that it names even if that was amended since', async () => {
    const amended = registryWith({ ...known, supersededBy: 'lab/C-2' });
    assert.deepEqual(await matchParents(amended, [draft({ certificate: 'C 1', sha256: SHA256 })]), [found]);
  });

  it('is paper if the certificate says so, whatever is registered under that number', async () => {
    const [parent] = await matchParents(reader, [draft({ certificate: 'C 1', serial: 'SN 1', analogue: true })]);
    assert.equal(parent?.kind, 'paper');
  });

  it('is not the report of that name if the file is another one', async () => {
    const parents = await matchParents(reader, [draft({ certificate: 'C 1', serial: 'SN 1', sha256: OTHER })]);
    assert.deepEqual(parents, [{ kind: 'external', certificate: 'C 1', sha256: OTHER, equipment: 'Pt25' }]);
    assert.deepEqual(await otherFilesOf(reader, parents), [{ certificate: 'C 1', report: 'lab/C-1' }], 'and is told');
    const unknown = await matchParents(reader, [draft({ certificate: 'C 2', sha256: OTHER })]);
    assert.deepEqual(await otherFilesOf(reader, unknown), []);
  });

  it('is not guessed from a serial number alone', async () => {
    const [parent] = await matchParents(reader, [draft({ serial: 'SN 1' })]);
    assert.equal(parent?.kind, 'external');
  });

  it('is paper if the certificate says so, and external if it is not registered', async () => {
    const parents = await matchParents(reader, [draft({ certificate: 'P-7', analogue: true }), draft({})]);
    assert.deepEqual(
      parents.map(({ kind }) => kind),
      ['paper', 'external'],
    );
  });
});

interface Known {
  readonly id: string;
  readonly device: string;
  readonly serial: string;
  readonly certificateSha256: string;
  readonly supersededBy: string | null;
}

/** A registry with one report, of one of the two laboratories of its channel. */
function registryWith({ id, device, serial, certificateSha256, supersededBy }: Known): Catalogue {
  const answer = {
    id,
    digest: OTHER,
    body: { device, certificateSha256 },
    record: { supersededBy },
  } as unknown as ReportAnswer;
  const reader = {
    getReport: (asked: string) =>
      asked === id ? Promise.resolve(answer) : Promise.reject(new TraceCalError('NOT_FOUND', `no report ${asked}.`)),
    getDevice: () => Promise.resolve({ serial } as DeviceAnswer),
    listReports: () => each([{ id } as ReportSummary]),
    findDevices: (search: { serial?: string }) =>
      each(search.serial === serial ? [{ id: device } as DeviceSummary] : []),
  };
  return {
    reader: () => Promise.resolve(reader),
    channel: { writers: ['other', 'lab'], readers: [] },
    keys: { has: () => false, ids: () => Promise.resolve([]) },
  } as unknown as Catalogue;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    yield await Promise.resolve(item);
  }
}
