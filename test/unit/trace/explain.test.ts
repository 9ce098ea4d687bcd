import assert from 'node:assert/strict';
import type { Result, Support } from '@tracecal/core/model';
import { checks } from '@tracecal/core/trace';
import type { Verdict } from '@tracecal/core/trace';
import { traceTree } from '@tracecal/cli';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';
import { WIDE } from '../../support/wide.js';

describe('A trace that explains itself', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const explained = () => hierarchy.trace('sensor-a', { explain: true });

  /** What was compared at the device's own report, or at one above it. */
  const comparedAt = (verdict: Verdict, level = 1): readonly string[] =>
    verdict.edges.find((edge) => edge.level === level)?.compared ?? [];

  const recalibrate = (results: readonly Result[]) => {
    hierarchy.addReport({
      id: 'next',
      device: 'sensor-a',
      technician: 't-oem-a',
      parents: ['working-a-r1'],
      performed: '2025-06-01',
      results,
    });
  };

  const assertSaid = (sentences: readonly string[], said: RegExp) => {
    assert.ok(
      sentences.some((sentence) => said.test(sentence)),
      `${said.source} is not among:\n${sentences.join('\n')}`,
    );
  };

  it('gives the same verdict as one that does not, and no other says what it compared', async () => {
    const plain = await hierarchy.trace('sensor-a');
    const { edges, ...rest } = await explained();
    const without = edges.map(({ compared, ...edge }) => {
      assert.ok(compared && compared.length > 0);
      return edge;
    });
    assert.deepEqual({ ...rest, edges: without }, plain);
    assert.ok(plain.edges.every((edge) => !('compared' in edge)));
  });

  it('says at every level what each check compared, also where it holds', async () => {
    const named = comparedAt(await explained(), 2).map((sentence) => sentence.split(':')[0]);
    // An amendment is a finding where there is one.
    const expected = checks.map(({ name }) => name).filter((name) => name !== 'amendment');
    assert.deepEqual(
      expected.filter((name) => !named.includes(name)),
      [],
    );
  });

  it('shows the uncertainty of a row with its floor, its class, its source and the title it rests on', async () => {
    assertSaid(
      comparedAt(await explained()),
      /^support: Report oem-a\/sensor-a-r1, Temperature at 20 °C: undeclared: u = 0\.004 °C, floor 0\.002 °C, u\/floor = 2, from report lab-alpha\/working-a-r1 with 0\.002 °C \(JCGM 100 \(GUM\), law of propagation of uncertainty\)\.$/,
    );
  });

  describe('of results that are computed from others', () => {
    let workshop: Workshop;
    before(async () => {
      workshop = await Workshop.open();
    });
    const supportOf = async (id: string) => {
      const verdict = await workshop.hierarchy.trace(id, { explain: true });
      return comparedAt(verdict).filter((sentence) => sentence.startsWith('support:'));
    };

    it('shows what standards of a product contribute in the unit of the result', async () => {
      const voltage = await workshop.standard('volt', resultOf('dc-voltage', [[0.2, 2e-7]]));
      const shunt = await workshop.standard('shunt', resultOf('resistance', [[0.1, 5e-7]]));
      const current = resultOf('dc-current', [[2, 0.00002]], {
        method: 'product',
        uses: [
          { source: 0, role: 'input', quantity: 'dc-voltage', exponent: 1 },
          { source: 1, role: 'input', quantity: 'resistance', exponent: -1 },
        ],
      });
      await workshop.device('meter', { parents: [voltage, shunt], results: [current] });
      assertSaid(
        await supportOf('meter'),
        /product: u = 0\.00002 A, .* from report nmi-north\/volt-r with 0\.000002 A, report nmi-north\/shunt-r with 0\.00001 A/,
      );
    });

    it('shows what parts of a sum contribute in the unit of the result', async () => {
      const first = await workshop.standard('gram', { ...resultOf('mass', [[100, 0.001]]), unit: '\\gram' });
      const second = await workshop.standard('kilo', resultOf('mass', [[1, 0.00001]]));
      const sum = resultOf('mass', [[1.1, 0.00002]], {
        method: 'sum',
        uses: [
          { source: 0, role: 'reference' },
          { source: 1, role: 'reference' },
        ],
      });
      await workshop.device('both', { parents: [first, second], results: [sum] });
      assertSaid(
        await supportOf('both'),
        /sum: u = 0\.00002 kg, .* from report nmi-north\/gram-r with 0\.000001 kg, report nmi-north\/kilo-r with 0\.00001 kg/,
      );
    });

    it('writes no unit after a plain number', async () => {
      const divider = await workshop.standard('divider', resultOf('voltage-ratio', [[0.1, 1e-6]]));
      await workshop.device('ratio', { parents: [divider], results: [resultOf('voltage-ratio', [[0.1, 1e-5]])] });
      assertSaid(
        await supportOf('ratio'),
        /voltage-ratio at 0\.1: undeclared: u = 0\.00001, floor 0\.000001, u\/floor = 10,/,
      );
    });
  });

  it('shows the uncertainty at 95 % with the capability of the laboratory', async () => {
    assertSaid(
      comparedAt(await explained(), 2),
      /^scope: Accreditation of lab-alpha on 2025-01-12, report lab-alpha\/working-a-r1, Temperature at 20 °C: U at 95 % 0\.004 °C .* CMC 0\.0005 °C at 20 °C/,
    );
  });

  it('shows the dates of the work, of its registration and of the recalibration', async () => {
    const said = comparedAt(await explained());
    assertSaid(said, /^chronology: .* performed from 2025-01-13 to 2025-01-13, .* registered on 2025-01-13\.$/);
    assertSaid(said, /^interval: .* no interval is set; it is used on 2026-01-01\.$/);
    const limited = await hierarchy.trace('sensor-a', { explain: true, intervalDays: 365 });
    assertSaid(
      comparedAt(limited),
      /^interval: .* recalibration is due on 2026-01-13 \(the asker.s interval\); it is used on 2026-01-01\.$/,
    );
  });

  const withLimits = (limit: number): Result => {
    const result = temperatureResult(0.008, [20]);
    return {
      ...result,
      rows: result.rows.map((row) => ({ ...row, error: 0.01 })),
      conformity: { of: 'error', limits: { kind: 'tolerance', lower: [-limit], upper: [limit] } },
    };
  };

  it('says where a conformity is worth little because U exceeds the limits', async () => {
    recalibrate([
      { ...withLimits(0.05), rows: temperatureResult(0.08, [20]).rows.map((row) => ({ ...row, error: 0 })) },
    ]);
    assertSaid(comparedAt(await explained()), /: it conforms, by the simple rule, .*, but U exceeds the limits\.$/);
  });

  it('shows the limits of a specification beside the numbers', async () => {
    recalibrate([withLimits(0.05)]);
    const said = comparedAt(await explained());
    assertSaid(said, /^conformity: .*, Temperature: it conforms, by the simple rule, because no rule is stated\.$/);
    assertSaid(
      said,
      /at 20 °C: it conforms; error 0\.01 °C, limits -0\.05 to 0\.05 °C, test uncertainty ratio 6\.25\.$/,
    );
  });

  it('says of a pass without limits that no limits are stated', async () => {
    recalibrate([{ ...temperatureResult(0.008, [20]), conformity: { of: 'value', overall: 'pass' } }]);
    const said = comparedAt(await explained());
    assertSaid(
      said,
      /^conformity: .*, Temperature: it is stated as a pass without limits, so that it cannot be recomputed\.$/,
    );
    assertSaid(
      said,
      /^conformity: .* at 20 °C: it cannot be decided from its numbers, because no limits are stated; value 20 °C, limits not stated\.$/,
    );
  });

  it('says that a formula is not compared where its inputs do not state their places', async () => {
    const uses: Support['uses'] = [{ source: 0, role: 'input', exponent: 1 }];
    recalibrate([{ ...temperatureResult(0.008, [20]), support: { method: 'product', uses } }]);
    assertSaid(comparedAt(await explained()), /^support: .*: where an input was used is not stated \("at"\)\./);
    recalibrate([
      { ...temperatureResult(0.008, [20]), support: { method: 'product', uses: [{ ...uses[0]!, at: [20] }] } },
    ]);
    assert.ok(!comparedAt(await explained()).some((line) => line.includes('is not stated ("at")')));
  });

  it('names what a row was measured at', async () => {
    const result = temperatureResult(0.008, [20]);
    recalibrate([
      {
        ...result,
        arguments: [
          { name: 'depth', role: 'physical', quantity: 'length', unit: '\\metre' },
          { name: 'channel', role: 'setting' },
        ],
        rows: result.rows.map((row) => ({ ...row, at: [0.2, 'A'] })),
      },
    ]);
    assertSaid(comparedAt(await explained()), /^support: .* at 20 °C, depth 0\.2 m, channel A: /);
  });

  it('tells some rows of a long table, and of the others the closest one', async () => {
    const values = Array.from({ length: 40 }, (_, place) => place);
    const result = temperatureResult(0.02, values);
    const closer = { expanded: 0.005, coverageFactor: 2, coverageProbability: 0.95 };
    recalibrate([
      { ...result, rows: result.rows.map((row) => (row.value === 33 ? { ...row, uncertainty: closer } : row)) },
    ]);
    const said = comparedAt(await explained()).filter((sentence) => sentence.startsWith('support:'));
    assert.equal(said.length, 10);
    assert.match(said[8] ?? '', /at 33 °C: .* u\/floor = 1\.25/);
    assert.match(said[9] ?? '', /and 31 more rows, none of them closer\.$/);
  });

  it('shows it on a terminal below each report', async () => {
    const text = traceTree(await explained(), WIDE);
    assert.match(text, /· support: Report oem-a\/sensor-a-r1, Temperature at 20 °C: undeclared: u = 0\.004 °C/);
    assert.doesNotMatch(traceTree(await hierarchy.trace('sensor-a'), WIDE), /support:/);
  });
});
