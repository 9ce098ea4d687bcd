import assert from 'node:assert/strict';
import type { PaperResult, Parent, Result, Support } from '@tracecal/chaincode/model';
import type { ResultVerdict, Verdict } from '@tracecal/chaincode/trace';
import {
  addKilogram,
  cmcOf,
  massResult,
  paperParent,
  temperatureResult,
  temperatureScope,
  twoCountries,
} from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';

const ROOM: PaperResult = {
  quantity: 'relative-humidity',
  unit: '\\percent',
  min: 10,
  max: 90,
  uncertainty: { expanded: 2, coverageFactor: 2, coverageProbability: null },
};
const UNITS = {
  'dc-voltage': '\\volt',
  'dc-current': '\\ampere',
  resistance: '\\ohm',
  'voltage-ratio': '\\one',
  mass: '\\kilogram',
} as const;
type Kind = keyof typeof UNITS;

/** Values of a kind, with standard uncertainties; stated with k = 2. */
function result(quantity: Kind, rows: readonly (readonly [value: number, u: number])[], support?: Support): Result {
  return {
    name: quantity,
    quantity,
    unit: UNITS[quantity],
    rows: rows.map(([value, u]) => ({
      value,
      uncertainty: { expanded: 2 * u, coverageFactor: 2, coverageProbability: 0.95 },
    })),
    ...(support && { support }),
  };
}

/** Values that nothing can rest on. */
function bare(stated: Result): Result {
  return { ...stated, rows: stated.rows.map(({ value }) => ({ value, uncertainty: null })) };
}

describe('The results of a verdict', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await addKilogram(hierarchy);
    const quantities = ['temperature', ...Object.keys(UNITS)];
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await hierarchy.addTechnician({ id: `all-${organisation}`, organisation, quantities });
    }
    const lines = Object.entries(UNITS).map(([quantity, unit]) =>
      temperatureScope({ quantity, unit, min: 0, max: 1000, cmc: cmcOf(1e-15) }),
    );
    hierarchy.accredit('nmi-north', lines);
  });

  /** A device of the sensor maker, which needs no accreditation, with a calibration by it. */
  const device = async (id: string, spec: Partial<ReportSpec>) => {
    await hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed: '2025-06-01' };
    hierarchy.addReport({ ...report, ...spec });
  };

  /** A standard of the sensor maker, calibrated by the institute. */
  const standard = async (id: string, ...results: readonly Result[]) => {
    await hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 'all-nmi-north', performed: '2025-02-01' };
    hierarchy.addReport({ ...report, results });
    return `${id}-r`;
  };

  const outcome = async (id: string, options = {}) => {
    const { status, reason } = await hierarchy.trace(id, options);
    return `${status}: ${reason}`;
  };
  const found = ({ edges }: Verdict) =>
    edges.flatMap(({ findings }) => findings.map(({ check, outcome: what, reason }) => `${check} ${what}: ${reason}`));
  const told = ({ results }: Verdict) =>
    results.map(
      ({ quantity, status, counted }: ResultVerdict) => `${quantity} ${status}${counted ? '' : ' (informative)'}`,
    );

  describe('tell for each kind of quantity how it stands', () => {
    it('by which reports, for which reason and to which roots', async () => {
      hierarchy.addReport({
        id: 'south',
        device: 'reference-b',
        technician: 't-nmi-south',
        performed: '2025-02-01',
        results: [massResult(0.01)],
      });
      const parents = ['working-a-r1', 'south'];
      const results = [temperatureResult(0.1), massResult(0.02)];
      await device('probe', { parents, results });
      const verdict = await hierarchy.trace('probe');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.deepEqual(
        verdict.results.map(({ report, quantity, status, reason, roots }) => [report, quantity, status, reason, roots]),
        [
          ['oem-a/probe-r', 'mass', 'TRACEABLE', 'Traces to nmi-south.', ['nmi-south']],
          ['oem-a/probe-r', 'temperature', 'TRACEABLE', 'Traces to nmi-north.', ['nmi-north']],
        ],
      );
      assert.deepEqual(
        verdict.roots.map(({ organisation }) => organisation),
        ['nmi-north', 'nmi-south'],
      );
    });

    it('one by one: the worst decides about the device, and each can be asked about', async () => {
      const results = [temperatureResult(0.1), result('resistance', [[100, 1]])];
      await device('probe', { parents: ['working-a-r1'], results });
      const verdict = await hierarchy.trace('probe');
      assert.deepEqual(told(verdict), ['resistance INCOMPLETE', 'temperature TRACEABLE']);
      assert.match(verdict.reason, /probe-r, resistance: No source of this kind of quantity supports the result/);
      assert.match(await outcome('probe', { quantity: 'resistance' }), /^INCOMPLETE/);
      assert.match(await outcome('probe', { quantity: 'temperature' }), /^TRACEABLE/);
    });

    it('of all reports that the device relies on', async () => {
      await device('probe', { parents: ['working-a-r1'], results: [temperatureResult(0.1)] });
      const later = { id: 'weighed', device: 'probe', technician: 'all-oem-a', performed: '2025-07-01' };
      hierarchy.addReport({ ...later, parents: ['kilogram-r1'], results: [massResult(0.0001)] });
      const verdict = await hierarchy.trace('probe');
      assert.equal(verdict.status, 'FAILED');
      assert.deepEqual(
        verdict.results.map(({ report, quantity, status }) => [report, quantity, status]),
        [
          ['oem-a/weighed', 'mass', 'FAILED'],
          ['oem-a/probe-r', 'temperature', 'TRACEABLE'],
        ],
      );
    });

    it('but do not count a kind without uncertainty, unless it is asked for by name', async () => {
      const results = [temperatureResult(0.1), bare(massResult(1))];
      await device('probe', { parents: ['working-a-r1'], results });
      const verdict = await hierarchy.trace('probe');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.deepEqual(told(verdict), ['mass INCOMPLETE (informative)', 'temperature TRACEABLE']);
      assert.match(await outcome('probe', { quantity: 'mass' }), /^INCOMPLETE: .* no measurement uncertainty of mass/);
    });
  });

  describe('rest on references of their own kind', () => {
    it('so a weight is INCOMPLETE that rests on a thermometer only', async () => {
      await device('weight', { parents: ['working-a-r1'], results: [massResult(0.001)] });
      const verdict = await hierarchy.trace('weight');
      assert.equal(verdict.status, 'INCOMPLETE');
      assert.match(verdict.reason, /weight-r, Mass: No source of this kind of quantity supports the result/);
      assert.deepEqual([verdict.roots, verdict.results[0]?.roots], [[], []]);
    });

    it('so a thermometer beside the standard changes nothing while it stands', async () => {
      const parents = ['kilogram-r1', 'working-a-r1'];
      await device('weight', { parents, results: [massResult(0.001)] });
      assert.match(await outcome('weight'), /^TRACEABLE/);
    });

    for (const [how, said] of [
      ['was revoked', 'revocation'],
      ['is suspended', 'suspension'],
    ] as const) {
      it(`so a thermometer beside the standard that ${how} makes it INCOMPLETE, never FAILED`, async () => {
        const parents = ['kilogram-r1', 'working-a-r1'];
        await device('weight', { parents, results: [massResult(0.001)] });
        hierarchy.addStatement(said, ['device', 'working-a'], { reason: 'fraud' });
        const verdict = await hierarchy.trace('weight');
        assert.equal(verdict.status, 'INCOMPLETE');
        assert.match(
          verdict.reason,
          /working-a-r1 measured an influence and does not hold.* Device oem-a\/working-a is/,
        );
        hierarchy.addStatement(said, ['device', 'kilogram'], { reason: 'fraud' });
        assert.match(await outcome('weight'), /^FAILED: Device nmi-north\/kilogram is/);
      });
    }

    it('so a thermometer that is not on the ledger makes it INCOMPLETE, unless its share is declared and small', async () => {
      hierarchy.devices.delete('lab-alpha/reference-a');
      const uses = (share: number): Support => ({
        method: 'direct',
        uses: [
          { source: 0, role: 'reference' },
          { source: 1, quantity: 'temperature', role: 'influence', share },
        ],
      });
      for (const [id, share, expected] of [
        ['large', 0.02, 'INCOMPLETE'],
        ['small', 0.005, 'TRACEABLE'],
      ] as const) {
        const results = [{ ...massResult(0.001), support: uses(share) }];
        await device(id, { parents: ['kilogram-r1', 'working-a-r1'], results });
        assert.equal((await hierarchy.trace(id)).status, expected, id);
      }
    });

    it('so an influence on paper is a note', async () => {
      const parents = ['kilogram-r1', paperParent('H-1', [ROOM])];
      await device('weight', { parents, results: [massResult(0.001)] });
      const verdict = await hierarchy.trace('weight');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.ok(found(verdict).some((one) => /^support note: .*Certificate H-1 measured an influence/.test(one)));
    });

    it('so a described certificate on paper of their kind makes them ATTESTED, an undescribed one INCOMPLETE', async () => {
      await device('described', { parents: [paperParent('K-1')], results: [temperatureResult(0.1)] });
      assert.match(await outcome('described'), /^ATTESTED: Certificate K-1 is on paper: only the signatories/);
      await device('undescribed', { parents: [paperParent('K-1', [])], results: [temperatureResult(0.1)] });
      const open =
        /^INCOMPLETE: .*Certificate K-1 is on paper, and the report does not say what it certifies: describe/;
      assert.match(await outcome('undescribed'), open);
    });

    it('so what a certificate on paper says is compared like anything else', async () => {
      const uncertainty = { expanded: 0.2, coverageFactor: 2, coverageProbability: 0.95 };
      const paper = { quantity: 'temperature', unit: '\\degreecelsius', min: 0, max: 100, uncertainty };
      for (const [id, expanded, values, expected] of [
        ['sound', 0.2, [0, 100], 'ATTESTED'],
        ['rounded', 0.195, [0, 100], 'ATTESTED'],
        ['better', 0.18, [0, 100], 'FAILED'],
        ['beyond', 0.5, [0, 150], 'INCOMPLETE'],
      ] as const) {
        await device(id, { parents: [paperParent('K-1', [paper])], results: [temperatureResult(expanded, values)] });
        assert.equal((await hierarchy.trace(id)).status, expected, id);
      }
    });
  });

  describe('of an institute', () => {
    const institutes = (spec: Partial<ReportSpec>) =>
      device('customer', { technician: 'all-nmi-north', results: [temperatureResult(0.01)], ...spec });

    it('end there, whatever on paper or elsewhere it names', async () => {
      const external: Parent = { kind: 'external', certificate: 'DCC-7', sha256: null, equipment: '' };
      await institutes({ parents: [paperParent('K-1'), paperParent('K-2', []), external] });
      const verdict = await hierarchy.trace('customer');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.deepEqual(verdict.results[0]?.roots, ['nmi-north']);
    });

    it('end there, too, where it declares what on paper it made them with', async () => {
      const uses = [0, 1].map((source) => ({ source, role: 'reference' as const }));
      const results = [{ ...temperatureResult(0.01), support: { method: 'group' as const, uses } }];
      await institutes({ parents: [paperParent('K-1'), paperParent('K-2')], results });
      assert.match(await outcome('customer'), /^TRACEABLE/);
    });

    it('rest on its standards that are on the ledger', async () => {
      await institutes({ parents: [paperParent('K-1'), 'primary-a-r1'] });
      assert.match(await outcome('customer'), /^TRACEABLE/);
      hierarchy.addStatement('revocation', ['device', 'primary-a'], { reason: 'fraud' });
      assert.match(await outcome('customer'), /^FAILED: Device nmi-north\/primary-a is revoked/);
    });

    it('are ATTESTED outside its lines, and FAILED below its capability, whichever comes first', async () => {
      await institutes({ results: [temperatureResult(0.01, [0, 400])] });
      assert.match(await outcome('customer'), /^ATTESTED: Organisation nmi-north had no accreditation .* at 400 °C/);
      const below = { ...temperatureResult(1e-4, [20]), name: 'Second' };
      for (const results of [
        [temperatureResult(0.01, [400]), below],
        [below, temperatureResult(0.01, [400])],
      ]) {
        await institutes({ results });
        assert.match(await outcome('customer'), /^FAILED: Second .* claims less than the accreditation of nmi-north/);
      }
    });
  });

  describe('rest on what their laboratory declares', () => {
    const scaled = (exact = false): Support => ({
      method: 'scaled',
      uses: [
        { source: 0, role: 'reference' },
        ...(exact ? [{ source: 1, role: 'ratio' as const, quantity: 'voltage-ratio' }] : []),
      ],
    });

    for (const [u, expected] of [
      [15e-6, 'TRACEABLE'],
      [11e-6, 'TRACEABLE'],
      [10e-6, 'FAILED'],
    ] as const) {
      it(`is ${expected}: 100 ohm with u = ${u * 1e6} µohm, scaled from 10 ohm and a bridge with 11.2 µohm`, async () => {
        const parents = [
          await standard('ten-ohm', result('resistance', [[10, 1e-6]])),
          await standard('bridge', result('voltage-ratio', [[10, 5e-7]])),
        ];
        await device('hundred-ohm', { parents, results: [result('resistance', [[100, u]], scaled(true))] });
        assert.match(await outcome('hundred-ohm'), new RegExp(`^${expected}`));
      });
    }

    it('a milligram from a kilogram is INCOMPLETE until it is declared as scaled', async () => {
      const milligram = (support?: Support) => result('mass', [[1e-6, 3e-10]], support);
      const parents = [await standard('kg', result('mass', [[1, 7.5e-9]]))];
      await device('undeclared', { parents, results: [milligram()] });
      assert.match(await outcome('undeclared'), /^INCOMPLETE: .*mass at 0.000001 kg: No reference was calibrated/);
      await device('declared', { parents, results: [milligram(scaled())] });
      assert.match(await outcome('declared'), /^TRACEABLE/);
      assert.ok(
        found(await hierarchy.trace('declared')).some((one) => one.includes('The source of the ratio is not named')),
      );
    });

    const group: Support = { method: 'group', uses: [0, 1, 2, 3].map((source) => ({ source, role: 'reference' })) };
    for (const [u, support, expected] of [
      [1.3e-6, group, 'TRACEABLE'],
      [0.97e-6, group, 'TRACEABLE'],
      [1.3e-6, undefined, 'INCOMPLETE'],
      [0.9e-6, group, 'FAILED'],
      [0.9e-6, undefined, 'FAILED'],
    ] as const) {
      it(`10 V with u = ${u * 1e6} µV from four of 2 µV, ${support ? 'as a group' : 'undeclared'}, is ${expected}`, async () => {
        const zeners = ['z-0', 'z-1', 'z-2', 'z-3'].map((id) => standard(id, result('dc-voltage', [[10, 2e-6]])));
        const parents: string[] = [];
        for (const zener of zeners) parents.push(await zener);
        await device('voltmeter', { parents, results: [result('dc-voltage', [[10, u]], support)] });
        assert.match(await outcome('voltmeter'), new RegExp(`^${expected}`));
      });
    }

    it('a zero that needs no reference leads to no institute by itself', async () => {
      const natural = (values: readonly number[], support: Support) => [
        result(
          'dc-voltage',
          values.map((value) => [value, 1e-9]),
          support,
        ),
      ];
      await device('zero', { results: natural([0], { method: 'natural', uses: [] }) });
      assert.match(await outcome('zero'), /^INCOMPLETE: .* rests on nothing which leads to a National Metrology/);
      const parents = [await standard('volt', result('dc-voltage', [[10, 1e-9]]))];
      const direct: Support = { method: 'direct', uses: [{ source: 0, role: 'reference' }] };
      await device('meter', { parents, results: natural([0, 10], direct) });
      assert.match(await outcome('meter'), /^TRACEABLE/);
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
          await standard('volt', result('dc-voltage', [[0.1, 2e-7]])),
          await standard('shunt', result('resistance', [[0.1, 5e-7]])),
        ];
        await device('ammeter', { parents, results: [result('dc-current', [[1, u]], support)] });
      };

      for (const [u, expected] of [
        [7e-6, 'TRACEABLE'],
        [5.2e-6, 'TRACEABLE'],
        [4e-6, 'FAILED'],
      ] as const) {
        it(`is ${expected}: 1 A with u = ${u * 1e6} µA from 0.1 V and 0.1 ohm, which give 5.39 µA`, async () => {
          await meter(u);
          assert.match(await outcome('ammeter'), new RegExp(`^${expected}`));
        });
      }

      it('ends where its inputs end', async () => {
        await meter(7e-6);
        const { reason, roots, results } = await hierarchy.trace('ammeter');
        assert.equal(reason, 'Traces over 2 levels to nmi-north.');
        assert.deepEqual(
          roots.map(({ organisation }) => organisation),
          ['nmi-north'],
        );
        assert.deepEqual([results[0]?.reason, results[0]?.roots], ['Traces to nmi-north.', ['nmi-north']]);
      });

      it('rests on all of its inputs', async () => {
        await meter(7e-6);
        hierarchy.addStatement('revocation', ['device', 'shunt'], { reason: 'fraud' });
        assert.match(await outcome('ammeter'), /^FAILED: Device oem-a\/shunt is revoked/);
        hierarchy.devices.delete('oem-a/shunt');
        assert.match(await outcome('ammeter'), /^INCOMPLETE: Report nmi-north\/shunt-r of device oem-a\/shunt is not/);
      });

      it('is INCOMPLETE with an exponent that does not give its unit', async () => {
        const uses = ohms.uses.map((use) => ({ ...use, exponent: 1 }));
        await meter(7e-6, { ...ohms, uses });
        assert.match(await outcome('ammeter'), /^INCOMPLETE: .*do not give the unit of the result/);
      });

      it('is INCOMPLETE without a declaration, by either input', async () => {
        await device('plain', {
          parents: [
            await standard('volt', result('dc-voltage', [[0.1, 2e-7]])),
            await standard('shunt', result('resistance', [[0.1, 5e-7]])),
          ],
          results: [result('dc-current', [[1, 7e-6]])],
        });
        assert.match(await outcome('plain'), /^INCOMPLETE: .*No source of this kind of quantity supports the result/);
      });

      it('of an institute rests on its inputs, not on its own word', async () => {
        const parents = [
          await standard('volt', result('dc-voltage', [[0.1, 2e-7]])),
          await standard('shunt', result('resistance', [[0.1, 5e-7]])),
        ];
        const results = [result('dc-current', [[1, 4e-6]], ohms)];
        await device('ammeter', { parents, technician: 'all-nmi-north', results });
        assert.match(await outcome('ammeter'), /^FAILED: .*better than the references allow/);
      });
    });
  });

  describe('of a certificate that does not show its standards', () => {
    /** A certificate of a laboratory as somebody imports it, with or without the claim of an accreditation. */
    const imported = async (spec: Partial<ReportSpec>, isClaimed: boolean) => {
      await hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
      const report = { id: 'old-r', device: 'old', technician: 'all-lab-alpha', performed: '2025-06-01', ...spec };
      const { body, ...payload } = hierarchy.payload({ results: [massResult(0.001)], ...report });
      const claim = isClaimed ? { accredited: { body: 'DAkkS', number: 'D-K-1' } } : {};
      const statement = { ...payload, body: { ...body, imported: true as const, ...claim } };
      hierarchy.file(statement, hierarchy.sign(statement), {});
    };
    const external: Parent = { kind: 'external', certificate: 'DCC-7', sha256: null, equipment: '' };

    for (const [title, parents] of [
      ['names none', []],
      ['names one that is digital elsewhere', [external]],
      ['names one on paper that nobody describes', [paperParent('K-1', [])]],
      ['names a thermometer only', ['working-a-r1']],
    ] as const) {
      it(`are ATTESTED by the accreditation that it claims, INCOMPLETE without the claim, where it ${title}`, async () => {
        await imported({ parents }, true);
        assert.match(await outcome('old'), /^ATTESTED: .*rests on the accreditation of the laboratory/);
        await imported({ parents }, false);
        assert.match(await outcome('old'), /^INCOMPLETE/);
      });
    }

    it('are INCOMPLETE outside the lines, FAILED below the capability', async () => {
      await imported({ results: [massResult(0.001, [1, 200])] }, true);
      assert.match(await outcome('old'), /^INCOMPLETE: Organisation lab-alpha had no accreditation .* at 200 kg/);
      await imported({ results: [massResult(1e-4)] }, true);
      assert.match(await outcome('old'), /^FAILED: .* claims less than the accreditation of lab-alpha/);
    });

    it('fail by a named standard that failed, whatever is claimed', async () => {
      await imported({ parents: ['kilogram-r1', external] }, true);
      assert.match(await outcome('old'), /^ATTESTED/);
      hierarchy.addStatement('revocation', ['device', 'kilogram'], { reason: 'fraud' });
      assert.match(await outcome('old'), /^FAILED: Device nmi-north\/kilogram is revoked/);
    });
  });
});
