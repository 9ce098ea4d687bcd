import assert from 'node:assert/strict';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';

describe('A trace under attack by a laboratory that reviews without end', () => {
  it('reads no more reviews than results', async function () {
    this.timeout(60_000);
    const hierarchy = await twoCountries();
    const results = [temperatureResult(0.01)];
    const parents = Array.from({ length: 12 }, (_, place) => `bench-${place}`);
    for (const id of parents) {
      await hierarchy.addDevice({ id, technician: 't-oem-a' });
      const bench = { device: id, technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-01' };
      hierarchy.addReport({ ...bench, id, results });
    }
    const made = {
      device: 'sensor-a',
      technician: 't-oem-a',
      performed: '2025-03-01',
      results: [temperatureResult(0.1)],
    };
    hierarchy.addReport({ ...made, id: 'made', parents });
    assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
    const others = Array.from({ length: 100 }, (_, place) => ({ report: `oem-a/${place}`, digest: 'ab'.repeat(32) }));
    for (const id of parents) {
      const bench = { device: id, technician: 't-lab-alpha', parents: ['reference-a-r1'], performed: '2025-02-01' };
      hierarchy.addReport({ ...bench, id: `${id}-a`, supersedes: id, results, registered: '2025-04-01T00:00:00Z' });
      hierarchy.review('oem-a', `${id}-a`, ['made'], { registered: '2025-04-02T00:00:00Z' });
      const name = `lab-alpha/${id}-a oem-a`;
      const [entry] = hierarchy.reviewsOf.get(name) ?? assert.fail();
      const wide = { ...entry!, jws: hierarchy.changed(entry!.jws, { body: { reports: others } }) };
      hierarchy.reviewsOf.set(name, [entry!, ...new Array<typeof wide>(99).fill(wide)]);
    }
    let read = new Set<string>();
    const reviews = hierarchy.reviews.bind(hierarchy);
    hierarchy.reviews = (cause, laboratory) => {
      read = read.add(cause);
      return reviews(cause, laboratory);
    };
    const { status, reason } = await hierarchy.trace('sensor-a');
    assert.ok(read.size > 4 && read.size < 12, `${read.size} of 12`);
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, /more results than one trace compares|has to review it/);
  });
});
