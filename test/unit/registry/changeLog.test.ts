import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import fc from 'fast-check';
import { twoCountries } from '../../support/hierarchy.js';
import { consentsAndReviews, happenings, recalibration } from '../../support/happenings.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { asyncProperty } from '../../support/property.js';
import { registryOf, submit } from '../../support/registry.js';

const DEVICE = 'oem-a/sensor-a';
/** After all that happens. */
const AS_OF = '2026-02-01T00:00:00Z';
const WORST_FIRST: readonly VerdictStatus[] = ['FAILED', 'INCOMPLETE', 'ATTESTED', 'TRACEABLE'];

describe('The change log', () => {
  it('names something that a verdict rested on whenever the verdict has become worse', async function () {
    this.timeout(600_000);
    const all = [...happenings, ...consentsAndReviews];
    let worse = 0;
    await asyncProperty(
      fc.array(fc.nat({ max: all.length - 1 }), { minLength: 1, maxLength: 6 }),
      async (places) => {
        const hierarchy = await twoCountries();
        const ledger = await registryOf(hierarchy);
        let [kept, since] = [await look(ledger), new Set<string>()];
        for (const [step, place] of places.entries()) {
          const item = await all[place]!(hierarchy, ledger, `h-${step}`);
          const lines = await linesOf(ledger, item);
          if (!lines) continue;
          lines.forEach((line) => since.add(line));
          const now = await look(ledger);
          if (rank(now) < rank(kept)) {
            worse += 1;
            const named = kept.subjects.some((subject) => since.has(subject));
            assert.ok(named, `${kept.verdict.status} became ${now.verdict.status}: ${now.verdict.reason}`);
            [kept, since] = [now, new Set()];
          }
        }
      },
      15,
    );
    assert.ok(worse > 0);
  });

  describe('names nobody’s device for what a stranger says about it:', () => {
    let hierarchy: Hierarchy;
    let ledger: MemoryLedger;

    beforeEach(async () => {
      hierarchy = await twoCountries();
      ledger = await registryOf(hierarchy);
    });

    /** What lab-beta files about a device of oem-a. */
    const stranger = (id: string, supersedes?: string) =>
      hierarchy.addReport({
        id,
        device: 'sensor-a',
        technician: 't-lab-beta',
        parents: ['reference-b-r1'],
        performed: '2025-12-20',
        accepted: false,
        ...(supersedes !== undefined && { supersedes }),
      });
    const line = (subject: string) => createHash('sha256').update(subject).digest('hex');

    it('an unaccepted report names itself, and an amendment of it both', async () => {
      const { verdict } = await look(ledger);
      assert.deepEqual(await linesOf(ledger, stranger('noise')), [line('report:lab-beta/noise')]);
      assert.deepEqual(await linesOf(ledger, stranger('more-noise', 'noise')), [
        line('report:lab-beta/more-noise'),
        line('report:lab-beta/noise'),
      ]);
      assert.deepEqual((await look(ledger)).verdict, verdict, 'the verdict is the same');
    });

    it('its owner’s acceptance names the device, at once or later', async () => {
      await submit(ledger, stranger('good'));
      assert.deepEqual(await linesOf(ledger, hierarchy.accept('good')), [line(`device:${DEVICE}`)]);
      const own = hierarchy.addReport({ ...recalibration('own'), date: ledger.now });
      assert.deepEqual(await linesOf(ledger, own), [line(`device:${DEVICE}`)]);
    });

    it('and so does a report that a standing consent covers', async () => {
      await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-beta' }));
      assert.deepEqual(await linesOf(ledger, stranger('covered')), [line(`device:${DEVICE}`)]);
    });

    it('a consent names its owner, and the laboratory only if that certified the owner', async () => {
      for (const [owner, laboratory, named] of [
        ['oem-b', 'nmi-north', 'oem-b'],
        ['oem-b', 'lab-alpha', 'oem-b'],
        ['lab-alpha', 'nmi-north', 'lab-alpha'],
        ['oem-a', 'lab-alpha', 'lab-alpha'],
      ] as const) {
        const consent = hierarchy.consent(owner, { laboratory });
        assert.deepEqual(await linesOf(ledger, consent), [line(`organisation:${named}`)], `${owner}, ${laboratory}`);
      }
    });

    it('a review names its cause for whoever used that standard, and else its author', async () => {
      const results = hierarchy.resultsOf('working-a-r1');
      const work = { technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-01-12' };
      const amendment = { id: 'amended', device: 'working-a', supersedes: 'working-a-r1', results };
      await submit(ledger, hierarchy.addReport({ ...amendment, ...work }));
      const reviewed = (author: string, report: string) =>
        hierarchy.review(author, 'amended', [report], { reason: '-' });
      assert.deepEqual(await linesOf(ledger, reviewed('oem-a', 'sensor-a-r1')), [line('report:lab-alpha/amended')]);
      assert.deepEqual(await linesOf(ledger, reviewed('lab-beta', 'working-b-r1')), [line('organisation:lab-beta')]);
    });
  });
});

interface Look {
  readonly verdict: Verdict;
  /** What it rests on, as the log names it. */
  readonly subjects: readonly string[];
}

/** What a verifier puts aside: a verdict, and the subjects of all records that it was drawn from. */
async function look(ledger: MemoryLedger): Promise<Look> {
  const options = JSON.stringify({ asOf: AS_OF });
  const { answer, reads } = await ledger.simulate({ mspId: 'AnyMSP' }, 'traceCal', DEVICE, options);
  const subjects = reads.flatMap((key) => {
    const [, kind = '', id = '', laboratory = ''] = key.split('\u0000');
    return namedBy(kind, id, laboratory, ledger.channel).map((name) => createHash('sha256').update(name).digest('hex'));
  });
  return { verdict: JSON.parse(answer) as Verdict, subjects };
}

function namedBy(kind: string, id: string, laboratory: string, channel: string): readonly string[] {
  switch (kind) {
    case 'registry':
      return [`registry:${channel}`];
    case 'consent':
      return [`organisation:${id}`, `organisation:${laboratory}`];
    case 'review':
      return [`report:${id}`, `organisation:${laboratory}`];
    default:
      return [`${kind}:${id}`];
  }
}

function rank({ verdict }: Look): number {
  return WORST_FIRST.indexOf(verdict.status);
}

/** The lines that an item writes into the log; undefined if the registry refuses it. */
async function linesOf(ledger: MemoryLedger, item: Item): Promise<readonly string[] | undefined> {
  try {
    const { writes } = await submit(ledger, item);
    return [...writes]
      .filter(([key]) => key.startsWith('log/'))
      .flatMap(([, value]) => (JSON.parse(String(value)) as { readonly record: string[] }).record);
  } catch (error) {
    assert.match(String(error), /^RegistryError: (?!INTERNAL)/);
    return undefined;
  }
}
