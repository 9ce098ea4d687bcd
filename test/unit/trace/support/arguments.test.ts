import assert from 'node:assert/strict';
import { decideSupport, DEFAULT_SUPPORT_POLICY } from '@tracecal/core/support';
import type { Axis, Source, SupportedResult } from '@tracecal/core/support';
import { result, row, source } from './build.js';

const VOLTAGE: Axis = { kind: 'voltage', name: 'nominal' };
const FREQUENCY: Axis = { kind: 'frequency', name: 'f' };
const TEMPERATURE: Axis = { kind: 'temperature', name: 'ambient' };

function voltages(rows: SupportedResult['rows'], axes: readonly Axis[]): SupportedResult {
  return result(rows, { kind: 'voltage', scale: 'ratio', dimension: 'm2 kg1 s-3 A-1', axes, method: 'direct' });
}

/** A voltage standard: rows of volts, hertz and standard uncertainty. */
function standard(rows: readonly (readonly [number, number, number])[], axes = [VOLTAGE, FREQUENCY]): Source {
  return {
    ...source([], { kind: 'voltage', scale: 'ratio', dimension: 'm2 kg1 s-3 A-1', axes }),
    rows: rows.map(([volt, hertz, u]) => ({
      x: axes.map(({ kind }) => (kind === 'voltage' ? volt : hertz)),
      y: volt,
      u,
    })),
  };
}

/** High voltages are calibrated at low frequencies only, as certificates have it. */
const STEPPED = standard([
  [1, 50, 1e-6],
  [1, 1e3, 2e-6],
  [1, 1e6, 9e-6],
  [10, 50, 1e-5],
  [10, 1e3, 2e-5],
  [10, 1e6, 9e-5],
  [1000, 50, 1e-3],
  [1000, 1e3, 4e-3],
]);

function decide(of: SupportedResult, sources: readonly Source[]) {
  const { outcome, rows, reasons } = decideSupport(of, sources, DEFAULT_SUPPORT_POLICY);
  return {
    outcome,
    floor: rows[0]!.floor,
    position: rows[0]!.position,
    codes: [...reasons, ...rows[0]!.reasons].map(({ code }) => code),
  };
}

describe('Arguments of a result and of its reference', () => {
  it('without a separate argument the value is its own', () => {
    const found = decide(result([row(300, 0.05, { x: [] })], { axes: [], method: 'direct' }), [
      source([
        [273, 273, 0.01],
        [373, 373, 0.02],
      ]),
    ]);
    assert.deepEqual([found.outcome, found.position], ['sound', 'inside']);
    assert.ok(Math.abs(found.floor! - 0.0127) < 1e-12);
  });

  it('arguments that only the result has are not asked of the reference', () => {
    const of = voltages([row(1, 1e-4, { x: [1, 296] })], [VOLTAGE, TEMPERATURE]);
    assert.deepEqual(decide(of, [standard([[1, 50, 1e-6]], [VOLTAGE])]).codes, []);
  });

  it('a first argument of the reference that the result does not state leaves it incomplete', () => {
    const of = result([row(300, 0.05, { x: [] })], { kind: 'difference', axes: [], method: 'direct' });
    const reference = source([[300, 0.05, 0.01]], { kind: 'difference', axes: [TEMPERATURE] });
    assert.deepEqual(
      [decide(of, [reference]).outcome, decide(of, [reference]).codes[0]],
      ['missing', 'first-argument'],
    );
  });

  it('a further argument that the result does not state is judged over its whole range', () => {
    const at = (expanded: number) => decide(voltages([row(1, expanded, { x: [1] })], [VOLTAGE]), [STEPPED]);
    assert.deepEqual([at(2e-5).outcome, at(2e-5).codes], ['note', ['further-argument']]);
    assert.deepEqual([at(1e-5).outcome, at(1e-5).codes], ['note', ['further-argument', 'between-nodes']]);
    assert.equal(at(1.8e-6).outcome, 'failed');
  });

  it('each further argument that is not stated is named', () => {
    const reference = {
      ...standard([], [VOLTAGE, FREQUENCY, TEMPERATURE]),
      rows: [{ x: [1, 50, 296], y: 1, u: 1e-6 }],
    };
    const { reasons } = decideSupport(
      voltages([row(1, 1, { x: [1] })], [VOLTAGE]),
      [reference],
      DEFAULT_SUPPORT_POLICY,
    );
    assert.deepEqual(
      reasons.map(({ code, name }) => `${code} ${name}`),
      ['further-argument f', 'further-argument ambient'],
    );
  });

  describe('of one kind, two of them,', () => {
    const [carrier, modulation] = [
      { kind: 'frequency', name: 'Carrier frequency' },
      { kind: 'frequency', name: 'Modulation frequency' },
    ];
    const other = { kind: 'frequency', name: 'Frequency' };
    /** 1 V at a carrier of 1 MHz with a modulation of 50 Hz. */
    const modulated = (axes: readonly Axis[], x: readonly number[], expanded = 1e-3) =>
      voltages([row(1, expanded, { x: [1, ...x] })], [VOLTAGE, ...axes]);
    const sentences = (of: SupportedResult, sources: readonly Source[]) =>
      decideSupport(of, sources, DEFAULT_SUPPORT_POLICY).reasons.map((each) => `${each.code}: ${each.name}`);

    it('the one is not compared with the other, whichever stands first', () => {
      const reference = standard([[1, 50, 1e-6]], [VOLTAGE, modulation]);
      for (const [axes, x] of [
        [
          [carrier, modulation],
          [1e6, 50],
        ],
        [
          [modulation, carrier],
          [50, 1e6],
        ],
      ] as const) {
        assert.equal(decide(modulated(axes, x), [reference]).outcome, 'sound');
      }
      const swapped = standard([[1, 1e6, 1e-6]], [VOLTAGE, modulation]);
      assert.equal(decide(modulated([carrier, modulation], [1e6, 50]), [swapped]).outcome, 'missing');
    });

    it('leave it incomplete if the reference calls its one by another name, which names all of them', () => {
      const reference = standard([[1, 1e6, 1e-6]], [VOLTAGE, other]);
      const of = modulated([carrier, modulation], [1e6, 50]);
      assert.equal(decide(of, [reference]).outcome, 'missing');
      assert.deepEqual(sentences(of, [reference]), [
        'ambiguous-argument: Frequency, and the result states Carrier frequency and Modulation frequency',
      ]);
    });

    it('leave it incomplete also if the reference has two, and the result one of another name', () => {
      const reference = { ...standard([], [VOLTAGE, carrier, modulation]), rows: [{ x: [1, 1e6, 50], y: 1, u: 1e-6 }] };
      assert.equal(decide(modulated([other], [1e6]), [reference]).outcome, 'missing');
      assert.equal(decide(modulated([modulation, carrier], [50, 1e6]), [reference]).outcome, 'sound');
    });

    it('a single one on either side needs no name', () => {
      assert.equal(
        decide(modulated([other], [50]), [standard([[1, 50, 1e-6]], [VOLTAGE, modulation])]).outcome,
        'sound',
      );
    });
  });

  it('a finding over another argument may have any value there', () => {
    const of = (y: number, values: SupportedResult['values']) =>
      result([row(50, 1, { y, expanded: 1e-5 })], {
        kind: 'ac-dc-difference',
        axes: [FREQUENCY],
        method: 'direct',
        values,
      });
    const reference = source([[50, 1e-6, 1e-6]], { kind: 'ac-dc-difference', axes: [FREQUENCY] });
    assert.equal(decide(of(-5e-3, 'finding'), [reference]).position, 'inside');
    assert.equal(decide(of(-5e-3, 'range'), [reference]).position, 'outside');
  });

  it('between two numbers of several arguments the smallest and largest of the enclosing rows count', () => {
    const axes = [FREQUENCY, TEMPERATURE];
    const rows = [
      [50, 293, 1e-6],
      [50, 303, 2e-6],
      [1000, 293, 1e-5],
      [1000, 303, 2e-5],
    ].map(([hertz, kelvin, u]) => ({ x: [hertz!, kelvin!], y: 5, u: u! }));
    const at = (expanded: number) =>
      decide(voltages([row(5, expanded, { x: [500, 298], y: 5 })], axes), [{ ...standard([], axes), rows }]);
    assert.equal(at(4e-5).outcome, 'sound');
    assert.deepEqual([at(1e-5).outcome, at(1e-5).codes], ['note', ['between-nodes']]);
    assert.equal(at(1.8e-6).outcome, 'failed');
    assert.equal(at(1.8e-6).floor, 1e-6);
  });

  it('between two values it is linear, also beside another argument', () => {
    const at = (volt: number) => decide(voltages([row(volt, 1, { x: [volt, 50] })], [VOLTAGE, FREQUENCY]), [STEPPED]);
    assert.ok(Math.abs(at(5.5).floor! - 5.5e-6) < 1e-12);
    assert.ok(Math.abs(at(9.9999).floor! - 9.9999e-6) < 1e-12);
  });

  it('a table with steps covers only what was calibrated', () => {
    const at = (volt: number, hertz: number) =>
      decide(voltages([row(volt, volt, { x: [volt, hertz] })], [VOLTAGE, FREQUENCY]), [STEPPED]).position;
    assert.equal(at(10, 1e6), 'inside');
    assert.equal(at(1000, 1e6), 'outside');
    assert.equal(at(500, 1e6), 'outside');
    assert.equal(at(1000, 1e3), 'inside');
    assert.equal(at(2000, 50), 'outside');
  });

  it('a ratio kind over another argument is covered only where its values are', () => {
    const reference = standard(
      [
        [1, 50, 1e-6],
        [1, 1e3, 2e-6],
      ],
      [FREQUENCY],
    );
    const at = (volt: number) => decide(voltages([row(volt, 1, { x: [50] })], [FREQUENCY]), [reference]).position;
    assert.deepEqual([at(1), at(1.01), at(1000)], ['inside', 'edge', 'outside']);
  });

  it('a declared range counts instead of the rows', () => {
    const points = [
      [300, 300, 0.01],
      [320, 320, 0.01],
    ] as const;
    const at = (x: number, range: Source['range']) =>
      decide(result([row(x, 0.05)], { method: 'direct' }), [source(points, { range })]).position;
    assert.deepEqual([at(350, null), at(350, [{ min: 290, max: 360 }])], ['outside', 'inside']);
    assert.deepEqual([at(319, null), at(319, [{ min: 300, max: 310 }])], ['inside', 'outside']);
    assert.equal(at(361, [{ min: 290, max: 360 }]), 'edge');
  });

  it('a result may be as far away from a single fixed point as its own uncertainty', () => {
    const at = (x: number) =>
      decide(result([row(x, 0.05)], { method: 'direct' }), [source([[300, 300, 0.01]])]).position;
    assert.deepEqual([at(300), at(300.04), at(300.06)], ['inside', 'edge', 'outside']);
  });

  it('a result may be 2 % away from a single reference value of a ratio kind', () => {
    const of = (x: number, expanded: number) => voltages([row(x, expanded)], [VOLTAGE]);
    const at = (x: number, expanded = 1) => decide(of(x, expanded), [standard([[1, 0, 1e-6]], [VOLTAGE])]).position;
    assert.deepEqual([at(1.019), at(1.021), at(0.981), at(0.979)], ['edge', 'outside', 'edge', 'outside']);
    assert.equal(at(1.019, 1e-5), 'edge');
  });

  it('a result may be 2 K away from a single ambient temperature, because 2 % of one mean nothing', () => {
    const of = (kelvin: number) => voltages([row(1, 100, { x: [1, kelvin] })], [VOLTAGE, TEMPERATURE]);
    const reference = { ...standard([], [VOLTAGE, TEMPERATURE]), rows: [{ x: [1, 298.15], y: 1, u: 1e-6 }] };
    const at = (kelvin: number) => decide(of(kelvin), [reference]).position;
    assert.deepEqual([at(298.15), at(300.1), at(296.1), at(293.15)], ['inside', 'edge', 'outside', 'outside']);
    const apart: Axis = { kind: 'temperature-difference', name: 'bath' };
    const over = (kelvin: number) => voltages([row(1, 100, { x: [1, kelvin] })], [VOLTAGE, apart]);
    const single = { ...standard([], [VOLTAGE, apart]), rows: [{ x: [1, 10], y: 1, u: 1e-6 }] };
    assert.equal(decide(over(10.3), [single]).position, 'outside');
  });

  it('temperatures 5 K apart are two places: what was calibrated at one is not covered at the other', () => {
    const ph = (value: number, kelvin: number) =>
      result([row(value, 0.1, { x: [kelvin], y: value })], { kind: 'ph', axes: [TEMPERATURE], method: 'direct' });
    const buffers = {
      ...source([], { kind: 'ph', axes: [TEMPERATURE] }),
      rows: [
        { x: [293.15], y: 4, u: 0.002 },
        { x: [298.15], y: 4, u: 0.002 },
        { x: [298.15], y: 9, u: 0.002 },
      ],
    };
    const at = (value: number, kelvin: number) => decide(ph(value, kelvin), [buffers]).position;
    assert.deepEqual([at(9, 298.15), at(9, 293.15), at(4, 293.15)], ['inside', 'outside', 'inside']);
  });

  it('more arguments than can be compared leave a result incomplete', () => {
    const axes = Array.from({ length: 7 }, (_, index): Axis => ({ kind: `kind-${index}`, name: 'a' }));
    const x = axes.map(() => 1);
    const of = (count: number) =>
      result([row(1, 1, { x: x.slice(0, count) })], { kind: 'depth', axes: axes.slice(0, count), method: 'direct' });
    const reference = (count: number) => ({
      ...source([], { kind: 'depth', axes: axes.slice(0, count) }),
      rows: [{ x: x.slice(0, count), y: 1, u: 0.1 }],
    });
    assert.equal(decide(of(6), [reference(6)]).outcome, 'sound');
    assert.equal(decide(of(7), [reference(7)]).codes[0], 'too-many-arguments');
  });

  it('arguments of one kind are matched by name, then in order', () => {
    const axes: readonly Axis[] = [
      { kind: 'frequency', name: 'carrier' },
      { kind: 'frequency', name: 'modulation' },
    ];
    const of = result([row(1, 1, { x: [10, 1000], y: 5 })], { kind: 'depth', axes, method: 'direct' });
    const reference = {
      ...source([], { kind: 'depth', axes: [...axes].reverse() }),
      rows: [{ x: [1000, 10], y: 5, u: 0.1 }],
    };
    assert.equal(decide(of, [reference]).position, 'inside');
    assert.equal(decide(of, [{ ...reference, axes }]).position, 'outside');
  });

  it('the same number after a conversion of units is the same place', () => {
    const of = voltages([row(0.1 + 0.2, 1, { x: [0.1 + 0.2, 3 * 0.1] })], [VOLTAGE, FREQUENCY]);
    assert.equal(decide(of, [standard([[0.3, 0.3, 1e-6]])]).position, 'inside');
  });
});
