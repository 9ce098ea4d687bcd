import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

/** Eight o'clock in Wellington on the day of the work, where it is 13 hours later than in UTC. */
const MORNING = '2026-01-01T19:00:00Z';
const LATER = '2026-01-01T20:00:00Z';
const TODAY = '2026-01-02';

/** Laboratories date their work by their own calendar, the registry by UTC. */
describe('Work that ended today, east of Greenwich', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    ledger.now = MORNING;
  });

  const own = (spec: Partial<ReportSpec> = {}): ReportSpec => ({
    id: 'today',
    device: 'sensor-a',
    technician: 't-oem-a',
    parents: ['working-a-r1'],
    performed: TODAY,
    registered: ledger.now,
    date: ledger.now,
    ...spec,
  });
  const calibration = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
  const counting = async (device: string, asOf = ledger.now) => {
    const { status, edges } = await ask<Verdict>(ledger, 'traceCal', device, { asOf });
    return [status, edges[0]?.report];
  };

  it('is registered and counts at once, also if it was accepted beforehand', async () => {
    await submit(ledger, hierarchy.addReport(own()));
    assert.deepEqual(await counting('oem-a/sensor-a'), ['TRACEABLE', 'oem-a/today']);
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha', registered: ledger.now }));
    await submit(ledger, hierarchy.addReport(own({ ...calibration, id: 'beforehand', accepted: 'consent' })));
    assert.deepEqual(await counting('oem-a/working-a'), ['TRACEABLE', 'lab-alpha/beforehand']);
  });

  it('does not count before it was registered', async () => {
    await submit(ledger, hierarchy.addReport(own()));
    assert.deepEqual(await counting('oem-a/sensor-a', '2026-01-01T18:59:59Z'), ['TRACEABLE', 'oem-a/sensor-a-r1']);
  });

  it('supports what is calibrated with it on the same day', async () => {
    await submit(ledger, hierarchy.addReport(own({ ...calibration, id: 'standard' })));
    await submit(ledger, hierarchy.addReport(own({ parents: ['standard'] })));
    assert.deepEqual(await counting('oem-a/sensor-a'), ['TRACEABLE', 'oem-a/today']);
  });

  it('is covered by an accreditation that begins on that day', async () => {
    hierarchy.reduce('lab-alpha', { validTo: '2025-12-31', registered: MORNING });
    hierarchy.accredit('lab-alpha', [temperatureScope({ validFrom: TODAY })], { registered: MORNING });
    hierarchy.addReport(own({ ...calibration, registered: LATER }));
    const { status, edges } = await hierarchy.trace('working-a', { asOf: LATER });
    assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', 'lab-alpha/today']);
  });

  it('is not covered by an accreditation that ended the day before', async () => {
    hierarchy.reduce('lab-alpha', { validTo: '2026-01-01', registered: MORNING });
    hierarchy.addReport(own({ ...calibration, registered: LATER }));
    const { status, reason } = await hierarchy.trace('working-a', { asOf: LATER });
    assert.match(`${status}: ${reason}`, /^INCOMPLETE: .*no accreditation on 2026-01-02/);
  });

  it('is overdue if its standard was due the day before', async () => {
    const { performed } = hierarchy.payloadOf('working-a-r1').body;
    const days = (Date.parse('2026-01-01') - Date.parse(performed.end)) / 86_400_000;
    await submit(ledger, hierarchy.setInterval('working-a', days, { registered: ledger.now }));
    ledger.now = LATER;
    await refuses(submit(ledger, hierarchy.draft(own())), 'PARENT_UNUSABLE', /due on 2026-01-01, .*on 2026-01-02/);
  });

  it('is registered from the moment at which the day begins somewhere, and the refusal names it', async () => {
    ledger.now = '2026-01-01T09:59:59Z';
    const early = own();
    await refuses(
      submit(ledger, hierarchy.draft(early)),
      'TIME_INVALID',
      /until 2026-01-02, which lies ahead of its registration at 2026-01-01T09:59:59Z: .*2026-01-01T10:00:00Z/,
    );
    ledger.now = '2026-01-01T10:00:00Z';
    await submit(ledger, hierarchy.addReport(own()));
    assert.deepEqual(await counting('oem-a/sensor-a'), ['TRACEABLE', 'oem-a/today']);
  });
});
