import assert from 'node:assert/strict';
import type { AccreditationLine, Result } from '@tracecal/core/model';
import { cmcOf, later, temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { refuses, registryOf, submit } from '../../support/registry.js';

const LINES = 512;
const ROWS = 1024;

/** An accreditation of as many lines as one grantor may grant, none of which covers anything. */
function grant(hierarchy: Hierarchy, organisation: string): void {
  const line = (place: number): AccreditationLine =>
    temperatureScope({ min: 300 + place, max: 301 + place, cmc: cmcOf(0.0001) });
  for (let from = 0; from < LINES; from += 64) {
    hierarchy.accredit(
      organisation,
      Array.from({ length: 64 }, (_, place) => line(from + place)),
    );
  }
}

/** As many rows as a result may have, several times. */
function manyRows(expanded: number, results: number): readonly Result[] {
  const values = Array.from({ length: ROWS }, (_, place) => (100 * place) / ROWS);
  return Array.from({ length: results }, (_, place) => ({
    ...temperatureResult(expanded, values),
    name: `Temperature ${place}`,
  }));
}

/** Whoever only reads may have peers hold rows against lines: that has an end, whatever was registered. */
describe('The work that an accreditation makes', function () {
  this.timeout(60_000);
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const TOO_MUCH = 'have more results than one trace compares';

  it('ends a trace, which says which narrower question to ask', async () => {
    grant(hierarchy, 'lab-alpha');
    const report = { id: 'many', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-02-01', results: manyRows(0.1, 4) });
    const { status, edges } = await hierarchy.trace('working-a');
    assert.equal(status, 'INCOMPLETE');
    assert.ok(edges[0]?.findings.some(({ check, reason }) => check === 'limits' && reason.includes(TOO_MUCH)));
  });

  const stating = (results: readonly Result[]) => {
    const report = { id: 'many', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-02-01', results });
  };

  it('counts the methods that its results state', async () => {
    grant(hierarchy, 'lab-alpha');
    const methods = Array.from({ length: 64 }, (_, place) => `Procedure ${place}`);
    const results = Array.from({ length: 16 }, (_, place) => ({
      ...temperatureResult(0.1, [place]),
      name: `Temperature ${place}`,
      methods,
    }));
    stating(results);
    const { status, reason } = await hierarchy.trace('working-a');
    assert.equal(status, 'INCOMPLETE');
    assert.match(reason, new RegExp(TOO_MUCH));
  });

  it('is not done again for an explanation that there is no room for', async () => {
    grant(hierarchy, 'lab-alpha');
    stating(manyRows(0.1, 4));
    const plain = await hierarchy.trace('working-a');
    const { edges, status, reason } = await hierarchy.trace('working-a', { explain: true });
    assert.deepEqual([status, reason], [plain.status, plain.reason]);
    const said = (edges[0]?.compared ?? []).filter((sentence) => sentence.startsWith('scope: Accreditation'));
    assert.equal(said.length, 4);
    assert.ok(said.every((sentence) => sentence.includes('ask about one value (--at)')));
  });

  /** What a sensor maker owned needs an accreditation once somebody else relies on it. */
  const lend = async () => {
    grant(hierarchy, 'oem-a');
    await hierarchy.addDevice({ id: 'lent', technician: 't-lab-alpha', owner: 'oem-a' });
    const report = { id: 'lent-r', device: 'lent', technician: 't-oem-a', parents: ['working-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-02-01', results: manyRows(0.1, 4) });
    hierarchy.transfer('lent', 'lab-alpha', { registered: '2025-02-10T00:00:00Z' });
  };

  it('ends a trace through what a sensor maker has sold', async () => {
    await lend();
    const { status, edges } = await hierarchy.trace('lent');
    assert.equal(status, 'INCOMPLETE');
    assert.ok(edges[0]?.findings.some(({ check, reason }) => check === 'limits' && reason.includes(TOO_MUCH)));
  });

  it('ends the registration of what rests on that', async () => {
    await lend();
    const ledger = await registryOf(hierarchy);
    ledger.now = later(hierarchy.dates.asOf, 60);
    const next = {
      id: 'next',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['lent-r'],
      performed: '2025-12-20',
    };
    await refuses(submit(ledger, hierarchy.draft(next)), 'INPUT_INVALID', new RegExp(TOO_MUCH));
  });
});
