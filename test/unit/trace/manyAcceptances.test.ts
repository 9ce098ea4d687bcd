import assert from 'node:assert/strict';
import type { Acceptance, DeviceRecord, OwnerEntry } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import type { Decision, OpenDevice, Opener } from '@tracecal/core/open';
import { jwsPayload } from '@tracecal/core/signing';
import { currentReports } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import { Random } from '../../support/random.js';

/** An acceptance of a kind of quantity of its own, so that every report counts unless an adjustment ended it. */
function acceptance(place: number, changes: Partial<Acceptance> = {}): Acceptance {
  const plain = { report: `lab/r${place}`, digest: '0'.repeat(64), performed: '2025-03-01' };
  return { ...plain, results: [{ quantity: `kind-${place}` }], ...changes };
}

/** The device's current reports, and how often a day or an amendment of an acceptance was read. */
async function currentOf(acceptances: readonly Acceptance[]) {
  let reads = 0;
  const said = { registered: { epoch: 1, date: '2025-06-01T00:00:00Z', decisions: 0, txId: 'tx' } };
  const decisions = acceptances.map(
    (each) =>
      new Proxy({ ...each, accepts: true, tenure: 0, said, flaws: [] } as unknown as Decision, {
        get: (target, name) => {
          reads += name === 'performed' || name === 'supersedes' ? 1 : 0;
          return Reflect.get(target, name) as unknown;
        },
      }),
  );
  const device = { decisions, owners: ['owner'], since: [said.registered], intervals: [] } as unknown as OpenDevice;
  const opener = { requirements: () => Promise.resolve([]) } as unknown as Opener;
  const current = await currentReports(opener, device, '2026-01-01T00:00:00Z');
  return { reads, current: new Set(current.map(({ report }) => report)) };
}

/** By the rule itself: newest first, each report compared with all others. */
function naive(acceptances: readonly Acceptance[]): ReadonlySet<string> {
  const newest = acceptances.toReversed();
  const isOf = (report: string, amended: string): boolean => {
    const supersedes = newest.find((each) => each.report === report)?.supersedes;
    return report === amended || (supersedes !== undefined && isOf(supersedes, amended));
  };
  const isEnded = (own: Acceptance, place: number) =>
    newest.some(
      ({ report, adjusted, performed }, other) =>
        adjusted === true &&
        (performed > own.performed || (performed === own.performed && other < place && own.adjusted !== true)) &&
        !isOf(report, own.report),
    );
  return new Set(newest.filter((own, place) => !isEnded(own, place)).map(({ report }) => report));
}

describe('Very many acceptances of a device', () => {
  it('are read a few times each, however they amend one another', async () => {
    const chain = (count: number) =>
      Array.from({ length: count }, (_, place) =>
        acceptance(place, {
          ...(place > 0 && place < count - 1 && { supersedes: `lab/r${place - 1}` }),
          ...(place === count - 1 && { adjusted: true, performed: '2025-04-01' }),
        }),
      );
    for (const count of [100, 200, 400]) {
      const { reads, current } = await currentOf(chain(count));
      assert.ok(reads <= 20 * count, `${reads} reads of ${count} acceptances`);
      assert.deepEqual([...current], [`lab/r${count - 1}`]);
    }
  });

  it('are ended by the same adjustments as where each is compared with all others', async () => {
    const random = new Random(20_260_102);
    const below = (count: number) => random.between(0, count - 1);
    for (let round = 0; round < 300; round += 1) {
      const all = Array.from({ length: 1 + below(9) }, (_, place) =>
        acceptance(place, {
          performed: `2025-03-0${1 + below(3)}`,
          ...(below(3) === 0 && { adjusted: true as const }),
          ...(place > 0 && below(2) === 0 && { supersedes: `lab/r${below(place)}` }),
        }),
      );
      assert.deepEqual([...(await currentOf(all)).current].sort(), [...naive(all)].sort(), JSON.stringify(all));
    }
  });

  it('of too many places are INCOMPLETE, whoever signed them', async () => {
    const hierarchy = await twoCountries();
    const place = (at: number) => ({ unit: '\\degreecelsius', min: 100 * at, max: 100 * at + 1, expanded: 0 });
    const unsigned = (entry: OwnerEntry, at: number): OwnerEntry => {
      const { number, ...statement } = readStatement(entry.jws);
      const extents = [...Array.from({ length: 15 }, () => place(at + 1)), place(at)];
      const body = acceptance(at, { results: [{ quantity: 'temperature', extents }] });
      return { ...entry, jws: { ...entry.jws, payload: jwsPayload({ ...statement, number: number + 1, body }) } };
    };
    const flooded = (record: DeviceRecord, count: number): DeviceRecord => {
      const [last] = record.ownership.slice(-1);
      assert.ok(last);
      return {
        ...record,
        ownership: [...record.ownership, ...Array.from({ length: count }, (_, at) => unsigned(last, at))],
      };
    };
    hierarchy.changeDevice('sensor-a', (record) => flooded(record, 90));
    const { status, check, reason, edges } = await hierarchy.trace('sensor-a');
    assert.deepEqual([status, check, edges.length], ['INCOMPLETE', 'limits', 1]);
    assert.match(reason, /^The acceptances of device oem-a\/sensor-a state more places than one trace compares/);
  });
});
