import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceAnswer, DeviceSummary, ReportAnswer, ReportSummary } from '@tracecal/core/contracts';
import { IDENTIFIER } from '@tracecal/core/model';
import fc from 'fast-check';
import { TraceCalError } from '@tracecal/gateway-client';
import {
  candidateOf,
  contradictMakers,
  contradictModels,
  inOrderOfDescent,
  matchParents,
  readCandidate,
  slug,
  type Library,
} from '@tracecal/gateway-client/application';
import { DccError, describedPaper, paperParentOf } from '@tracecal/gateway-client/dcc';
import { draftParent, type ParentParts } from '../../support/draftParent.js';
import { smallCertificate } from '../../support/smallCertificate.js';
import { property } from '../../support/property.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { exampleFiles } from '../../support/commandLine.js';

const SHA256 = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

describe('a certificate that becomes a report', () => {
  after(removeTemporaryFolders);

  it('gives report and device ids that the registry accepts, even for names that it would refuse', () => {
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
        assert.ok(order.indexOf(parent.certificate?.digest?.value ?? '') < order.indexOf(sha256));
      }
    }
  });

  it('is named after its file if a placeholder stands where its number belongs', () => {
    const named = (number: string) =>
      candidateOf('a.xml', Buffer.from(smallCertificate({}).toString().replaceAll('TEST-1', number))).report;
    assert.equal(named('K-17'), 'K-17');
    assert.match(named('XXXXXXXXXXXX'), /^dcc-[0-9a-f]{16}$/);
  });

  it('is known by the digest of its bytes', async () => {
    const [example = ''] = exampleFiles();
    const original = await readCandidate(example);
    const copy = join(temporaryFolder(), 'copy.xml');
    writeFileSync(copy, Buffer.concat([original.bytes, Buffer.from('\n')]));
    assert.notEqual((await readCandidate(copy)).sha256, original.sha256);
  });
});

describe('the parents of a certificate', () => {
  const known = { id: 'lab/C-1', device: 'lab/pt25', serial: 'SN 1', certificateSha256: SHA256, supersededBy: null };
  const library = registryWith(known);
  const found = { kind: 'report', device: 'lab/pt25', report: 'lab/C-1', digest: OTHER };
  const match = (parts: ParentParts, from = library) =>
    matchParents(from, { parents: [draftParent(parts)], items: [] });
  const kindOf = async (parts: ParentParts, from = library) => (await match(parts, from)).parents[0]?.kind;

  it('is a registered report if that was made from the very file', async () => {
    const { parents } = await match({ number: 'C 1', procedure: 'SHA256', value: SHA256 });
    assert.deepEqual(parents, [found]);
  });

  it('is found by the serial number of the standard where the certificate goes by another name', async () => {
    const { parents } = await match({ number: 'X', serial: 'SN 1', procedure: 'SHA256', value: SHA256 });
    assert.deepEqual(parents, [found]);
  });

  it('is found without a digest where certificate number and serial number agree, and that is told', async () => {
    const { parents, notes } = await match({ number: 'C 1', serial: ' SN  1\n' });
    assert.deepEqual(parents, [found]);
    assert.match(notes.join(), /certificate number and serial number agree/);
  });

  it('is proposed, never taken, where only one of them agrees', async () => {
    for (const parts of [{ number: 'C 1', serial: 'SN 2' }, { number: 'C 1' }, { number: 'C 2', serial: 'SN 1' }]) {
      const { parents, notes } = await match(parts);
      assert.equal(parents[0]?.kind, 'external');
      assert.match(notes.join(), /--parent lab\/C-1/);
    }
  });

  it('is proposed, never taken, where maker or model contradict', async () => {
    const parts = { number: 'C 1', serial: 'SN 1' };
    const same = { manufacturer: 'FLUKE corporation', model: 'hart 5626' };
    assert.equal(await kindOf({ ...parts, ...same }), 'report', 'spelling is no contradiction');
    const { parents, notes } = await match({ ...parts, manufacturer: 'OtherMaker' });
    assert.equal(parents[0]?.kind, 'external');
    assert.match(notes.join(), /its maker is Fluke, not OtherMaker.*--parent lab\/C-1/);
    assert.equal(await kindOf({ ...parts, model: '5699' }), 'external');
  });

  it('is proposed, never taken, where the very file is about another device than the one that was used', async () => {
    const file = { number: 'C 1', procedure: 'SHA256', value: SHA256 };
    assert.equal(await kindOf({ ...file, serial: 'sn-1' }), 'report', 'spelling is no contradiction');
    const numbers = [{ issuer: 'owner', value: 'SN 1' }];
    assert.equal(await kindOf({ ...file, serial: 'Inv. 7', numbers }), 'report', 'one of its numbers is enough');
    const { parents, notes } = await match({ ...file, serial: 'SN 2' });
    assert.equal(parents[0]?.kind, 'external');
    assert.match(notes.join(), /Pt25 has the serial number SN 2, but .* is about SN 1\..*--parent lab\/C-1/);
  });

  it('is no certificate on paper that is described for another serial number', async () => {
    const named = { number: 'P-7', procedure: 'analogue', serial: 'SN 9' };
    const described = (serial: string) =>
      paperParentOf({ number: 'P-7', laboratory: 'PTB', date: '2024-05-02', serial });
    const given = (serial: string) => ({
      reports: [],
      papers: [describedPaper(described(serial))],
      isForThisFile: true,
    });
    const refused = /P-7 is described as that of serial number SN 8, but .*Pt25.* has SN 9/;
    await assert.rejects(matchParents(library, { parents: [draftParent(named)], items: [] }, given('SN 8')), refused);
    await assert.rejects(match({ ...named, paper: described('SN 8') }), refused);
    const { parents } = await matchParents(library, { parents: [draftParent(named)], items: [] }, given('sn 9'));
    assert.deepEqual(parents, given('sn 9').papers);
  });

  it('is what a person says it is', async () => {
    const answer = await (await library.reader()).getReport('lab/C-1');
    const given = { reports: [{ report: answer, serial: 'SN 1' }], papers: [], isForThisFile: true };
    const unnamed = draftParent({ certificate: null, serial: 'SN 1' });
    const { parents } = await matchParents(library, { parents: [unnamed], items: [] }, given);
    assert.deepEqual(parents, [found]);
    const { parents: besides } = await matchParents(library, { parents: [], items: [] }, given);
    assert.deepEqual(besides, [found]);
  });

  it('is found once, however many measurements name it', async () => {
    const named = draftParent({ number: 'C 1', serial: 'SN 1', procedure: 'SHA256', value: SHA256 });
    const paper = draftParent({ number: 'P-7', procedure: 'analogue' });
    const all = [named, paper, { ...named, name: 'it' }, paper];
    const { parents, places } = await matchParents(library, { parents: all, items: [] });
    assert.deepEqual(
      parents.map(({ kind }) => kind),
      ['report', 'paper'],
    );
    assert.deepEqual(places, [0, 1, 0, 1]);
  });

  it('is the file that it names even if that was amended since', async () => {
    const amended = registryWith({ ...known, supersededBy: 'lab/C-2' });
    const { parents } = await match({ number: 'C 1', procedure: 'SHA256', value: SHA256 }, amended);
    assert.deepEqual(parents, [found]);
  });

  it('is the report that it names even if that was amended since, and both are told', async () => {
    const amended = registryWith({ ...known, supersededBy: 'lab/C-2' }, { ...known, id: 'lab/C-2' });
    for (const parts of [
      { number: 'C 1', serial: 'SN 1' },
      { number: 'C 1', procedure: 'SHA256', value: SHA256 },
    ]) {
      const { parents, notes } = await match(parts, amended);
      assert.deepEqual(parents, [found]);
      assert.match(notes.join(), /report lab\/C-1 was amended by lab\/C-2, which counts in its place/);
    }
    const { parents } = await match({ number: 'C 2', serial: 'SN 1' }, amended);
    assert.deepEqual(parents, [{ ...found, report: 'lab/C-2' }]);
  });

  it('is paper if the certificate says so, whatever is registered under that number', async () => {
    const { parents, notes } = await match({ number: 'C 1', serial: 'SN 1', procedure: 'analogue' });
    assert.equal(parents[0]?.kind, 'paper');
    assert.match(notes.join(), /describe it with --paper-parent/);
    assert.match(notes.join(), /Report lab\/C-1 has its number and serial number: .* --parent lab\/C-1\./);
    for (const other of [{ serial: 'SN 2' }, { number: 'C 9' }]) {
      const unlike = await match({ number: 'C 1', serial: 'SN 1', procedure: 'analogue', ...other });
      assert.doesNotMatch(unlike.notes.join(), /--parent lab/);
    }
  });

  it('is not the report of that name if the file differs, and that is reported', async () => {
    const { parents, notes } = await match({ number: 'C 1', serial: 'SN 1', procedure: 'SHA256', value: OTHER });
    assert.deepEqual(parents, [
      {
        kind: 'external',
        certificate: 'C 1',
        digest: { algorithm: 'SHA-256', value: OTHER },
        equipment: 'Pt25, serial SN 1',
      },
    ]);
    assert.match(
      notes.join(),
      /its certificate is registered, as report lab\/C-1, but from another file \(digest cdcdcdcd… is stated, abababab… registered\).*--parent lab\/C-1/,
    );
    const sha512 = await match({ number: 'C 1', serial: 'SN 1', procedure: 'SHA512', value: '0'.repeat(128) });
    assert.equal(sha512.parents[0]?.kind, 'external', 'nor by another digest');
  });

  it('is a confidential report of that number and serial number: the digest of its file is told to nobody', async () => {
    const confidential = registryWith({ ...known, certificateSha256: null });
    const named = { number: 'C 1', procedure: 'SHA256', value: SHA256 };
    const { parents, notes } = await match({ ...named, serial: 'SN 1' }, confidential);
    assert.deepEqual(parents, [found]);
    assert.match(notes.join(), /Its file is confidential, so its digest is neither compared nor named/);
    const other = await match({ ...named, serial: 'SN 2' }, confidential);
    assert.match(other.notes.join(), /its serial number is SN 1.*--parent lab\/C-1/);
  });

  it('is not guessed from a serial number alone', async () => {
    assert.equal(await kindOf({ serial: 'SN 1' }), 'external');
  });

  it('is no parent if it is equipment without a certificate that no result names as its reference', async () => {
    assert.deepEqual(await match({ certificate: null, serial: 'SN 9' }), { parents: [], places: [null], notes: [] });
  });
});

describe('two names of a maker', () => {
  it('contradict unless case, punctuation and legal forms make the difference, or one is missing', () => {
    const pairs = [
      ['Fluke Corporation', 'FLUKE'],
      ['Wika SE & Co. KG', 'WIKA'],
      ['Müller GmbH', 'MULLER'],
      ['', 'Fluke'],
      ['not stated', 'Fluke'],
    ] as const;
    for (const [one, other] of pairs) {
      assert.equal(contradictMakers(one, other), false, `${one} / ${other}`);
    }
    assert.equal(contradictMakers('Fluke', 'Hart'), true);
    assert.deepEqual([contradictModels('Pt-100/A', 'PT 100 A'), contradictModels('5626', '5628')], [false, true]);
  });
});

interface Known {
  readonly id: string;
  readonly device: string;
  readonly serial: string;
  /** Null: its results are confidential. */
  readonly certificateSha256: string | null;
  readonly supersededBy: string | null;
}

/** A registry with reports of one device, of one of the two laboratories of its channel. */
function registryWith(...known: readonly [Known, ...Known[]]): Library {
  const [{ device, serial }] = known;
  const answers = known.map(
    ({ id, certificateSha256, supersededBy }) =>
      ({
        id,
        digest: OTHER,
        body: { device, certificateSha256, results: [{ sealed: certificateSha256 === null }] },
        record: { supersededBy, impediments: [] },
      }) as unknown as ReportAnswer,
  );
  const reader = {
    getReport: (asked: string) => {
      const answer = answers.find(({ id }) => id === asked);
      return answer ? Promise.resolve(answer) : Promise.reject(new TraceCalError('NOT_FOUND', `no report ${asked}.`));
    },
    getDevice: () => Promise.resolve({ serial, manufacturer: 'Fluke', model: 'Hart-5626' } as DeviceAnswer),
    listReports: () => each(known.map(({ id }) => ({ id }) as ReportSummary)),
    findDevices: (search: { serial?: string }) =>
      each(search.serial === serial ? [{ id: device } as DeviceSummary] : []),
  };
  return {
    reader: () => Promise.resolve(reader),
    channel: { writers: ['other', 'lab'], readers: [] },
    keys: { has: () => false, ids: () => Promise.resolve([]) },
    content: { get: (sha256: string) => Promise.reject(new DccError('STORE_NOT_FOUND', sha256)) },
  } as unknown as Library;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    yield await Promise.resolve(item);
  }
}
