import assert from 'node:assert/strict';
import { join } from 'node:path';
import { dateOf, instantOf, plusDays, type AccreditationLine, type CalendarDate } from '@tracecal/core/model';
import fc from 'fast-check';
import { datedExamples, writeExamples } from '@tracecal/cli';
import { inOrderOfDescent, readCandidate } from '@tracecal/gateway-client/application';
import { parentFileSha256, parentsOf, readCertificate, sha256Hex } from '@tracecal/gateway-client/dcc';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { asyncProperty } from '../../support/property.js';

/** What the registry's policy allows between a calibration and its registration. */
const TRANSCRIPTION_DAYS = 90;
const DAY_MS = 86_400_000;
const RUNS = 10;

const anyDay = fc
  .integer({ min: Date.parse('2024-01-01'), max: Date.parse('2099-12-31') })
  .map((milliseconds) => dateOf(instantOf(milliseconds)));

function chain(files: ReadonlyMap<string, string>, prefix: string) {
  return [...files].flatMap(([name, text]) =>
    name.startsWith(prefix) && name.endsWith('.xml') ? [bytesOf(text)] : [],
  );
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

describe('the example certificates of a day', () => {
  after(removeTemporaryFolders);

  for (const prefix of ['temperature', 'mass']) {
    it(`are four of ${prefix}, done and issued one after the other, and still observed when they are imported`, async () => {
      await asyncProperty(
        anyDay,
        async (today) => {
          const certificates = chain(await datedExamples(today), prefix).map((bytes) => readCertificate(bytes).core);
          assert.equal(certificates.length, 4);
          certificates.forEach(({ performed, issued }, level) => {
            const above = certificates[level - 1];
            assert.ok(performed.begin <= performed.end && performed.end <= issued! && issued! < today);
            assert.ok(!above || above.issued! < performed.begin);
            assert.ok(daysBetween(performed.end, today) + 7 < TRANSCRIPTION_DAYS, 'for a week more');
          });
        },
        RUNS,
      );
    });

    it(`of ${prefix} name the digest and the number of the certificate above them`, async () => {
      const files = chain(await datedExamples('2031-06-15'), prefix);
      files.slice(1).forEach((bytes, level) => {
        const above = files[level]!;
        const [parent] = parentsOf(readCertificate(bytes));
        assert.equal(parentFileSha256(parent!.certificate), sha256Hex(above));
        assert.equal(parent!.certificate.referralId, readCertificate(above).core.uniqueIdentifier);
      });
    });
  }

  it('are done and issued on working days', async () => {
    await asyncProperty(
      anyDay,
      async (today) => {
        const files = await datedExamples(today);
        for (const bytes of [...chain(files, 'temperature'), ...chain(files, 'mass')]) {
          const { performed, issued } = readCertificate(bytes).core;
          for (const day of [performed.begin, performed.end, issued!]) {
            assert.ok(![0, 6].includes(new Date(day).getUTCDay()), day);
          }
        }
      },
      RUNS,
    );
  });

  it('have the year of issue in their numbers', async () => {
    const [institute] = chain(await datedExamples('2031-01-08'), 'temperature');
    assert.equal(readCertificate(institute!).core.uniqueIdentifier, 'EXAMPLE-NMIN-T-2030-001');
  });

  it('come with accreditations that are valid years before and after', async () => {
    for (const today of ['2026-02-28', '2050-12-31']) {
      const files = await datedExamples(today);
      for (const quantity of ['temperature', 'mass']) {
        const lines = JSON.parse(files.get(`scope-${quantity}.json`) ?? '') as AccreditationLine[];
        assert.ok(lines.length > 0);
        for (const line of lines) {
          assert.equal(line.quantity, quantity);
          assert.ok(line.validFrom < plusDays(today, -1000) && line.validTo > plusDays(today, 1000));
        }
      }
    }
  });

  it('are written into a folder, from which they are read as certificates that rest on one another', async () => {
    const folder = join(temporaryFolder(), 'new', 'folder');
    const files = await writeExamples(folder, '2027-03-01');
    const candidates = await Promise.all(
      files.filter((file) => file.endsWith('.xml')).map((file) => readCandidate(file)),
    );
    assert.equal(candidates.length, 8);
    assert.deepEqual(inOrderOfDescent(candidates.toReversed()).length, 8);
    for (const { file, draft } of candidates) {
      assert.deepEqual([draft.questions, draft.items.map(({ results }) => results.length)], [[], [1]], file);
    }
  });

  it('cannot be written where a file is in the way', async () => {
    const [file = ''] = await writeExamples(temporaryFolder());
    await assert.rejects(writeExamples(join(file, 'below')), { code: 'FILE_UNWRITABLE' });
  });
});
