import { canonicalJson } from '@tracecal/core/model';
import { observedOf, planOf, ProbedValues, Prober, Store } from '@tracecal/monitor';
import type { Probed, ProberOptions } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { twoCountries } from '../../../support/hierarchy.js';
import { Instrument } from '../../../support/instrument.js';
import { LocalBroker } from '../../../support/instruments/localBroker.js';
import { refused } from '../../../support/instruments/refused.js';
import { ScpiInstrument } from '../../../support/instruments/scpiInstrument.js';
import { Random } from '../../../support/random.js';
import { runSeed } from '../../../support/seed.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const U = { expanded: 0.2, coverageFactor: 2 };
const START = Date.parse('2026-03-01T00:00:00Z');
const INSTRUMENTS = [
  { device: 'site/t1', site: 'a', checkStandard: 'site/s1' },
  { device: 'site/s1', site: 'a' },
  { device: 'site/t2', site: 'a' },
];

describe('Probes by a plan', () => {
  let shown: Record<'t1' | 's1', string | undefined>;
  let t1: ScpiInstrument;
  let s1: ScpiInstrument;
  let calibrator: ScpiInstrument;
  let store: Store;
  let clock: number;

  beforeEach(async () => {
    shown = { t1: '21.5', s1: '21.4' };
    clock = START;
    t1 = await ScpiInstrument.start(() => shown.t1 && `${shown.t1}\n`);
    s1 = await ScpiInstrument.start(() => shown.s1 && `${shown.s1}\n`);
    calibrator = await ScpiInstrument.start((line) => {
      if (line.startsWith('SOUR')) shown.t1 = String(Number(line.split(' ')[1]) + 0.01);
      return { '*IDN?': 'CAL-5\n', 'SYST:ERR?': '0\n' }[line];
    });
    store = await Store.open(join(temporaryFolder(), 'store'));
  });
  afterEach(async () => {
    await store.close();
    await Promise.all([t1, s1, calibrator].map((each) => each.stop()));
  });
  after(removeTemporaryFolders);

  const entry = (device: string, { endpoint }: ScpiInstrument) => ({
    device,
    unit: '\\degreecelsius',
    everySeconds: 3600,
    uncertainty: U,
    timeoutMs: 100,
    via: { kind: 'scpi', ...endpoint, query: 'READ?' },
  });
  const both = () => [entry('site/t1', t1), entry('site/s1', s1)];

  function prober(probes: readonly object[], more: object = {}, options: Partial<ProberOptions> = {}): Promise<Prober> {
    const random = new Random(runSeed);
    return Prober.of({
      plan: planOf({ probes, ...more }, INSTRUMENTS),
      instruments: INSTRUMENTS,
      store,
      now: () => clock,
      random: () => random.next(),
      ...options,
    });
  }

  /** Goes on to the next probe that is due. */
  async function next(of: Prober): Promise<readonly Probed[]> {
    clock = Math.ceil(of.next);
    return of.runDue();
  }

  async function stored(
    device: string,
    range: { readonly from?: string; readonly to?: string } = {},
  ): Promise<Probed[]> {
    const all: Probed[] = [];
    for await (const each of new ProbedValues(store).of(device, range)) all.push(each);
    return all;
  }

  it('compare an instrument with its check standard at the same time, and keep both with what they answered', async () => {
    const of = await prober(both());
    assert.deepEqual(await of.runDue(), []);
    while ((await stored('site/t1')).length === 0) await next(of);
    const [probed] = await stored('site/t1');
    const observed = observedOf(probed!);
    assert.deepEqual(observed?.reference, { value: 21.4, ...U, device: 'site/s1' });
    assert.deepEqual([observed.value, observed.source, observed.unit], [21.5, 'probed', '\\degreecelsius']);
    assert.equal(probed!.record.reference?.answered, '21.4');
    assert.equal(probed!.evidence, createHash('sha256').update(canonicalJson(probed!.record)).digest('hex'));
  });

  it('keep what did not answer too, and no reference where the standard did not', async () => {
    shown = { t1: undefined, s1: undefined };
    const of = await prober([{ ...entry('site/t1', t1) }, { ...entry('site/s1', s1), everySeconds: 86_400 }]);
    await next(of);
    const [{ record } = assert.fail()] = await stored('site/t1');
    assert.ok('failure' in record.outcome && record.outcome.failure === 'unanswered');
    assert.equal(record.reference, undefined);
    assert.equal(observedOf((await stored('site/t1'))[0]!), undefined);
  });

  it('set a source for an instrument whose entry names it, and compare with that', async () => {
    const source = { ...calibrator.endpoint, command: 'SOUR:TEMP', identity: 'CAL-5', lowest: 10, highest: 30 };
    const sources = { cal: { ...source, shortestSeconds: 60, expanded: 0.02, coverageFactor: 2 } };
    const of = await prober([{ ...both()[0], source: 'cal' }, both()[1]!], { sources });
    while ((await stored('site/t1')).length < 3) await next(of);
    const all = (await stored('site/t1')).map(({ record }) => record);
    const references = new Set(all.map(({ reference }) => reference?.value));
    assert.equal(references.size, 3);
    for (const { outcome, reference } of all) {
      assert.ok('value' in outcome && Math.abs(outcome.value - reference!.value - 0.01) < 1e-9);
      assert.equal(reference!.device, undefined);
    }
    // Instruments were only read.
    assert.deepEqual(new Set((t1.received + s1.received).trim().split('\n')), new Set(['READ?']));
  });

  it('keep signed answers with their nonce', async () => {
    const broker = await LocalBroker.start();
    const sensor = new Instrument(await twoCountries());
    broker.answer('a/probe/request', async (text) => {
      const { nonce } = JSON.parse(text) as { readonly nonce: string };
      const { jws } = await sensor.measure(1, null, { arguments: [{ name: 'nonce', value: nonce }] });
      await broker.publish('a/probe/answer', canonicalJson(jws));
    });
    try {
      const via = { kind: 'challenge', url: broker.url, request: 'a/probe/request', answer: 'a/probe/answer' };
      const plan = planOf({ probes: [{ device: sensor.device, unit: '\\degreecelsius', everySeconds: 60, via }] }, [
        { device: sensor.device, site: 'a' },
      ]);
      const keys = { registry: sensor.registry, certificatesOf: () => [sensor.signer.certificate] };
      await next(await prober(both(), {}, { plan, keys }));
      const [{ record } = assert.fail()] = await stored(sensor.device);
      assert.equal(record.signed?.nonce.length, 32);
      assert.deepEqual(sensor.read(record.signed.measurement).content.value, 21.5);
      await assert.rejects(prober(both(), {}, { plan }), /no certificate in the registry/);
    } finally {
      await broker.stop();
    }
  });

  it('ask only instruments that may be asked now, and go on at random times', async () => {
    const of = await prober(both(), {}, { mayProbe: (device) => device === 'site/s1' });
    const times = new Set<number>();
    for (let round = 0; round < 12; round += 1) {
      await next(of);
      times.add(clock);
    }
    assert.deepEqual(await stored('site/t1'), []);
    assert.ok((await stored('site/s1')).length > 0, `seed ${runSeed}`);
    assert.equal(times.size, 12);
  });

  it('are found again by device and time, after a restart too', async () => {
    const of = await prober([entry('site/t2', t1)]);
    while ((await stored('site/t2')).length < 5) await next(of);
    const all = (await stored('site/t2')).map(({ record }) => record.time);
    assert.deepEqual(all, [...all].sort());
    const some = await stored('site/t2', { from: all[1]!, to: all[3]! });
    assert.deepEqual(
      some.map(({ record }) => record.time),
      [all[1], all[2]],
    );
    assert.deepEqual(await stored('site/t'), []);
    await new ProbedValues(store).add(some);
    assert.equal((await stored('site/t2')).length, 5);
  });

  it('run until they are told to stop', async () => {
    const stop = new AbortController();
    const waited: number[] = [];
    const wait = async (milliseconds: number): Promise<void> => {
      waited.push(milliseconds);
      clock += Math.ceil(milliseconds);
      if (waited.length > 20) stop.abort();
      await Promise.resolve();
    };
    await (await prober(both(), {}, { wait })).run(stop.signal);
    assert.ok(waited.every((milliseconds) => milliseconds >= 0 && milliseconds <= 3_600_000));
    assert.ok((await stored('site/t1')).length > 0, `seed ${runSeed}`);
  });

  it('stop at once while they wait for the next one', async () => {
    const stop = new AbortController();
    const running = (await prober(both())).run(stop.signal);
    stop.abort();
    await running;
    assert.equal(t1.connections, 0);
  });

  it('read a password from a file that the plan names, and say when it is missing', async () => {
    const via = { kind: 'mqtt', url: 'mqtt://127.0.0.1:1', topic: 'a', passwordFile: join(temporaryFolder(), 'none') };
    await assert.rejects(prober([{ ...entry('site/t2', t1), via }]), /names .*none, which cannot be read/);
    refused(
      () => planOf({ probes: [{ ...entry('site/t2', t1), via: { ...via, password: 'x' } }] }, INSTRUMENTS),
      /via/,
    );
  });
});
