import assert from 'node:assert/strict';
import type { AffectedDevice, DeviceAnswer, HistoryEntry, Page, ReportSummary } from '@tracecal/core/contracts';
import { plusDays } from '@tracecal/core/model';
import type { Result } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const FIRST_DAY = '2026-01-10';
/** As many as 30 years have; closer together, because the certificates of these tests end in 2045. */
const QUARTERS = 120;
const DAYS_BETWEEN = 55;
const STANDARD = 'oem-a/working-a';
const RESULTS = { temperature: temperatureResult(0.4), mass: massResult(2) } as const;
const KINDS = ['temperature', 'mass'] as const;

function massResult(expanded: number): Result {
  return { ...temperatureResult(expanded, [1, 50]), name: 'Mass', quantity: 'mass', unit: '\\kilogram' };
}

/** A standard that is recalibrated for two kinds of quantity each quarter, and whose owner sets its interval every year, and sells it now and then. */
describe('A device of long life', function () {
  this.timeout(300_000);
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  const dayOf = (quarter: number) => plusDays(FIRST_DAY, DAYS_BETWEEN * quarter);
  const reportOf = (quarter: number, kind: string) => `lab-alpha/q-${quarter}-${kind}`;
  const trace = (device: string, options: object = {}) => ask<Verdict>(ledger, 'traceCal', device, options);
  const device = () => ask<DeviceAnswer>(ledger, 'getDevice', STANDARD);

  async function all<T>(question: string, about: object): Promise<readonly T[]> {
    const items: T[] = [];
    let bookmark = '';
    do {
      const page = await ask<Page<T>>(ledger, question, { ...about, pageSize: 200, bookmark });
      items.push(...page.items);
      ({ bookmark } = page);
    } while (bookmark !== '');
    return items;
  }

  async function quarter(number: number): Promise<void> {
    for (const kind of KINDS) {
      ledger.now = `${dayOf(number)}T1${KINDS.indexOf(kind)}:00:00Z`;
      const report = hierarchy.addReport({
        id: reportOf(number, kind),
        device: 'working-a',
        technician: 't-lab-alpha',
        parents: [kind === 'temperature' ? 'reference-a-r1' : 'reference-a-mass'],
        performed: dayOf(number),
        results: [RESULTS[kind]],
        date: ledger.now,
      });
      await submit(ledger, report);
    }
    if (number % 4 === 0) {
      await submit(ledger, hierarchy.setInterval('working-a', 100 + number));
    }
    if (number % 30 === 29) {
      const to = number % 60 === 29 ? 'oem-b' : 'oem-a';
      await submit(ledger, hierarchy.transfer('working-a', to, { intervalDays: 100 + number, registered: ledger.now }));
    }
  }

  before(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    for (const [side, device, technician, parents] of [
      ['primary-a-mass', 'primary-a', 't-nmi-north', []],
      ['reference-a-mass', 'reference-a', 't-nmi-north', ['primary-a-mass']],
    ] as const) {
      const performed = parents.length === 0 ? '2026-01-02' : '2026-01-03';
      const date = `${performed}T12:00:00Z`;
      ledger.now = date;
      const results = [massResult(parents.length === 0 ? 0.5 : 1)];
      await submit(ledger, hierarchy.addReport({ id: side, device, technician, parents, performed, results, date }));
    }
    for (let number = 0; number < QUARTERS; number += 1) {
      await quarter(number);
      if (number === 3) {
        const date = ledger.now;
        await submit(
          ledger,
          hierarchy.addReport({
            id: 'sensor-a-early',
            device: 'sensor-a',
            technician: 't-oem-a',
            parents: [reportOf(3, 'temperature')],
            performed: dayOf(3),
            results: [temperatureResult(1)],
            date,
          }),
        );
      }
    }
  });

  it('takes in whatever its owner accepts, and stays as small as it was', async () => {
    const { record, current } = await device();
    assert.deepEqual(
      current.map(({ report }) => report).sort(),
      KINDS.map((kind) => reportOf(QUARTERS - 1, kind)).sort(),
    );
    const kept = record.ownership.length;
    assert.ok(kept < 75, `${kept} of ${2 * QUARTERS} acceptances, ${QUARTERS / 4} intervals and 4 transfers`);
    assert.equal((await trace(STANDARD)).status, 'TRACEABLE');
  });

  it('is traced with no more records than a new one', async () => {
    const { reads } = await ledger.simulate({ mspId: 'AnyMSP' }, 'traceCal', STANDARD, '{}');
    assert.ok(reads.length <= 45, `${reads.length}`);
  });

  it('still bears what was calibrated with it long ago, by an acceptance that has left its record', async () => {
    const { record } = await device();
    const early = reportOf(3, 'temperature');
    const named = record.ownership.map(({ jws }) => Buffer.from(jws.payload, 'base64url').toString());
    assert.ok(!named.some((text) => text.includes(`"${early}"`)));
    assert.ok(named.some((text) => text.includes(`"${reportOf(QUARTERS - 1, 'temperature')}"`)));
    const { status, edges, reason } = await trace('oem-a/sensor-a', { intervalDays: 36_500 });
    assert.equal(status, 'TRACEABLE', reason);
    assert.equal(edges[1]?.report, early);
  });

  it('tells what counted in the last years, and says of earlier ones that it cannot', async () => {
    const { record } = await device();
    const until = record.settledUntil ?? assert.fail('acceptances have left the record');
    const asOf = `${dayOf(QUARTERS - 8)}T20:00:00Z`;
    assert.ok(until < asOf);
    const lately = await trace(STANDARD, { asOf });
    assert.equal(lately.status, 'TRACEABLE', lately.reason);
    assert.equal(lately.edges[0]?.report, reportOf(QUARTERS - 8, 'mass'));
    const known = await trace(STANDARD, { asOf, knownAt: asOf });
    assert.deepEqual([known.status, known.edges], [lately.status, lately.edges]);

    for (const question of [{ asOf: `${dayOf(3)}T20:00:00Z` }, { knownAt: `${dayOf(3)}T20:00:00Z` }]) {
      const { status, findings } = await trace(STANDARD, question);
      assert.notEqual(status, 'TRACEABLE');
      assert.ok(findings.some(({ reason }) => reason.includes(`keeps all acceptances only from ${until} on`)));
    }
  });

  it('is listed with all that was accepted, and its history holds everything', async () => {
    const reports = await all<ReportSummary>('listReports', { device: STANDARD });
    assert.equal(reports.filter(({ accepted }) => accepted === true).length, 2 * QUARTERS + 1);
    const history = await all<HistoryEntry>('history', { kind: 'device', id: STANDARD });
    const told = history.flatMap(({ changes }) => changes).filter(({ what }) => what === 'acceptance');
    assert.equal(told.length, 2 * QUARTERS + 1);
  });

  it('is found below what it rested on long ago, because others rest on it', async () => {
    const question = { kind: 'report', id: reportOf(3, 'temperature') };
    const { items } = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', question);
    assert.deepEqual(
      items.map(({ device: id, reports }) => [id, reports]),
      [
        [STANDARD, [question.id]],
        ['oem-a/sensor-a', ['oem-a/sensor-a-early']],
      ],
    );
  });

  it('lets no acceptance come back that its owner has gone beyond', async () => {
    const old = hierarchy.steps.find(
      ({ item }) => item.acceptance && item.statement === hierarchy.recordOf('q-0-mass').statement.jws,
    );
    const statement = old?.item.acceptance ?? assert.fail();
    await refuses(submit(ledger, { statement }), 'ALREADY_EXISTS', /is not a new one/);
  });
});

describe('A device whose owner has consented beforehand', () => {
  it('takes in what the consent covers without end, and no acceptance from before comes back', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha' }));
    const accepted = hierarchy.devices.get(STANDARD)?.ownership[0] ?? assert.fail();
    for (let count = 0; count < 110; count += 1) {
      const { event } = await submit(
        ledger,
        hierarchy.addReport({
          id: `covered-${count}`,
          device: 'working-a',
          technician: 't-lab-alpha',
          parents: ['reference-a-r1'],
          performed: '2026-01-01',
          date: ledger.now,
          accepted: 'consent',
        }),
      );
      const { items } = event?.payload as { items: readonly { accepted: boolean }[] };
      assert.equal(items[0]?.accepted, true, `report ${count}`);
    }
    const { record } = await ask<DeviceAnswer>(ledger, 'getDevice', STANDARD);
    assert.ok(record.ownership.length < 40, `${record.ownership.length}`);
    const again = { statement: accepted.jws };
    await refuses(submit(ledger, again), 'ALREADY_EXISTS', /is not a new one/);
    assert.equal((await ask<Verdict>(ledger, 'traceCal', STANDARD, {})).edges[0]?.report, 'lab-alpha/covered-109');
  });
});

describe('A device of the field whose owner accepts the same report again and again', () => {
  it('stays listed below what it still rests on', async function () {
    this.timeout(120_000);
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    let parents: readonly string[] = [];
    for (const [place, device] of ['primary-a', 'reference-a', 'working-a', 'sensor-a'].entries()) {
      const technician = ['t-nmi-north', 't-nmi-north', 't-lab-alpha', 't-oem-a'][place]!;
      const report = { id: `mass-${place}`, device, technician, parents, performed: `2025-12-0${place + 2}` };
      await submit(ledger, hierarchy.addReport({ ...report, results: [massResult(2 ** place)], date: ledger.now }));
      parents = [report.id];
    }
    await submit(ledger, hierarchy.accept('sensor-a-r1'));
    for (let count = 0; count < 36; count += 1) {
      await submit(ledger, hierarchy.accept('mass-3'));
    }
    const { record } = await ask<DeviceAnswer>(ledger, 'getDevice', 'oem-a/sensor-a');
    assert.notEqual(record.settledUntil, null, 'acceptances have left the record');
    const about = { kind: 'report', id: 'lab-alpha/working-a-r1', pageSize: 50, bookmark: '' };
    const below = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', about);
    assert.ok(JSON.stringify(below.items).includes('oem-a/sensor-a'));
  });
});
