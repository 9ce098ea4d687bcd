import assert from 'node:assert/strict';
import type { Parent } from '@tracecal/core/model';
import { importText, PLAIN } from '@tracecal/cli';

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
});
