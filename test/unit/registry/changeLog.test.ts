import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import fc from 'fast-check';
import { twoCountries, paperParent } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { asyncProperty } from '../../support/property.js';
import { registryOf, submit } from '../../support/registry.js';

const DEVICE = 'oem-a/sensor-a';
/** After all that happens. */
const AS_OF = '2026-02-01T00:00:00Z';
const WORST_FIRST: readonly VerdictStatus[] = ['FAILED', 'INCOMPLETE', 'ATTESTED', 'TRACEABLE'];

/** Something that may be registered after a verifier has put records aside. */
type Happening = (hierarchy: Hierarchy, ledger: MemoryLedger, id: string) => Promise<Item> | Item;

const SUBJECTS = [
  ['report', 'sensor-a-r1'],
  ['report', 'reference-a-r1'],
  ['device', 'sensor-a'],
  ['device', 'working-a'],
  ['person', 't-lab-alpha'],
  ['person', 'nmi-north/officer'],
  ['organisation', 'lab-alpha'],
  ['organisation', 'nmi-north'],
  ['organisation', 'nmi-south'],
] as const;

const happenings: readonly Happening[] = [
  ...SUBJECTS.flatMap((subject): Happening[] => [
    (hierarchy, { now }) => hierarchy.addStatement('revocation', subject, { registered: now, effective: now }),
    (hierarchy, { now }) =>
      hierarchy.addStatement('revocation', subject, { registered: now, effective: now, reason: 'cessation' }),
    (hierarchy, { now }) => hierarchy.addStatement('suspension', subject, { registered: now, effective: now }),
    (hierarchy, { now }) => hierarchy.addStatement('reinstatement', subject, { registered: now, effective: now }),
  ]),
  (hierarchy, { now }) =>
    hierarchy.addStatement('revocation', ['organisation', 'nmi-north'], { author: 'nmi-south', registered: now }),
  (hierarchy) => hierarchy.reduce('lab-alpha', { validTo: '2025-01-01' }),
  (hierarchy) => hierarchy.setInterval('sensor-a', 30),
  (hierarchy) => hierarchy.setInterval('reference-a', 1),
  (hierarchy) => hierarchy.transfer('sensor-a', 'lab-beta', { by: 'oem-a', intervalDays: 10 }),
  (hierarchy) => hierarchy.setPolicy({ transcriptionDays: 1 }),
  (hierarchy) => hierarchy.setPolicy({ accreditors: 'body' }),
  (hierarchy) => hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }),
  (hierarchy) => hierarchy.reject('sensor-a-r1'),
  (hierarchy) => hierarchy.accept('sensor-a-r1'),
  (hierarchy, { now }, id) => hierarchy.addReport({ ...recalibration(id), date: now }),
  (hierarchy, { now }, id) => hierarchy.addReport({ ...recalibration(id), date: now, accepted: false }),
  (hierarchy, { now }, id) =>
    hierarchy.addReport({
      ...recalibration(id),
      date: now,
      parents: [paperParent('K')],
    }),
  (hierarchy, _, id) =>
    hierarchy.addReport({
      ...recalibration(id),
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      supersedes: 'working-a-r1',
      performed: '2025-01-12',
      accepted: false,
    }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-lab-alpha', organisation: 'lab-alpha', quantities: ['mass'] }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a' }),
  (hierarchy) => hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', quantities: ['mass'] }),
  (hierarchy) => hierarchy.renewKey('lab-alpha'),
  (hierarchy) => hierarchy.renewKey('nmi-north'),
  (hierarchy) => hierarchy.addOfficer({ id: 'oem-a/officer', organisation: 'oem-a' }),
  (hierarchy, _, id) => hierarchy.addDevice({ id: `device-${id}`, technician: 't-oem-a' }),
  (hierarchy, _, id) => hierarchy.addOrganisation({ id: `nmi-${id}`, kind: 'NMI' }),
  (hierarchy, { now }) => hierarchy.seal(now),
];

function recalibration(id: string) {
  return { id, device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'], performed: '2025-12-20' };
}

describe('The change log', () => {
  it('names something that a verdict rested on whenever the verdict has become worse', async function () {
    this.timeout(600_000);
    let worse = 0;
    await asyncProperty(
      fc.array(fc.nat({ max: happenings.length - 1 }), { minLength: 1, maxLength: 6 }),
      async (places) => {
        const hierarchy = await twoCountries();
        const ledger = await registryOf(hierarchy);
        let [kept, since] = [await look(ledger), new Set<string>()];
        for (const [step, place] of places.entries()) {
          const item = await happenings[place]!(hierarchy, ledger, `h-${step}`);
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
      40,
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
  const subjects = reads.map((key) => {
    const [, kind = '', id = ''] = key.split('\u0000');
    return createHash('sha256')
      .update(kind === 'registry' ? `registry:${ledger.channel}` : `${kind}:${id}`)
      .digest('hex');
  });
  return { verdict: JSON.parse(answer) as Verdict, subjects };
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
