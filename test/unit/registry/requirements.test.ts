import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { DeviceAnswer, HistoryEntry, OrganisationAnswer, Page, TraceSummaries } from '@tracecal/core/contracts';
import { STRICT_CHECKS } from '@tracecal/core/model';
import type { Requirements } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const SENSOR = 'oem-a/sensor-a';

describe("An owner's requirements for its devices", () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const pause = () => {
    ledger.now = later(ledger.now, 60);
  };
  const require = (body: Requirements, saying: object = {}, owner = 'oem-a') =>
    hierarchy.require(owner, body, { registered: ledger.now, ...saying });
  const trace = () => ask<Verdict>(ledger, 'traceCal', SENSOR, {});

  it('counts from the transaction on, and takes the place of what it required before', async () => {
    await submit(ledger, require({ intervalDays: 100 }));
    pause();
    assert.equal((await trace()).status, 'FAILED');
    await submit(ledger, require({ intervalDays: 1000, accreditation: 'accept' }));
    pause();
    const verdict = await trace();
    assert.equal(verdict.status, 'TRACEABLE');
    assert.deepEqual(verdict.requirements, { owner: 'oem-a', number: 2, fulfilled: true, unmet: [] });
    assert.equal(verdict.due?.by, 'owner');
    assert.deepEqual(await hierarchy.trace('sensor-a', { asOf: ledger.now }), verdict, 'as over a map');

    const { requirements } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'oem-a');
    assert.deepEqual([requirements?.number, requirements?.body.intervalDays], [2, 1000]);
    assert.equal((await ask<DeviceAnswer>(ledger, 'getDevice', SENSOR)).requirements?.accreditation, 'accept');
    assert.equal((await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'oem-b')).requirements, null);
  });

  it('takes no more room in the record of the owner than a trace reads quickly', async () => {
    const intervals = Array.from({ length: 64 }, (_, place) => ({
      quantity: `gizmo-abcdefghijklmnopqrstuvwxyz-${String(place).padStart(2, '0')}`,
      days: 100,
    }));
    const full = /no room for this statement: those of this sort \(requirements\) have 131072 characters at most/;
    let kept = 0;
    const fill = async () => {
      for (; kept < 99; kept += 1) {
        await submit(ledger, require({ intervals, intervalDays: 1000 }));
      }
    };
    await refuses(fill(), 'INPUT_INVALID', full);
    assert.ok(kept > 10, 'there is room for some');
    pause();
    assert.equal((await trace()).requirements?.owner, 'oem-a');
  });

  it('shows in the history of the owner, and in the change log', async () => {
    const { txId } = await submit(ledger, require({ intervalDays: 100 }));
    const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', {
      kind: 'organisation',
      id: 'oem-a',
      pageSize: 100,
      bookmark: '',
    });
    assert.deepEqual(
      items.at(-1)?.changes.map(({ what, by }) => [what, by]),
      [['requirements', 'oem-a']],
    );
    const lines = await ask<Page<{ readonly txId: string; readonly lines: readonly string[] }>>(ledger, 'getChanges', {
      epoch: 1,
      pageSize: 100,
      bookmark: '',
    });
    const [own] = lines.items.filter((each) => each.txId === txId);
    assert.deepEqual(own?.lines, [createHash('sha256').update('organisation:oem-a').digest('hex')]);
  });

  it('is beside the status of many devices as of one', async () => {
    const fulfilled = async () => {
      const { results } = await ask<TraceSummaries>(ledger, 'traceMany', { devices: [SENSOR, 'oem-b/sensor-b'] });
      return results.map((each) => [each.status, each.fulfilled]);
    };
    await submit(ledger, require({ conformity: 'stated' }));
    pause();
    assert.deepEqual(await fulfilled(), [
      ['TRACEABLE', false],
      ['TRACEABLE', true],
    ]);
  });

  it('is the word of the owner itself', async () => {
    await refuses(submit(ledger, require({}, { by: 'lab-alpha' })), 'NOT_AUTHORISED', /oem-a itself says/);
    const stranger = require({}, { signers: ['officer:lab-alpha/officer'] });
    await refuses(submit(ledger, stranger), 'SIGNATURE_INVALID', /is not signed once by oem-a/);
  });

  it('counts once, in the order of its numbers', async () => {
    const first = require({ intervalDays: 1000 });
    const second = require({ intervalDays: 100 });
    await submit(ledger, second);
    await refuses(submit(ledger, first), 'ALREADY_EXISTS', /is not a new one/);
    await refuses(submit(ledger, second), 'ALREADY_EXISTS', /is not a new one/);
    await refuses(submit(ledger, require({}), require({})), 'INPUT_INVALID', /no item may rest on another/);
  });

  it('is dated no earlier than what it follows, whatever the clock of its client', async () => {
    await submit(ledger, require({ intervalDays: 100 }));
    ledger.now = later(ledger.now, -300);
    await submit(ledger, require({ intervalDays: 1000 }));
    const { record } = await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'oem-a');
    const [first, second] = record.requirements.map(({ registered }) => registered.date);
    assert.equal(first, second);
  });

  for (const [what, body] of [
    [
      'a kind of quantity twice',
      {
        intervals: [
          { quantity: 'mass', days: 1 },
          { quantity: 'mass', days: 2 },
        ],
      },
    ],
    [
      'kinds out of order',
      {
        intervals: [
          { quantity: 'temperature', days: 1 },
          { quantity: 'mass', days: 2 },
        ],
      },
    ],
    ['a kind by another name than the published one', { intervals: [{ quantity: 'duration', days: 1 }] }],
    ['no interval by an empty list', { intervals: [] }],
    [
      'more kinds than there are',
      {
        intervals: Array.from({ length: 65 }, (_, place) => ({
          quantity: `own-${String(place).padStart(3, '0')}`,
          days: 1,
        })),
      },
    ],
    ['an interval of no days', { intervalDays: 0 }],
    ['null', { intervalDays: null }],
    ['a grace of a hundred years', { graceDays: 36_500 }],
    ['a ratio that is no number', { minimumTur: 'NaN' }],
    ['a ratio of zero', { minimumTur: 0 }],
    ['a check that is none', { strict: ['vibes'] }],
    ['checks out of order', { strict: ['support', 'conformity'] }],
    ['an accreditation of another kind', { accreditation: 'maybe' }],
    ['what nobody knows', { color: 'red' }],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      await refuses(submit(ledger, require(body as unknown as Requirements)), 'INPUT_INVALID', /requirements/);
    });
  }

  it('has room for the largest, and for a long life, and no more', async () => {
    const intervals = Array.from({ length: 64 }, (_, place) => ({
      quantity: `own-${String(place).padStart(3, '0')}-${'x'.repeat(40)}`,
      days: 36_500,
    }));
    await submit(ledger, require({ intervals, strict: STRICT_CHECKS }));
    for (let count = 1; count < 100; count += 1) {
      await submit(ledger, require({ intervalDays: 400 + count }));
    }
    pause();
    assert.equal((await trace()).due?.date, '2026-05-27');
    await refuses(submit(ledger, require({})), 'INPUT_INVALID', /holds 100 statements of oem-a/);
  });
});
