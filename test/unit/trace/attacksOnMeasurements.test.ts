import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import { cmcOf, temperatureScope } from '../../support/hierarchy.js';
import { registryOf } from '../../support/registry.js';
import { resultOf, Workshop } from '../../support/workshop.js';

type Stated = readonly [value: number, expanded: number, k?: number, p?: number | null];

function temperature(rows: readonly Stated[], more: Partial<Result> = {}): Result {
  return {
    name: 'Temperature',
    quantity: 'temperature',
    unit: '\\degreecelsius',
    rows: rows.map(([value, expanded, k = 2, p = 0.95]) => ({
      value,
      uncertainty: { expanded, coverageFactor: k, coverageProbability: p },
    })),
    ...more,
  };
}

const DEPTH: NonNullable<Result['arguments']> = [
  { name: 'depth', role: 'physical', quantity: 'length', unit: '\\metre' },
];

function atDepth(rows: readonly (readonly [value: number, expanded: number, depth: number])[]): Result {
  const { rows: plain, ...result } = temperature(rows.map(([value, expanded]): Stated => [value, expanded]));
  return { ...result, arguments: DEPTH, rows: plain.map((row, place) => ({ ...row, at: [rows[place]?.[2] ?? 0] })) };
}

const direct = (more: Partial<Support> = {}): Support => ({
  method: 'direct',
  uses: [{ source: 0, role: 'reference' }],
  ...more,
});

describe('A sensor maker with valid keys', () => {
  let workshop: Workshop;
  let standard: string;

  beforeEach(async () => {
    workshop = await Workshop.open();
    standard = await workshop.standard('q', temperature([[0, 0.01], [100, 0.01]])); // prettier-ignore
  });

  const registering = async () => registryOf(workshop.hierarchy);

  it('cannot register 300 metres of temperature', async () => {
    await workshop.device('c', { parents: [standard], results: [temperature([[300, 0.02]], { unit: '\\metre' })] });
    await assert.rejects(
      registering(),
      /must be in a unit of its kind of quantity: temperature cannot be in \\metre, only in \\kelvin or \\degreecelsius/,
    );
  });

  it('cannot register a depth in kilograms', async () => {
    const depth = [{ name: 'depth', role: 'physical' as const, quantity: 'length', unit: '\\kilogram' }];
    const result = { ...atDepth([[20, 0.02, 0.1]]), arguments: depth };
    await workshop.device('c', { parents: [standard], results: [result] });
    await assert.rejects(registering(), /must be in a unit of its kind of quantity/);
  });

  it('cannot state the same use of a standard twice', async () => {
    const twice = direct({
      uses: [
        { source: 0, role: 'reference' },
        { source: 0, role: 'reference' },
      ],
    });
    await workshop.device('c', { parents: [standard], results: [temperature([[20, 0.02]], { support: twice })] });
    await assert.rejects(registering(), /must not state the same use of a source twice/);
  });

  it('cannot state a use of a parent that its report does not name', async () => {
    const other = direct({ uses: [{ source: 1, role: 'reference' }] });
    await workshop.device('c', { parents: [standard], results: [temperature([[20, 0.02]], { support: other })] });
    await assert.rejects(registering(), /Temperature of report .* uses source 1, and the report names 1 parents/);
  });

  it('does not show a result as traceable if it was compared with nothing', async () => {
    const beside = temperature([[1500, 0]], { name: 'B' });
    await workshop.device('c', { parents: [standard], results: [temperature([[20, 0.02]]), beside] });
    const { results } = await workshop.hierarchy.trace('c');
    assert.deepEqual(
      results.map(({ name, status, counted }) => ({ name, status, counted })),
      [
        { name: 'Temperature', status: 'TRACEABLE', counted: true },
        { name: 'B', status: 'INCOMPLETE', counted: false },
      ],
    );
  });

  it('does not widen a range, nor lower an uncertainty, by a row without a usable one', async () => {
    await workshop.device('c', { parents: [standard], results: [temperature([[20, 0.02], [1500, 1e-6, 0.9, null]])] }); // prettier-ignore
    const { results } = await workshop.hierarchy.trace('c');
    assert.deepEqual(results[0]?.range, { min: 20, max: 20 });
    assert.deepEqual(results[0].uncertainty, { min: 0.02, max: 0.02 });
  });

  it('does not hide a large share in many small ones', async () => {
    const own = Array.from({ length: 64 }, (_, place) => ({ name: `input ${place}`, share: 0.01 }));
    const result = temperature([[50, 0.01]], { support: direct({ own }) });
    await workshop.device('c', { parents: [standard], results: [result] });
    assert.match(await workshop.outcome('c'), /^INCOMPLETE/);
  });

  it('does not make a trace take long by amending a standard with many results', async () => {
    const many = (u: number) =>
      Array.from({ length: 64 }, (_, place) => temperature([[0, 0.01], [50, 0.01], [100, u]], { name: `T${place}` })); // prettier-ignore
    await workshop.hierarchy.addDevice({ id: 'p', technician: 't-oem-a', kind: 'standard' });
    const report = { device: 'p', technician: 'all-oem-a', performed: '2025-05-01', parents: [standard] };
    workshop.hierarchy.addReport({ ...report, id: 'p-r', results: many(0.01) });
    const rows = Array.from({ length: 1000 }, (_, place): Stated => [place / 10, 0.02]);
    await workshop.device('c', { parents: ['p-r'], results: [temperature(rows)] });
    assert.match(await workshop.outcome('c'), /^TRACEABLE/);
    const amendment = { id: 'p-r2', supersedes: 'p-r', registered: '2025-07-10T12:00:00Z' };
    workshop.hierarchy.addReport({ ...report, ...amendment, results: many(0.0101) });
    // All results of a kind are looked at together. One after another takes minutes, which no test has.
    assert.match(await workshop.outcome('c'), /^TRACEABLE/);
  });

  it('does not make an answer large by naming the results of a standard many times', async () => {
    await workshop.hierarchy.addDevice({ id: 'p', technician: 't-oem-a', kind: 'standard' });
    const report = { id: 'p-r', device: 'p', technician: 'all-oem-a', performed: '2025-05-01', parents: [standard] };
    const many = Array.from({ length: 64 }, (_, place) => temperature([[20, 0.01]], { name: `T${place}` }));
    workshop.hierarchy.addReport({ ...report, results: many });
    const checks = Array.from({ length: 20 }, (_, place) => ({ source: 0, role: 'check' as const, at: [place] }));
    const support = direct({ uses: [...checks, { source: 1, role: 'reference' }] });
    await workshop.device('c', { parents: ['p-r', standard], results: [temperature([[20, 0.02]], { support })] });
    const { status, edges } = await workshop.hierarchy.trace('c');
    assert.equal(status, 'TRACEABLE');
    assert.ok(edges.every(({ findings }) => findings.length <= 64));
  });

  it('need not say which kind an input gives that gives one', async () => {
    const voltage = await workshop.standard('v', resultOf('dc-voltage', [[10, 1e-6]]));
    const resistance = await workshop.standard('r', resultOf('resistance', [[10, 1e-6]]));
    const ohm: Support = {
      method: 'product',
      uses: [
        { source: 0, role: 'input', exponent: 1 },
        { source: 1, role: 'input', exponent: -1 },
      ],
    };
    await workshop.device('i', { parents: [voltage, resistance], results: [resultOf('dc-current', [[1, 1e-5]], ohm)] });
    assert.match(await workshop.outcome('i'), /^TRACEABLE/);
  });
});

const FREQUENCY: NonNullable<Result['arguments']> = [
  { name: 'frequency', role: 'physical', quantity: 'frequency', unit: '\\hertz' },
];

/** Alternating voltages at frequencies, with u a part of the value. */
function voltages(rows: readonly (readonly [volt: number, hertz: number])[], relative: number): Result {
  const result = resultOf(
    'ac-voltage',
    rows.map(([volt]) => [volt, relative * volt]),
    direct(),
  );
  return {
    ...result,
    arguments: FREQUENCY,
    rows: result.rows.map((row, place) => ({ ...row, at: [rows[place]?.[1] ?? NaN] })),
  };
}

describe('Values that nobody calibrated at those arguments', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  it('a temperature with a further argument is covered only where the values of its standard are', async () => {
    const standard = await workshop.standard('q', atDepth([[0, 0.01, 0.1], [100, 0.01, 0.1]])); // prettier-ignore
    await workshop.device('hot', { parents: [standard], results: [atDepth([[1500, 0.02, 0.1]])] });
    await workshop.device('warm', { parents: [standard], results: [atDepth([[50, 0.02, 0.1]])] });
    assert.match(await workshop.outcome('hot'), /^INCOMPLETE.*No reference was calibrated at this place/);
    assert.match(await workshop.outcome('warm'), /^TRACEABLE/);
  });

  it('a row without a usable uncertainty covers no value', async () => {
    const root = await workshop.standard('q', atDepth([[0, 0.01, 0.1], [100, 0.01, 0.1]])); // prettier-ignore
    const { rows, ...rest } = atDepth([[50, 0.02, 0.1], [1500, 0.02, 0.1]]); // prettier-ignore
    const silent = rows.map((row, place) =>
      place === 0 ? row : { ...row, uncertainty: { expanded: 0.02, coverageFactor: 0.5, coverageProbability: null } },
    );
    await workshop.hierarchy.addDevice({ id: 'm', technician: 't-oem-a', kind: 'standard' });
    const report = { id: 'm-r', device: 'm', technician: 'all-oem-a', performed: '2025-05-01', parents: [root] };
    workshop.hierarchy.addReport({ ...report, results: [{ ...rest, rows: silent }] });
    await workshop.device('hot', { parents: ['m-r'], results: [atDepth([[1500, 0.04, 0.1]])] });
    await workshop.device('warm', { parents: ['m-r'], results: [atDepth([[50, 0.04, 0.1]])] });
    assert.match(await workshop.outcome('hot'), /^INCOMPLETE/);
    assert.match(await workshop.outcome('warm'), /^TRACEABLE/);
  });

  it('a nominal temperature of the sensor does not stand for its value', async () => {
    const standard = await workshop.standard('q', temperature([[0, 0.01], [100, 0.01]])); // prettier-ignore
    const nominal: NonNullable<Result['arguments']> = [
      { name: 'nominal', role: 'physical', quantity: 'temperature', unit: '\\degreecelsius' },
    ];
    const at = (value: number) => {
      const { rows, ...result } = temperature([[value, 0.02]]);
      return { ...result, arguments: nominal, rows: rows.map((row) => ({ ...row, at: [50] })) };
    };
    await workshop.device('hot', { parents: [standard], results: [at(1500)] });
    await workshop.device('warm', { parents: [standard], results: [at(50.2)] });
    assert.match(await workshop.outcome('hot'), /^INCOMPLETE/);
    assert.match(await workshop.outcome('warm'), /^TRACEABLE/);
  });

  it('1 V at 50 Hz and 1000 V at 1 kHz are no 1000 V at 50 Hz', async () => {
    const standard = await workshop.standard('q', voltages([[1, 50], [1000, 1000]], 1e-6)); // prettier-ignore
    const outcomeOf = async (volt: number, hertz: number) => {
      const id = `v${volt}-${hertz}`;
      await workshop.device(id, { parents: [standard], results: [voltages([[volt, hertz]], 1e-4)] });
      return (await workshop.outcome(id)).split(':')[0];
    };
    for (const [volt, hertz] of [
      [1000, 50],
      [1000, 51],
      [1, 1000],
      [500, 100],
    ] as const) {
      // prettier-ignore
      assert.equal(await outcomeOf(volt, hertz), 'INCOMPLETE', `${volt} V at ${hertz} Hz`);
    }
    for (const [volt, hertz] of [
      [1, 50],
      [1000, 1000],
      [1, 50.01],
    ] as const) {
      // prettier-ignore
      assert.equal(await outcomeOf(volt, hertz), 'TRACEABLE', `${volt} V at ${hertz} Hz`);
    }
  });

  it('a grid with measured frequencies covers the values of its corners', async () => {
    const grid = [49.998, 50.001, 1000.2, 999.9].flatMap((hertz, place) =>
      [1, 10, 100, 1000].slice(place % 2, 3 + (place % 2)).map((volt) => [volt, hertz] as const),
    );
    const standard = await workshop.standard('q', voltages(grid, 1e-6));
    await workshop.device('c', { parents: [standard], results: [voltages([[1, 50], [1000, 50], [300, 400], [1000, 1000]], 1e-4)] }); // prettier-ignore
    assert.match(await workshop.outcome('c'), /^TRACEABLE/);
  });
});

describe('A value of zero', () => {
  let workshop: Workshop;
  let standard: string;

  beforeEach(async () => {
    workshop = await Workshop.open();
    standard = await workshop.standard('v', resultOf('dc-voltage', [[1, 1e-6], [10, 1e-6]])); // prettier-ignore
  });

  const outcomeOf = async (...results: readonly Result[]) => {
    await workshop.device('c', { parents: [standard], results: [...results] });
    return workshop.outcome('c');
  };

  it('is stated as zero: one that vanishes in SI units is no zero', async () => {
    const millivolts = (value: number): Result => ({
      ...resultOf('dc-voltage', []),
      unit: '\\milli\\volt',
      rows: [2000, value].map((each) => ({
        value: each,
        uncertainty: { expanded: 0.01, coverageFactor: 2, coverageProbability: 0.95 },
      })),
    });
    assert.match(await outcomeOf(millivolts(0)), /^TRACEABLE/);
    assert.match(await outcomeOf(millivolts(1e-322)), /^INCOMPLETE/);
  });

  it('leads to no institute by itself, also beside results that do', async () => {
    const good = resultOf('dc-voltage', [[5, 1e-5]]);
    const zero = (support?: Support): Result => ({ ...resultOf('dc-voltage', [[0, 1e-9]], support), name: 'Zero' });
    const said = /^INCOMPLETE.*Zero.*leads to a National Metrology Institute/;
    assert.match(await outcomeOf(good, zero()), said);
    assert.match(await outcomeOf(good, zero({ method: 'natural', uses: [] })), said);
    assert.match(await outcomeOf(good, zero(direct())), said);
    assert.match(await outcomeOf(good, resultOf('dc-voltage', [[0, 1e-9], [5, 1e-5]])), /^TRACEABLE/); // prettier-ignore
  });
});

describe('A rectangular distribution', () => {
  it('has a smaller coverage factor, and explains no other', async () => {
    const workshop = await Workshop.open();
    const standard = await workshop.standard('q', temperature([[0, 0.02], [100, 0.02]])); // prettier-ignore
    const stated = (U: number, k: number, distribution: object): Result => ({
      ...temperature([]),
      rows: [
        { value: 20, uncertainty: { expanded: U, coverageFactor: k, coverageProbability: 0.95, ...distribution } },
      ],
    });
    const outcomeOf = async (id: string, result: Result) => {
      await workshop.device(id, { parents: [standard], results: [result] });
      return workshop.outcome(id);
    };
    const rectangular = { distribution: 'rectangular' };
    assert.match(await outcomeOf('honest', stated(0.018, 1.65, rectangular)), /^TRACEABLE/);
    assert.match(await outcomeOf('silent', stated(0.018, 1.65, {})), /^INCOMPLETE.*coverage factor is too small/);
    assert.match(await outcomeOf('lie', stated(0.012, 1, rectangular)), /^INCOMPLETE.*coverage factor is too small/);
    await registryOf(workshop.hierarchy);
  });
});

describe('A difference of temperatures', () => {
  it('of -5 K is legal, in kelvin and in degrees Celsius', async () => {
    const { hierarchy } = await Workshop.open();
    const quantities = ['temperature-difference'];
    const line = (unit: string) => temperatureScope({ quantity: 'temperature-difference', unit, min: -10, max: 10 });
    for (const organisation of ['nmi-north', 'lab-alpha']) {
      await hierarchy.addTechnician({ id: `d-${organisation}`, organisation, quantities });
      hierarchy.accredit(organisation, [line(organisation === 'lab-alpha' ? '\\degreecelsius' : '\\kelvin')]);
    }
    const difference = (unit: string, values: readonly number[], U: number): Result => ({
      ...temperature(values.map((value): Stated => [value, U])),
      quantity: 'temperature-difference',
      unit,
    });
    await hierarchy.addDevice({ id: 's', technician: 't-lab-alpha', kind: 'standard' });
    const institutes = { device: 's', technician: 'd-nmi-north', performed: '2025-02-01' };
    hierarchy.addReport({ ...institutes, id: 's-r', results: [difference('\\degreecelsius', [-10, 10], 0.01)] });
    await hierarchy.addDevice({ id: 'c', technician: 't-lab-alpha', kind: 'field' });
    for (const [id, unit] of [
      ['k', '\\kelvin'],
      ['d', '\\degreecelsius'],
      ['m', '\\milli\\kelvin'],
    ] as const) {
      // prettier-ignore
      const factor = id === 'm' ? 1000 : 1;
      const own = { device: 'c', technician: 'd-lab-alpha', performed: '2025-04-01', parents: ['s-r'] };
      hierarchy.addReport({ ...own, id, results: [difference(unit, [-5 * factor], 0.05 * factor)] });
      const { status, reason } = await hierarchy.trace('c');
      assert.equal(status, 'TRACEABLE', `${unit}: ${reason}`);
    }
    await registryOf(hierarchy);
  });
});

describe('A value that nobody vouches for', () => {
  it('is added up: thirty influences of 1 % are 30 %', async () => {
    const workshop = await Workshop.open();
    const { hierarchy } = workshop;
    const standard = await workshop.standard('q', temperature([[0, 0.01], [100, 0.01]])); // prettier-ignore
    const open: string[] = [];
    for (const id of ['i1', 'i2', 'i3', 'i4']) {
      open.push(await workshop.standard(id, resultOf('mass', [[1, 1e-6]])));
      hierarchy.addStatement('revocation', ['device', id], { reason: 'fraud' });
    }
    const outcomeOf = async (id: string, count: number, share: number, more: Partial<Support> = {}) => {
      const influences = open.slice(0, count).map((_, place) => ({
        source: place + 1,
        role: 'influence' as const,
        quantity: 'mass',
        share,
      }));
      const support = direct({ uses: [{ source: 0, role: 'reference' }, ...influences], ...more });
      const parents = [standard, ...open.slice(0, count)];
      await workshop.device(id, { parents, results: [temperature([[50, 0.05]], { support })] });
      return workshop.outcome(id);
    };
    assert.match(await outcomeOf('one', 1, 0.01), /^TRACEABLE/);
    assert.match(await outcomeOf('four', 4, 0.0025), /^TRACEABLE/);
    assert.match(await outcomeOf('more', 4, 0.01), /^INCOMPLETE.*together/);
    assert.match(await outcomeOf('own', 1, 0.008, { own: [{ name: 'drift', share: 0.008 }] }), /^INCOMPLETE.*together/);
  });
});

describe('A product that its inputs do not give', () => {
  let workshop: Workshop;
  let parents: readonly string[];

  beforeEach(async () => {
    workshop = await Workshop.open();
    const voltage = await workshop.standard('v', resultOf('dc-voltage', [[0.1, 1e-7]]));
    const resistance = await workshop.standard('r', resultOf('resistance', [[0.1, 1e-7]]));
    parents = [voltage, resistance];
  });

  const ohm = (more: Partial<Support> = {}, at?: readonly number[]): Support => ({
    method: 'product',
    uses: [
      { source: 0, role: 'input', exponent: 1, ...(at && { at }) },
      { source: 1, role: 'input', exponent: -1, ...(at && { at }) },
    ],
    ...more,
  });
  const ampere = async (id: string, value: number, support: Support) => {
    await workshop.device(id, {
      parents: [...parents],
      results: [resultOf('dc-current', [[value, value * 1e-3]], support)],
    });
    return workshop.outcome(id);
  };
  const constant = (value: number, unit: string, share?: number) => ({
    constants: [{ name: 'C', value, unit, source: 'my notes', ...(share !== undefined && { share }) }],
  });

  it('does not stand on a constant in place of a standard', async () => {
    const tiny: Support = { method: 'product', uses: [{ source: 1, role: 'input', exponent: 1e-12 }] };
    assert.match(await ampere('a', 1000, { ...tiny, ...constant(1000, '\\ampere') }), /^INCOMPLETE/);
    const conductance: Support = { method: 'product', uses: [{ source: 0, role: 'input', exponent: 1 }] };
    const siemens = { ...conductance, ...constant(10, '\\siemens') };
    assert.match(await ampere('b', 1, siemens), /^INCOMPLETE.*constant C/);
    assert.match(await ampere('c', 1, { ...conductance, ...constant(10, '\\siemens', 0.005) }), /^TRACEABLE/);
    assert.match(await ampere('d', 1, { ...conductance, ...constant(10, '\\siemens', 0.02) }), /^INCOMPLETE/);
  });

  it('may use a number, and a constant of nature with its value', async () => {
    const frequency = await workshop.standard('f', resultOf('frequency', [[1000, 1e-6]]));
    const josephson = async (id: string, quantum: number) => {
      const uses = [{ source: 0, role: 'input' as const, exponent: 1 }];
      const constants = [
        { name: 'flux quantum', value: quantum, unit: '\\volt\\second', source: 'CODATA' },
        { name: 'junctions', value: 1e12, unit: '\\one', source: 'array' },
      ];
      const volt = 2.067833848e-3;
      const support: Support = { method: 'product', uses, constants };
      await workshop.device(id, {
        parents: [frequency],
        results: [resultOf('dc-voltage', [[volt, volt * 1e-6]], support)],
      });
      return workshop.outcome(id);
    };
    assert.match(await josephson('j', 2.067833848e-15), /^TRACEABLE/);
    assert.match(await josephson('k', 2.07e-15), /^INCOMPLETE.*flux quantum/);
  });

  it('has exponents that a formula may have', async () => {
    for (const exponent of [0, 1e-12, 0.9, 1.07, 40]) {
      const uses = [{ source: 0, role: 'input' as const, exponent }];
      const said = await ampere(`n${exponent}`, 1, { method: 'product', uses });
      assert.match(said, /^INCOMPLETE.*exponent/, String(exponent));
    }
  });

  it('is held against the values at which its inputs were used', async () => {
    assert.match(await ampere('one', 1, ohm({}, [0.1])), /^TRACEABLE/);
    assert.match(await ampere('thousand', 1000, ohm({}, [0.1])), /^INCOMPLETE.*the declared formula gives 1 A/);
    const doubled = { ...ohm({}, [0.1]), ...constant(2, '\\one') };
    assert.match(await ampere('two', 2, doubled), /^TRACEABLE/);
  });

  it('says with --explain what was declared', async () => {
    await ampere('one', 2, { ...ohm({}, [0.1]), ...constant(2, '\\one') });
    const { edges } = await workshop.hierarchy.trace('one', { explain: true });
    const said = (edges[0]?.compared ?? []).join('\n');
    assert.match(
      said,
      /product of report nmi-north\/v-r \(input, n = 1, at 0\.1 V\), report nmi-north\/r-r \(input, n = -1, at 0\.1 Ω\); constant C = 2 \(my notes\)/,
    );
  });
});

describe('A laboratory that states an absurd coverage probability', () => {
  for (const [k, p, U] of [
    [2, 0.95, 1e-6],
    [2, 0.01, 2e-5],
    [1, 0.001, 1e-6],
  ] as const) {
    it(`claims less than its capability with U = ${U} kg, k = ${k}, p = ${p}`, async () => {
      const { hierarchy } = await Workshop.open();
      const mass = (expanded: number, factor: number, probability: number): Result => ({
        name: 'Mass',
        quantity: 'mass',
        unit: '\\kilogram',
        rows: [{ value: 1, uncertainty: { expanded, coverageFactor: factor, coverageProbability: probability } }],
      });
      await hierarchy.addDevice({ id: 's', technician: 't-lab-alpha', kind: 'standard' });
      const institutes = { device: 's', technician: 'all-nmi-north', performed: '2025-02-01' };
      hierarchy.addReport({ ...institutes, id: 's-r', results: [mass(1e-9, 2, 0.95)] });
      await hierarchy.addDevice({ id: 'c', technician: 't-lab-alpha', kind: 'field' });
      const own = { device: 'c', technician: 'all-lab-alpha', performed: '2025-04-01', parents: ['s-r'] };
      hierarchy.addReport({ ...own, id: 'c-r', results: [mass(U, k, p)] });
      const { status, reason } = await hierarchy.trace('c');
      assert.equal(status, 'FAILED', reason);
      assert.match(reason, /states a smaller uncertainty than the accreditation of lab-alpha allows/);
    });
  }
});

describe('An accreditation body that has nothing to do with a laboratory', () => {
  it('cannot make its reports fail by granting it a line', async () => {
    const { hierarchy } = await Workshop.open();
    await hierarchy.addOrganisation({ id: 'ab-x', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-south' });
    await hierarchy.addDevice({ id: 's', technician: 't-lab-alpha', kind: 'standard' });
    const institutes = { device: 's', technician: 'all-nmi-north', performed: '2025-02-01' };
    const ends = (U: number, more: Partial<Result> = {}) => temperature([[0, U], [100, U]], more); // prettier-ignore
    hierarchy.addReport({ ...institutes, id: 's-r', results: [ends(0.01)] });
    await hierarchy.addDevice({ id: 'c', technician: 't-lab-alpha', kind: 'field' });
    const own = { device: 'c', technician: 'all-lab-alpha', performed: '2025-04-01', parents: ['s-r'] };
    hierarchy.addReport({ ...own, id: 'c-r', results: [ends(0.1, { methods: ['DKD-R 5-1'] })] });
    const before = await hierarchy.trace('c');
    assert.equal(before.status, 'TRACEABLE', before.reason);
    const line = temperatureScope({ method: 'DKD-R 5-1', cmc: cmcOf(1000) });
    hierarchy.accredit('lab-alpha', [line], { author: 'ab-x', registered: '2025-12-01T00:00:00Z' });
    const after = await hierarchy.trace('c');
    assert.equal(after.status, 'TRACEABLE', after.reason);
  });
});
