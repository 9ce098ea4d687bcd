import assert from 'node:assert/strict';
import type { Given, ResultVerdict } from '@tracecal/core/trace';
import { PLAIN, traceTree } from '@tracecal/cli';
import { WIDE } from '../../support/wide.js';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

const given: Given = {
  name: 'Temperature',
  quantity: 'temperature',
  unit: '\\degreecelsius',
  range: { min: 0, max: 100 },
  uncertainty: { min: 0.05, max: 0.05 },
  coverageFactor: { min: 2, max: 2 },
  arguments: [],
};

describe('The results of a device on a terminal', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  /** What is shown of a device of which the results are these. */
  const shown = async (results: readonly Partial<ResultVerdict>[]) => {
    const verdict = await hierarchy.trace('sensor-a');
    const [own] = verdict.results;
    assert.ok(own);
    const changed = results.map((each) => ({ ...own, ...given, ...each }));
    return traceTree({ ...verdict, results: changed }, PLAIN).split('\n');
  };

  it('stand on one line each: kind, range, uncertainty, status and root', async () => {
    const [, , line] = traceTree(await hierarchy.trace('sensor-a'), PLAIN).split('\n');
    assert.equal(line, '  ✓ temperature  0 to 100 °C, U 0.008 °C (95 %, k = 2)  TRACEABLE · to nmi-north');
  });

  it('say at what they were measured, and how they stand to a specification, beside the status', async () => {
    const frequency = { name: 'Frequency', unit: '\\hertz', range: { min: 50, max: 1000 } };
    const lines = await shown([{ arguments: [frequency], conformity: 'does-not' }]);
    assert.deepEqual(lines.slice(2, 5), [
      '  ✓ temperature  0 to 100 °C, U 0.05 °C (95 %, k = 2), at Frequency 50 to',
      '      1000 Hz',
      '      TRACEABLE · to nmi-north · conformity: does not conform',
    ]);
  });

  it('give both ends of a range in one notation', async () => {
    const [, , line] = await shown([{ uncertainty: { min: 1e-7, max: 1e-6 }, range: { min: 0, max: 1e-7 } }]);
    assert.match(line ?? '', /temperature {2}0 to 1e-7 °C, U 1e-7 to 1e-6 °C /);
  });

  it('say beside a conformity how U compares with the limits', async () => {
    for (const [tur, said] of [
      [6.251, 'conformity: conforms (TUR 6.3)'],
      [0.01, 'conformity: conforms (U exceeds the limits, TUR 0.01)'],
      [null, 'conformity: conforms'],
    ] as const) {
      const lines = await shown([{ conformity: 'conforms', tur }]);
      assert.ok(lines.join(' ').replaceAll(/\s+/g, ' ').includes(` · ${said} `), lines.join('\n'));
    }
  });

  it('say why one of them does not hold, unless that is said above', async () => {
    const reason = 'Report r states no measurement uncertainty of mass.';
    const lines = await shown([
      {},
      { quantity: 'mass', unit: '\\kilogram', uncertainty: null, counted: false, status: 'INCOMPLETE', reason },
    ]);
    assert.match(
      lines[3] ?? '',
      /^ {2}\? mass {2}0 to 100 kg, no usable U {2}INCOMPLETE · to nmi-north · not counted$/,
    );
    assert.equal(lines[4], `      ${reason}`);
    const verdict = await hierarchy.trace('sensor-a', { quantity: 'mass' });
    const text = traceTree(verdict, WIDE);
    assert.equal(text.split(verdict.reason).length, 3, 'in the header and at the edge only');
  });

  it('have the names of the certificate where one report gives several of a kind', async () => {
    const lines = await shown([{ name: 'Channel 1' }, { name: 'Channel 2' }]);
    const text = lines.join('\n');
    assert.match(text, /^ {2}✓ temperature \(Channel 1\) /m);
    assert.match(text, /^ {2}✓ temperature \(Channel 2\) /m);
  });

  it('are cut where there are many, and those that do not hold stay', async () => {
    const many = Array.from({ length: 20 }, (_, place): Partial<ResultVerdict> => ({ name: `Channel ${place}` }));
    const lines = await shown([...many, { name: 'Broken', status: 'FAILED', reason: 'It is broken.' }]);
    assert.match(lines.slice(2, 4).join(), /^ {2}✗ temperature \(Broken\).*FAILED/);
    assert.ok(lines.includes('  and 9 more: ask about one kind with --quantity, or see --json'), lines.join('\n'));
    assert.ok(!lines.some((line) => line.includes('Channel 12')));
  });

  it('say so where no values are stated', async () => {
    const [, , line] = await shown([{ range: null, uncertainty: { min: 0.05, max: 0.05 } }]);
    assert.match(line ?? '', /temperature {2}no values, U 0\.05 °C \(95 %, k = 2\) /);
  });

  it('are written without the noise of conversions', async () => {
    const [, , line] = await shown([{ range: { min: 0.1 + 0.2, max: 0.3 }, uncertainty: { min: 1e-7, max: 0.1 * 3 } }]);
    assert.match(line ?? '', /^ {2}✓ temperature {2}0\.3 °C, U 1e-7 to 0\.3 °C \(95 %, k = 2\)$/);
  });

  it('let nothing reach the terminal as a control sequence', async () => {
    const escape = '\u001b[2J';
    const argument = { name: escape, unit: escape, range: { min: 1, max: 2 } };
    const hostile = { name: escape, quantity: escape, unit: escape, arguments: [argument], roots: [escape] };
    const lines = await shown([{ ...hostile, status: 'FAILED', reason: escape }]);
    assert.doesNotMatch(lines.join(''), /\p{Cc}/u);
  });

  it('stand at every level of the tree, and the uncertainty grows from the institute to the device', async () => {
    const lines = traceTree(await hierarchy.trace('sensor-a'), PLAIN).split('\n');
    const levels = lines.flatMap(
      (line) => /^[ │]+temperature 0 to 100 °C, U ([\d.]+) °C \(95 %, k = 2\)$/.exec(line)?.[1] ?? [],
    );
    assert.deepEqual(levels, ['0.008', '0.004', '0.002', '0.001']);
  });

  it('have the report below its device where both are too long for one line', async () => {
    const verdict = await hierarchy.trace('sensor-a');
    const [first] = verdict.edges;
    assert.ok(first);
    const device = `oem-a/${'s'.repeat(30)}`;
    const lines = traceTree({ ...verdict, edges: [{ ...first, device }] }, PLAIN).split('\n');
    assert.deepEqual(lines.slice(4, 7), [
      `└─ ✓ ${device}`,
      '        oem-a/sensor-a-r1 · 2025-01-13 · oem-a, oem-a/t-oem-a',
      '        temperature 0 to 100 °C, U 0.008 °C (95 %, k = 2)',
    ]);
    assert.ok(lines.every((line) => line.length <= 80));
  });

  it('are cut at a level that gives many', async () => {
    const verdict = await hierarchy.trace('sensor-a');
    const gives = Array.from({ length: 7 }, (_, place) => ({ ...given, quantity: `kind-${place}` }));
    const edges = verdict.edges.map((edge) => ({ ...edge, gives }));
    const text = traceTree({ ...verdict, edges }, PLAIN);
    assert.match(text, /kind-3 0 to 100 °C, U 0\.05 °C \(95 %, k = 2\)\n.*and 3 more: see --json/);
    assert.doesNotMatch(text, /kind-4/);
  });
});
