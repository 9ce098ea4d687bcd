import assert from 'node:assert/strict';
import type { Parent } from '@tracecal/core/model';
import { deliveredText, hintsFor, importText, PLAIN } from '@tracecal/cli';
import type { ImportOutcome } from '@tracecal/gateway-client/application';

describe('The output of an import', () => {
  const restsOn = (parent: Parent) => {
    const imported = {
      file: 'a.xml',
      report: 'lab/a',
      device: 'lab/d',
      owner: 'lab',
      organisation: 'lab',
      technician: 'lab/t',
      parents: [parent],
      results: 1,
      accepted: true,
      supersedes: null,
      omitted: [],
      notes: [],
      signature: null,
      certificateSha256: '',
      items: [],
    };
    const delivered = { committed: [], file: null, missing: [] };
    return importText({ file: 'a.xml', ok: true, signed: imported, delivered }, PLAIN)
      .split('\n')
      .find((line) => line.includes('rests on'))
      ?.trim();
  };

  for (const [parent, said] of [
    [{ kind: 'external', certificate: 'K-1', equipment: 'Pt100' }, 'certificate K-1, which is not registered here'],
    [
      {
        kind: 'external',
        certificate: 'K-1',
        equipment: 'Pt100',
        digest: { algorithm: 'SHA-256', value: 'ab'.repeat(32) },
      },
      'certificate K-1 with the SHA-256 abababababababab…, which is not registered here',
    ],
    [
      { kind: 'external', certificate: 'not named', equipment: 'Pt100, serial 7' },
      'Pt100, serial 7, of which no certificate is named',
    ],
    [
      { kind: 'external', certificate: 'not named', equipment: 'not named, serial 7' },
      'a standard, serial 7, of which no certificate is named',
    ],
  ] as const) {
    it(`says that it rests on ${said}`, () => {
      assert.equal(restsOn(parent), `rests on ${said}`);
    });
  }

  it('offers to amend a report that was registered before only to its author, and says what else there is to know', () => {
    const said = (organisation: string) => {
      const facts = { file: 'a.xml', report: `${organisation}/a`, device: 'oem/d', owner: 'oem', organisation };
      const rest = { parents: [], results: 1, accepted: false, supersedes: null, omitted: [], signature: null };
      const imported = { ...facts, ...rest, technician: 'lab/t', notes: ['Waits.'], certificateSha256: '' };
      const outcome = { file: 'a.xml', ok: true, imported: { ...imported, deviceCommitted: null, committed: null } };
      return importText(outcome as ImportOutcome, PLAIN);
    };
    assert.match(said('lab'), /registered before, as report lab\/a of oem\/d\n +Waits\.\n.*report amend lab\/a NEW-ID/);
    assert.match(said('nmi'), /registered before, as report nmi\/a of oem\/d\n +Waits\.$/);
  });

  it("names commands for a signed file as a shell takes them, and to others none with one's own data directory", () => {
    const style = { ...PLAIN, hint: hintsFor('tracecal', { data: '/own' }) };
    const said = (missing: readonly string[]) => deliveredText({ committed: [], file: 'a b.json', missing }, '', style);
    assert.match(said([]), /`tracecal statement submit 'a b\.json' --data \/own`/);
    assert.match(said(['organisation:nmi']), /`tracecal statement sign 'a b\.json' --as ORGANISATION`/);
  });
});
