import assert from 'node:assert/strict';
import type { AffectedDevice, DeviceSummary, Page, RegistryAnswer, ReportSummary } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, replay } from '../../support/registry.js';

/** All pages of a list, each of `pageSize`. */
async function all<T>(ledger: MemoryLedger, query: string, question: object, pageSize: number): Promise<T[]> {
  const items: T[] = [];
  let bookmark = '';
  do {
    const page: Page<T> = await ask(ledger, query, { ...question, pageSize, bookmark });
    assert.ok(page.items.length <= pageSize, 'a page is not larger than asked for');
    items.push(...page.items);
    bookmark = page.bookmark;
  } while (bookmark !== '');
  return items;
}

describe('Questions to the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  it('find devices by serial number and by owner, page by page', async () => {
    const steps = hierarchy.steps.length;
    for (const id of ['c-1', 'c-2', 'c-3']) {
      await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field', serial: 'SN/7 \u00b5 %' });
    }
    await replay(hierarchy, ledger, steps);
    const found = await all<DeviceSummary>(ledger, 'findDevices', { serial: 'SN/7 \u00b5 %' }, 2);
    assert.deepEqual(
      found.map(({ id, owner, kind }) => [id, owner, kind]),
      [
        ['oem-a/c-1', 'oem-a', 'field'],
        ['oem-a/c-2', 'oem-a', 'field'],
        ['oem-a/c-3', 'oem-a', 'field'],
      ],
    );
    const owned = await all<DeviceSummary>(ledger, 'findDevices', { owner: 'oem-a' }, 1);
    assert.deepEqual(
      owned.map(({ id }) => id),
      ['c-1', 'c-2', 'c-3', 'sensor-a', 'working-a'].map((id) => `oem-a/${id}`),
    );
    assert.deepEqual(await all(ledger, 'findDevices', { serial: 'SN' }, 10), []);
    const spelled = await all<DeviceSummary>(ledger, 'findDevices', { serial: 'sn/7\u00b5%' }, 2);
    assert.deepEqual(spelled, found, 'people spell one number in several ways');
    await refuses(ask(ledger, 'findDevices', { serial: 'x', owner: 'y' }), 'INPUT_INVALID', /either serial or owner/);
    const elsewhere = Buffer.from('\u0000owner\u0000lab-alpha\u0000').toString('base64url');
    const question = { owner: 'oem-a', bookmark: elsewhere };
    await refuses(ask(ledger, 'findDevices', question), 'INPUT_INVALID', /bookmark belongs to a different query/);
    await refuses(ask(ledger, 'findDevices', { serial: 'x', pageSize: 1000 }), 'INPUT_INVALID', /pageSize/);
  });

  it('list the reports of a device, and which of them counts', async () => {
    const steps = hierarchy.steps.length;
    hierarchy.addReport({
      id: 'sensor-a-r2',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
      performed: '2025-12-20',
    });
    const strange = { id: 'strange', device: 'sensor-a', technician: 't-lab-beta', parents: ['working-b-r1'] };
    hierarchy.addReport({ ...strange, accepted: false, performed: '2025-12-21' });
    await replay(hierarchy, ledger, steps);
    for (const pageSize of [1, 2, 10]) {
      const reports = await all<ReportSummary>(ledger, 'listReports', { device: 'oem-a/sensor-a' }, pageSize);
      assert.deepEqual(
        reports.map(({ id, current, accepted }) => [id, current, accepted]),
        [
          ['lab-beta/strange', false, null],
          ['oem-a/sensor-a-r1', false, true],
          ['oem-a/sensor-a-r2', true, true],
        ],
      );
    }
  });

  it('name organisations, and refuse what is not there with what it is', async () => {
    assert.equal(await ledger.evaluate('getOrgName', 'lab-alpha'), 'The lab-alpha');
    await refuses(ledger.evaluate('getOrgName', 'ghost'), 'NOT_FOUND', /no organisation ghost/);
    await refuses(ledger.evaluate('getReport', 'ghost'), 'NOT_FOUND', /no report ghost/);
    await refuses(ledger.evaluate('getDevice', ''), 'INPUT_INVALID', /must not be empty/);
    await refuses(ledger.evaluate('getDevice', 'a\u0000b'), 'INPUT_INVALID', /U\+0000/);
    for (const name of ['constructor', 'toString', '__proto__']) {
      await refuses(ledger.evaluate('getTechnician', name), 'NOT_FOUND', new RegExp(name));
    }
  });

  it('trace at a date, a moment or now, and refuse other options', async () => {
    const at = async (options: object) => (await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', options)).asOf;
    assert.equal(await at({ asOf: '2025-11-01' }), '2025-11-01T23:59:59Z');
    assert.equal(await at({ asOf: '2025-11-01T08:00:00Z' }), '2025-11-01T08:00:00Z');
    assert.equal(await at({}), ledger.now);
    assert.equal((await ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '')).status, 'TRACEABLE');
    await refuses(at({ asOf: 'yesterday' }), 'TIME_INVALID', /"yesterday"/);
    await refuses(at({ trust: 'me' }), 'INPUT_INVALID', /trace options/);
    await refuses(ask(ledger, 'traceCal', 'oem-a/sensor-a', '[]'), 'INPUT_INVALID', /JSON object/);
  });

  it('get the verdict that the records themselves give', async () => {
    const options = { asOf: '2026-01-01T12:00:00Z' };
    const verdict = await ask<Verdict>(ledger, 'traceCal', 'oem-b/sensor-b', options);
    assert.deepEqual(verdict, await hierarchy.trace('sensor-b', options));
  });

  it('about a verdict read a record once, at most 45 keys for four levels', async () => {
    const { reads } = await ledger.simulate({ mspId: 'AnyMSP' }, 'traceCal', 'oem-a/sensor-a', '{}');
    assert.equal(new Set(reads).size, reads.length);
    assert.ok(reads.length <= 45, `${reads.length}`);
  });

  it('tell which institutes there are, what they agreed on, and who founded the registry', async () => {
    const { registry, founding, policy, institutes } = await ask<RegistryAnswer>(ledger, 'getRegistry');
    assert.deepEqual(
      [registry, founding, policy.transcriptionDays],
      [`calibration:${hierarchy.foundingDigest}`, hierarchy.foundingDigest, 90],
    );
    assert.equal(institutes.length, 3);
  });
});

describe('Devices affected by something', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  before(async () => {
    hierarchy = await twoCountries();
    // Sensors on one standard, on two standards, recalibrated on another standard, and on an amended report.
    await hierarchy.addDevice({ id: 'working-a2', technician: 't-oem-a' });
    hierarchy.addReport({
      id: 'working-a2-r1',
      device: 'working-a2',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
    });
    for (const [id, parents] of [
      ['sensor-1', ['working-a-r1']],
      ['sensor-2', ['working-a-r1', 'working-a2-r1']],
      ['sensor-3', ['working-a2-r1']],
      ['sensor-4', ['working-a-r1']],
    ] as const) {
      await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' });
      hierarchy.addReport({ id: `${id}-r1`, device: id, technician: 't-oem-a', parents });
    }
    hierarchy.addReport({
      id: 'sensor-4-r2',
      device: 'sensor-4',
      technician: 't-oem-a',
      parents: ['working-a2-r1'],
      performed: '2025-08-01',
    });
    hierarchy.addReport({
      id: 'working-a-r2',
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      performed: '2025-01-12',
      supersedes: 'working-a-r1',
    });
    ledger = await registryOf(hierarchy);
  });

  const affected = async (kind: string, id: string, pageSize = 50) => {
    const found = await all<AffectedDevice>(ledger, 'affectedDevices', { kind, id }, pageSize);
    assert.equal(new Set(found.map(({ device }) => device)).size, found.length, 'no device is shown twice');
    return found;
  };
  /** Without the organisations that registered them. */
  const ids = async (kind: string, id: string) => (await affected(kind, id)).map(({ device }) => shortOf(device));

  const SENSORS = ['sensor-1', 'sensor-2', 'sensor-4', 'sensor-a'];

  it('by a report: its own device, and whatever rests on it', async () => {
    assert.deepEqual(await ids('report', 'lab-alpha/working-a-r1'), ['working-a', ...SENSORS]);
    assert.deepEqual(await ids('report', 'oem-a/sensor-1-r1'), ['sensor-1']);
  });

  it('by an amending report: also what rests on the amended one', async () => {
    assert.deepEqual(await ids('report', 'lab-alpha/working-a-r2'), ['working-a', ...SENSORS]);
  });

  it('by a device: everything below it, without itself', async () => {
    const found = await ids('device', 'lab-alpha/reference-a');
    assert.deepEqual(found.slice(0, 2), ['working-a', 'working-a2']);
    assert.deepEqual(found.slice(2).sort(), [...SENSORS, 'sensor-3'].sort());
    assert.deepEqual(await ids('device', 'oem-a/sensor-a'), []);
  });

  it('by a technician: what they signed and what they imprinted, and all below', async () => {
    assert.deepEqual((await ids('person', 'lab-alpha/t-lab-alpha')).sort(), [
      'reference-a',
      ...[...SENSORS, 'sensor-3'].sort(),
      'working-a',
      'working-a2',
    ]);
  });

  it('by an organisation: those below it as well', async () => {
    const south = ['primary-b', 'reference-b', 'sensor-b', 'working-b'];
    assert.deepEqual((await ids('organisation', 'nmi-south')).sort(), south);
    assert.deepEqual((await ids('organisation', 'oem-b')).sort(), ['sensor-b', 'working-b']);
  });

  it('with the reports by which they are, and whether these still count', async () => {
    const found = await affected('report', 'lab-alpha/working-a-r1');
    const recalibrated = found.find(({ device }) => device === 'oem-a/sensor-4');
    assert.deepEqual([recalibrated?.reports, recalibrated?.current], [['oem-a/sensor-4-r1'], false]);
    const still = found.find(({ device }) => device === 'oem-a/sensor-2');
    assert.deepEqual([still?.reports, still?.current], [['oem-a/sensor-2-r1'], true]);
  });

  it('in the same order on pages of any size', async () => {
    const whole = await affected('organisation', 'nmi-north', 200);
    assert.equal(whole.length, 10 - 1);
    for (const size of [1, 2, 3, 5]) {
      assert.deepEqual(await affected('organisation', 'nmi-north', size), whole);
    }
  });

  it('and a question that makes no sense is refused', async () => {
    await refuses(ids('report', 'oem-a/ghost'), 'NOT_FOUND', /ghost/);
    await refuses(ids('planet', 'mars'), 'INPUT_INVALID', /kind/);
    const question = { kind: 'device', id: 'lab-alpha/reference-a', bookmark: 'AAAA' };
    await refuses(ask(ledger, 'affectedDevices', question), 'JSON_INVALID', /accepted/);
  });
});

function shortOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
