import assert from 'node:assert/strict';
import type { AccreditationLine, Cmc } from '@tracecal/core/model';
import { cmc } from '@tracecal/core/trace';
import { lineOf, rowOf, voltageLine, voltageRow, workOn } from '../../../support/accreditationLines.js';

/** The CMC that a row was held against. */
function cmcOf(line: AccreditationLine, row: cmc.MeasuredRow): number {
  const judgement = cmc.judge(row, [line], workOn());
  assert.ok(judgement.outcome !== 'missing');
  return judgement.compared.cmc;
}

function assertCmc(line: AccreditationLine, row: cmc.MeasuredRow, wanted: number): void {
  const found = cmcOf(line, row);
  assert.ok(Math.abs(found - wanted) <= 1e-12 * wanted, `${found} is not ${wanted}`);
}

describe('The CMC of a line', () => {
  const TABLE: Cmc = {
    form: 'table',
    relative: false,
    of: null,
    points: [
      { at: -80, cmc: 0.03 },
      { at: 0, cmc: 0.01 },
      { at: 420, cmc: 0.05 },
    ],
  };

  it('is a constant', () => {
    assertCmc(lineOf(), rowOf(), 0.01);
  });

  it('is a part of the magnitude where it is relative', () => {
    const line = lineOf({ cmc: { form: 'constant', relative: true, value: 0.005 } });
    assertCmc(line, rowOf({ value: -40 }), 0.2);
  });

  it('is interpolated between the nodes of a table', () => {
    assertCmc(lineOf({ cmc: TABLE }), rowOf({ value: -20 }), 0.015);
    assertCmc(lineOf({ cmc: TABLE }), rowOf({ value: 210 }), 0.03);
  });

  it('equals the table at its nodes and ends', () => {
    for (const [value, wanted] of [
      [-80, 0.03],
      [0, 0.01],
      [420, 0.05],
    ] as const) {
      assertCmc(lineOf({ cmc: TABLE }), rowOf({ value }), wanted);
    }
  });

  it('is interpolated over an argument, in its unit', () => {
    const points = [
      { at: 10, cmc: 0.01 },
      { at: 1e5, cmc: 0.03 },
    ];
    const line = voltageLine({ cmc: { form: 'table', relative: true, of: 'frequency', points } });
    assertCmc(line, voltageRow(50_005), 0.2);
    const kilohertz = [{ name: 'f', quantity: 'frequency', unit: '\\kilo\\hertz', value: 50.005 }];
    assertCmc(line, voltageRow(0, { at: kilohertz }), 0.2);
  });

  it('is a + b |x| as a sum', () => {
    const linear: Cmc = { form: 'linear', a: 0.01, terms: [{ of: null, b: 1e-4 }], combined: 'sum' };
    assertCmc(lineOf({ cmc: linear }), rowOf({ value: -50 }), 0.015);
  });

  it('is a + b |x| as a root of squares', () => {
    const linear: Cmc = { form: 'linear', a: 0.003, terms: [{ of: null, b: 1e-4 }], combined: 'root-sum-square' };
    assertCmc(lineOf({ cmc: linear }), rowOf({ value: 40 }), 0.005);
  });

  it('adds parts of several variables', () => {
    const terms = [
      { of: null, b: 1e-5 },
      { of: 'frequency', b: 1e-9 },
    ];
    const [sum, root] = (['sum', 'root-sum-square'] as const).map((combined) =>
      voltageLine({ cmc: { form: 'linear', a: 2e-5, terms, combined } }),
    );
    assertCmc(sum!, voltageRow(1000), 2e-5 + 1e-4 + 1e-6);
    assertCmc(root!, voltageRow(1000), Math.sqrt(4e-10 + 1e-8 + 1e-12));
  });

  it('is interpolated in both directions of a matrix', () => {
    const matrix: Cmc = {
      form: 'matrix',
      relative: false,
      of: [null, 'frequency'],
      rows: [0, 20, 1000],
      columns: [10, 1000, 1e5],
      cmc: [
        [1, 2, 3],
        [3, 6, 9],
        [9, 9, 9],
      ],
    };
    const line = voltageLine({ cmc: matrix });
    assertCmc(line, voltageRow(1000), 4);
    assertCmc(line, voltageRow(505), 3);
    assertCmc(line, voltageRow(1e5, { value: 20 }), 9);
    assertCmc(line, voltageRow(10, { value: 0 }), 1);
    assertCmc(line, voltageRow(1e5, { value: 1000 }), 9);
  });
});
