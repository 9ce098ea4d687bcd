import { planOf, waitMs } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { refused } from '../../../support/instruments/refused.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';

const INSTRUMENTS = [
  { device: 'site/t1', site: 'a', checkStandard: 'site/s1' },
  { device: 'site/s1', site: 'a' },
];
const U = { expanded: 0.2, coverageFactor: 2 };
const VIA = { kind: 'scpi', host: '10.0.0.1', query: 'READ?' };
const PROBE = { device: 'site/t1', unit: '\\kelvin', everySeconds: 3600, via: VIA, uncertainty: U };
const STANDARD = { ...PROBE, device: 'site/s1', via: { ...VIA, host: '10.0.0.2' } };
const SOURCE = {
  host: '10.0.0.3',
  command: 'SOUR:TEMP',
  identity: 'CAL',
  lowest: 1,
  highest: 2,
  shortestSeconds: 60,
  ...U,
};

describe('A plan of probes', () => {
  const plan = (change: object, more: object = {}) =>
    planOf({ probes: [{ ...PROBE, ...change }, STANDARD], ...more }, INSTRUMENTS);

  it('has usual ports and jitter where it names none', () => {
    const { probes, sources } = plan({});
    assert.deepEqual(probes[0], { ...PROBE, via: { ...VIA, port: 5025 }, jitter: 0.9 });
    assert.deepEqual(sources, {});
  });

  it('is refused with what is wrong, in one sentence', () => {
    refused(() => planOf({}, []), /cannot be used: at probes: /);
    refused(() => plan({ via: { ...VIA, kind: 'telnet' } }), /at probes\.0\.via\.kind/);
    refused(
      () => plan({ via: { kind: 'modbus', host: 'a', code: 6, register: 1, number: 'int16' } }),
      /use 1, 2, 3 or 4/,
    );
    refused(() => plan({ jitter: 1.1 }), /at probes\.0\.jitter/);
    refused(() => plan({ password: 'x' }), /at probes\.0/);
    refused(() => plan({ device: 'site/s1' }), /names a device twice/);
    refused(() => plan({ device: 'site/other' }), /site\/other is not in the list of instruments/);
    refused(() => plan({ unit: '\\one' }), /site\/t1 and site\/s1 have different units/);
    refused(() => planOf({ probes: [PROBE] }, INSTRUMENTS), /how to read site\/s1, the check standard of site\/t1/);
    const unknown = { ...STANDARD, uncertainty: undefined };
    refused(
      () => planOf({ probes: [PROBE, JSON.parse(JSON.stringify(unknown))] }, INSTRUMENTS),
      /lacks the uncertainty/,
    );
  });

  it('sets a source only for instruments that name it, and never an instrument', () => {
    refused(() => plan({ source: 'c' }), /lacks the source c/);
    assert.equal(plan({ source: 'c' }, { sources: { c: SOURCE } }).probes[1]?.source, undefined);
    const of = (change: object) => () => plan({ source: 'c' }, { sources: { c: { ...SOURCE, ...change } } });
    refused(of({ host: '10.0.0.1' }), /the source c has the address of an instrument, which is never set/);
    refused(of({ identity: '' }), /at sources\.c\.identity/);
    const two = { c: SOURCE, d: { ...SOURCE, shortestSeconds: 1 } };
    refused(() => plan({ source: 'c' }, { sources: two }), /two sources have the address 10\.0\.0\.3:5025/);
  });

  it('lets nobody know when the next probe comes', () => {
    const random = new Random(runSeed);
    const waits = (jitter: number) =>
      Array.from({ length: 4000 }, () => waitMs({ everySeconds: 3600, jitter }, random.next()) / 3_600_000);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // A mean of 4,000 exponential values: five standard deviations are 0.08.
    assert.ok(Math.abs(mean(waits(1)) - 1) < 0.08);
    // Whoever expects a probe within a tenth of the interval around its end is right about once in fourteen, and always without jitter.
    const expected = (values: readonly number[]) =>
      values.filter((value) => Math.abs(value - 1) < 0.1).length / values.length;
    assert.ok(expected(waits(0.9)) < 0.1, `seed ${runSeed}`);
    assert.equal(expected(waits(0)), 1);
    // Having waited one interval already, another one is as far as it was at first.
    const late = waits(1).filter((value) => value > 1);
    assert.ok(Math.abs(mean(late) - 2) < 0.14, `seed ${runSeed}`);
  });
});
