import assert from 'node:assert/strict';
import type { Support } from '@tracecal/core/model';
import { resultOf, Workshop } from '../../support/workshop.js';

describe('A result whose laboratory declares how it was made', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  const scaled = (exact = false): Support => ({
    method: 'scaled',
    uses: [
      { source: 0, role: 'reference' },
      ...(exact ? [{ source: 1, role: 'ratio' as const, quantity: 'voltage-ratio' }] : []),
    ],
  });

  for (const [u, expected] of [
    [15, 'TRACEABLE'],
    [11, 'TRACEABLE'],
    [10, 'FAILED'],
  ] as const) {
    it(`is ${expected}: 100 ohm with u = ${u} µohm, scaled from 10 ohm and a bridge with 11.2 µohm`, async () => {
      const parents = [
        await workshop.standard('ten-ohm', resultOf('resistance', [[10, 1e-6]])),
        await workshop.standard('bridge', resultOf('voltage-ratio', [[10, 5e-7]])),
      ];
      await workshop.device('hundred-ohm', {
        parents,
        results: [resultOf('resistance', [[100, u * 1e-6]], scaled(true))],
      });
      assert.match(await workshop.outcome('hundred-ohm'), new RegExp(`^${expected}`));
    });
  }

  it('rests on a bridge although no role is declared: a scaled result makes what gives ratios only its ratio', async () => {
    const parents = [
      await workshop.standard('ten-ohm', resultOf('resistance', [[10, 1e-6]])),
      await workshop.standard('bridge', resultOf('voltage-ratio', [[10, 5e-7]])),
      await workshop.standard('clock', resultOf('frequency', [[50, 0.1]])),
    ];
    for (const [u, expected] of [
      [15, 'TRACEABLE'],
      [10, 'FAILED'],
    ] as const) {
      const results = [resultOf('resistance', [[100, u * 1e-6]], { method: 'scaled', uses: [] })];
      await workshop.device(`hundred-ohm-${u}`, { parents, results });
      assert.match(await workshop.outcome(`hundred-ohm-${u}`), new RegExp(`^${expected}`));
    }
  });

  it('is INCOMPLETE for 1000 ohm from 10 ohm by a bridge for 1:1 to 10:1, stated or not', async () => {
    const parents = [
      await workshop.standard('ten-ohm', resultOf('resistance', [[10, 1e-6]])),
      await workshop.standard('bridge', resultOf('voltage-ratio', [[1, 5e-7], [10, 5e-7]])), // prettier-ignore
    ];
    const [reference, bridge] = scaled(true).uses;
    for (const [id, at] of [
      ['hidden', null],
      ['stated', [100]],
    ] as const) {
      // prettier-ignore
      const uses = [reference!, { ...bridge!, ...(at && { at }) }];
      const thousand = resultOf('resistance', [[1000, 1]], { method: 'scaled', uses });
      await workshop.device(id, { parents, results: [thousand] });
    }
    assert.match(
      await workshop.outcome('hidden'),
      /^INCOMPLETE: .*This value is 100 times that of its standard, but report \S+ .*was calibrated for 1 to 10 only\./,
    );
    assert.match(await workshop.outcome('stated'), /^INCOMPLETE/);
  });

  it('is INCOMPLETE for a milligram from a kilogram until it is declared as scaled', async () => {
    const milligram = (support?: Support) => resultOf('mass', [[1e-6, 3e-10]], support);
    const parents = [await workshop.standard('kg', resultOf('mass', [[1, 7.5e-9]]))];
    await workshop.device('undeclared', { parents, results: [milligram()] });
    assert.match(
      await workshop.outcome('undeclared'),
      /^INCOMPLETE: .*mass at 0.000001 kg: No reference was calibrated at this place, only at 1 kg\. /,
    );
    await workshop.device('declared', { parents, results: [milligram(scaled())] });
    assert.match(await workshop.outcome('declared'), /^TRACEABLE/);
    assert.ok((await workshop.said('declared')).some((one) => one.includes('The source of the ratio is not named')));
  });

  const group: Support = { method: 'group', uses: [0, 1, 2, 3].map((source) => ({ source, role: 'reference' })) };
  for (const [u, support, expected] of [
    [1.3, group, 'TRACEABLE'],
    [0.97, group, 'TRACEABLE'],
    [1.3, undefined, 'INCOMPLETE'],
    [0.9, group, 'FAILED'],
    [0.9, undefined, 'FAILED'],
  ] as const) {
    it(`is ${expected}: 10 V with u = ${u} µV from four of 2 µV, ${support ? 'as a group' : 'undeclared'}`, async () => {
      const zeners = ['z-0', 'z-1', 'z-2', 'z-3'].map((id) =>
        workshop.standard(id, resultOf('dc-voltage', [[10, 2e-6]])),
      );
      const parents: string[] = [];
      for (const zener of zeners) parents.push(await zener);
      await workshop.device('voltmeter', { parents, results: [resultOf('dc-voltage', [[10, u * 1e-6]], support)] });
      assert.match(await workshop.outcome('voltmeter'), new RegExp(`^${expected}`));
    });
  }

  it('leads to no institute by a zero alone, which needs no reference', async () => {
    const natural = (values: readonly number[], support: Support) => [
      resultOf(
        'dc-voltage',
        values.map((value) => [value, 1e-9]),
        support,
      ),
    ];
    await workshop.device('zero', { results: natural([0], { method: 'natural', uses: [] }) });
    assert.match(
      await workshop.outcome('zero'),
      /^INCOMPLETE: .* nothing that it rests on leads to a National Metrology/,
    );
    const parents = [await workshop.standard('volt', resultOf('dc-voltage', [[10, 1e-9]]))];
    const direct: Support = { method: 'direct', uses: [{ source: 0, role: 'reference' }] };
    await workshop.device('meter', { parents, results: natural([0, 10], direct) });
    assert.match(await workshop.outcome('meter'), /^TRACEABLE/);
  });

  describe('as a product of other kinds', () => {
    const ohms: Support = {
      method: 'product',
      uses: [
        { source: 0, quantity: 'dc-voltage', role: 'input', exponent: 1, at: [0.1] },
        { source: 1, quantity: 'resistance', role: 'input', exponent: -1, at: [0.1] },
      ],
    };
    const meter = async (u: number, support: Support | undefined = ohms) => {
      const parents = [
        await workshop.standard('volt', resultOf('dc-voltage', [[0.1, 2e-7]])),
        await workshop.standard('shunt', resultOf('resistance', [[0.1, 5e-7]])),
      ];
      await workshop.device('ammeter', { parents, results: [resultOf('dc-current', [[1, u]], support)] });
    };

    for (const [u, expected] of [
      [7, 'TRACEABLE'],
      [5.2, 'TRACEABLE'],
      [4, 'FAILED'],
    ] as const) {
      it(`is ${expected}: 1 A with u = ${u} µA from 0.1 V and 0.1 ohm, which give 5.39 µA`, async () => {
        await meter(u * 1e-6);
        assert.match(await workshop.outcome('ammeter'), new RegExp(`^${expected}`));
      });
    }

    it('ends where its inputs end', async () => {
      await meter(7e-6);
      const { reason, roots, results } = await workshop.hierarchy.trace('ammeter');
      assert.equal(reason, 'Traces over 2 levels to nmi-north.');
      assert.deepEqual(
        roots.map(({ organisation }) => organisation),
        ['nmi-north'],
      );
      assert.deepEqual([results[0]?.reason, results[0]?.roots], ['Traces to nmi-north.', ['nmi-north']]);
    });

    it('rests on all of its inputs', async () => {
      await meter(7e-6);
      workshop.hierarchy.addStatement('revocation', ['device', 'shunt'], { reason: 'fraud' });
      assert.match(await workshop.outcome('ammeter'), /^FAILED: Device oem-a\/shunt is revoked/);
      workshop.hierarchy.devices.delete('oem-a/shunt');
      assert.match(
        await workshop.outcome('ammeter'),
        /^INCOMPLETE: Report nmi-north\/shunt-r of device oem-a\/shunt is not/,
      );
    });

    it('is INCOMPLETE with an exponent that does not give its unit', async () => {
      const uses = ohms.uses.map((use) => ({ ...use, exponent: 1 }));
      await meter(7e-6, { ...ohms, uses });
      assert.match(await workshop.outcome('ammeter'), /^INCOMPLETE: .*do not give the unit of the result/);
    });

    it('is INCOMPLETE without a declaration, by either input', async () => {
      await workshop.device('plain', {
        parents: [
          await workshop.standard('volt', resultOf('dc-voltage', [[0.1, 2e-7]])),
          await workshop.standard('shunt', resultOf('resistance', [[0.1, 5e-7]])),
        ],
        results: [resultOf('dc-current', [[1, 7e-6]])],
      });
      assert.match(
        await workshop.outcome('plain'),
        /^INCOMPLETE: .*No source of this kind of quantity supports the result/,
      );
    });

    it('of an institute rests on its inputs, not on its own word', async () => {
      const parents = [
        await workshop.standard('volt', resultOf('dc-voltage', [[0.1, 2e-7]])),
        await workshop.standard('shunt', resultOf('resistance', [[0.1, 5e-7]])),
      ];
      const results = [resultOf('dc-current', [[1, 4e-6]], ohms)];
      await workshop.device('ammeter', { parents, technician: 'all-nmi-north', results });
      assert.match(await workshop.outcome('ammeter'), /^FAILED: .*smaller than the references allow/);
    });
  });
});
