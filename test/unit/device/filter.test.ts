import assert from 'node:assert/strict';
import type { DeviceStanding } from '@tracecal/core/directives';
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { MeasurementFilter, MeasurementLog } from '@tracecal/gateway-client/device';
import type { FilterOptions, KnownDevice, SignedMeasurement } from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { Instrument, READING } from '../../support/instrument.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A filter in the data path', () => {
  let hierarchy: Hierarchy;
  let sensor: Instrument;
  let chain: readonly SignedMeasurement[];
  let known: KnownDevice;

  before(async () => {
    hierarchy = await twoCountries();
    sensor = new Instrument(hierarchy);
    chain = await sensor.chain(8);
    known = { certificates: [sensor.signer.certificate], refused: null };
  });

  after(removeTemporaryFolders);

  const filterOf = (device: Partial<KnownDevice> = {}, options: Partial<FilterOptions> = {}) =>
    new MeasurementFilter({
      registry: sensor.registry,
      device: (id) => (id === sensor.device ? { ...known, ...device } : undefined),
      ...options,
    });
  const quarantinedFrom =
    (from: string) =>
    (_device: string, at: string): DeviceStanding => ({
      ...{ quarantined: at >= from ? `since ${from}` : null, quarantine: null },
      ...{ limits: [], conflicts: [], seen: null },
    });
  const all = () => chain.map(({ jws }) => jws);

  async function* stream(items: readonly unknown[], onTaken = (): void => undefined) {
    for (const item of items) {
      onTaken();
      yield item;
      await turn();
    }
  }

  async function numbersThrough(filter: MeasurementFilter, items: readonly unknown[]): Promise<readonly number[]> {
    const passed: number[] = [];
    for await (const { content } of filter.through(stream(items))) passed.push(content.sequence);
    return passed;
  }

  it('passes what verifies, once and in its order', async () => {
    const filter = filterOf();
    const passed = await numbersThrough(filter, [...all(), ...all()]);
    assert.deepEqual(passed, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(filter.counts, { passed: 8, dropped: { replay: 8 } });
  });

  it('finds out two devices that sign with one key, each with a sound log of its own, and has evidence', async () => {
    const logs = await Promise.all(
      ['original', 'clone'].map((name) =>
        MeasurementLog.open({
          folder: join(temporaryFolder(), name),
          ...{ registry: sensor.registry, device: sensor.device, signer: sensor.signer },
        }),
      ),
    );
    const reading = (value: number) => ({ ...READING, value });
    const found: SignedMeasurement[] = [];
    for (let place = 0; place < 3; place += 1) {
      for (const [copy, log] of logs.entries()) found.push(await log.append(reading(20 + copy)));
    }
    await Promise.all(logs.map((log) => log.close()));
    const [filter, evidence] = [filterOf(), [] as unknown[]];
    for (const { jws } of found) {
      const judged = filter.judge(jws);
      if ('dropped' in judged) evidence.push(...judged.irregularities);
    }
    assert.deepEqual(filter.counts, { passed: 3, dropped: { equivocation: 3 } });
    const [first] = evidence as { kind: string; evidence: readonly unknown[] }[];
    assert.deepEqual([first?.kind, first?.evidence], ['equivocation', [found[0]?.jws, found[1]?.jws]]);
  });

  it('drops the others and says why, for every reason', async () => {
    const other = new Instrument(hierarchy, 'oem-b/sensor-b');
    const [first = assert.fail(), second = assert.fail()] = chain;
    const later = new Date(Date.UTC(2026, 2, 1)).getTime();
    const changed = { ...first.jws, signatures: second.jws.signatures };
    const DROPS = [
      ['malformed', filterOf(), 'nonsense', /not accepted/],
      ['malformed', filterOf(), { payload: 'AA', signatures: first.jws.signatures }, /./],
      [
        'unknown-device',
        filterOf(),
        await other.sign(other.content(0)),
        /Nothing is known about device oem-b\/sensor-b/,
      ],
      ['other-registry', filterOf({}, { registry: 'calibration:00' }), first.jws, /names registry/],
      ['signature', filterOf(), changed, /not signed by a key/],
      ['not-traceable', filterOf({ refused: 'its standard is revoked' }), first.jws, /its standard is revoked/],
      ['not-covered', filterOf({ uncovered: () => 'calibrated to 10 °C' }), first.jws, /calibrated to 10 °C/],
      [
        'quarantined',
        filterOf({}, { standing: quarantinedFrom('2026-03-01T00:00:00Z') }),
        first.jws,
        /in quarantine since 2026-03-01/,
      ],
      ['clock', filterOf({}, { now: () => later - 3_600_000 }), first.jws, /a time that cannot be/],
    ] as const;
    for (const [reason, filter, signed, why] of DROPS) {
      const judged = filter.judge(signed);
      assert.ok('dropped' in judged, reason);
      assert.deepEqual([judged.dropped, filter.counts], [reason, { passed: 0, dropped: { [reason]: 1 } }]);
      assert.match(judged.why, why);
      assert.match(judged.why, /^[A-Z].*\.$/s);
    }
  });

  it('gives the evidence of a second holder of the key, and goes on with the first', async () => {
    const told: string[] = [];
    const filter = filterOf(
      {},
      { onDrop: ({ dropped, irregularities }) => told.push(`${dropped} ${irregularities.length}`) },
    );
    const clone = await sensor.measure(3, chain[2] ?? null, { value: 99 });
    const branch = await sensor.measure(5, clone, { value: 99 });
    const passed = await numbersThrough(filter, [...all().slice(0, 4), clone.jws, branch.jws, ...all().slice(4)]);
    assert.deepEqual(passed, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(told, ['equivocation 1', 'fork 1']);
  });

  it('passes what was measured before a quarantine', async () => {
    const filter = filterOf({}, { standing: quarantinedFrom('2026-03-01T00:00:04Z') });
    assert.deepEqual(await numbersThrough(filter, all()), [0, 1, 2, 3]);
  });

  it('slows its source down to its consumer', async () => {
    let taken = 0;
    const filter = filterOf();
    const passing = filter.through(stream(all(), () => (taken += 1)));
    await passing.next();
    await turn();
    await turn();
    assert.equal(taken, 1);
    await passing.next();
    assert.equal(taken, 2);
    await passing.return(undefined);
  });

  it('goes on after a restart with what its output holds: nothing is lost, and nothing passes twice', async () => {
    const output: SignedMeasurement[] = [];
    for await (const passed of filterOf().through(stream(all()))) {
      output.push(passed);
      // The process ends here.
      if (output.length === 3) break;
    }
    const again = filterOf();
    output.forEach(({ jws }) => again.remember(JSON.parse(JSON.stringify(jws))));
    // The source begins somewhere before.
    const rest = await numbersThrough(again, all().slice(1));
    assert.deepEqual([...output.map(({ content }) => content.sequence), ...rest], [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('compares a value with a limit in another unit', () => {
    const limited = (limit: { readonly unit: string; readonly lowest: number; readonly highest: number }) =>
      filterOf(
        {},
        {
          standing: () =>
            ({
              ...{ quarantined: null, quarantine: null, conflicts: [], seen: null },
              limits: [
                {
                  digest: '',
                  number: 1,
                  from: '2026-01-01T00:00:00Z',
                  until: null,
                  reason: 'weak',
                  limit: { quantity: 'temperature', ...limit },
                },
              ],
            }) as unknown as DeviceStanding,
        },
      );
    // It shows 21.5 °C.
    const [first = assert.fail()] = all();
    assert.ok('passed' in limited({ unit: '\\kelvin', lowest: 294.65, highest: 294.66 }).judge(first));
    const judged = limited({ unit: '\\kelvin', lowest: 0, highest: 294.64 }).judge(first);
    assert.ok('dropped' in judged && judged.dropped === 'limited', JSON.stringify(judged));
    assert.match(judged.why, /21\.5 .*outside of .* 294\.64/);
    const incomparable = limited({ unit: '\\metre', lowest: 0, highest: 1000 }).judge(first);
    assert.ok('dropped' in incomparable && incomparable.dropped === 'limited');
  });
});
