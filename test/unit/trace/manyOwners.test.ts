import assert from 'node:assert/strict';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

const EARLY = '2024-12-02T00:00:00Z';

/** Every organisation of its own requires something, several times. */
async function addOwners(hierarchy: Hierarchy, count: number): Promise<readonly string[]> {
  const owners = Array.from({ length: count }, (_, place) => `owner-${place}`);
  for (const id of owners) {
    await hierarchy.addOrganisation({ id, kind: 'OEM', certifiedBy: 'lab-alpha' });
    for (let said = 0; said < 4; said += 1) {
      hierarchy.require(id, { intervalDays: 1000 + said }, { registered: EARLY });
    }
  }
  return owners;
}

/** Counts how often somebody reads what organisations have required. */
function countReads({ organisations }: Hierarchy): () => number {
  let reads = 0;
  for (const [id, record] of organisations) {
    const requirements = record.requirements.map(({ jws, ...rest }) =>
      Object.defineProperty({ ...rest }, 'jws', { enumerable: true, get: () => ((reads += 1), jws) }),
    );
    organisations.set(id, { ...record, requirements: requirements as unknown as typeof record.requirements });
  }
  return () => reads;
}

describe('A device of many owners', function () {
  this.timeout(60_000);

  async function readsAfterSales(device: string, count: number): Promise<number> {
    const hierarchy = await twoCountries();
    const owners = await addOwners(hierarchy, 12);
    for (let sale = 0; sale < count; sale += 1) {
      const registered = later('2025-03-01T00:00:00Z', 60 * sale);
      hierarchy.transfer(device, owners[sale % owners.length] ?? '', { registered });
    }
    const reads = countReads(hierarchy);
    const verdict = await hierarchy.trace('sensor-a');
    assert.ok(verdict.edges.length >= 4, verdict.reason);
    return reads();
  }

  for (const device of ['sensor-a', 'working-a']) {
    it(`has only the words of one owner read: ${device}`, async () => {
      const few = await readsAfterSales(device, 1);
      assert.equal(await readsAfterSales(device, 60), few);
    });
  }

  /** Sells the standard minute by minute on the day on which the sensor was calibrated with it. */
  async function soldMeanwhile(sales: number) {
    const hierarchy = await twoCountries();
    const owners = await addOwners(hierarchy, sales);
    hierarchy.require(owners[3] ?? '', { intervalDays: 30 }, { registered: EARLY });
    const report = { id: 'again', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-03-01' });
    owners.forEach((owner, place) => {
      hierarchy.transfer('working-a', owner, { registered: `2025-03-01T00:${10 + place}:00Z` });
    });
    return hierarchy.trace('sensor-a');
  }

  it('is judged by the word of each who owned it during a calibration', async () => {
    const { status, reason } = await soldMeanwhile(7);
    assert.equal(status, 'FAILED');
    assert.match(reason, /The recalibration of .*working-a was due on 2025-02-11, but report/);
  });

  it('is INCOMPLETE where more owned it during a calibration than are heard', async () => {
    const { status, reason } = await soldMeanwhile(12);
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, /More than 8 organisations owned .*working-a during the work of report/);
  });
});
