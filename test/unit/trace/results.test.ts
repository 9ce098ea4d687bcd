import assert from 'node:assert/strict';
import type { PaperResult, Parent, Result, Support } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { massResult, paperParent, temperatureResult } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';
import { resultOf, Workshop } from '../../support/workshop.js';

const ROOM: PaperResult = {
  quantity: 'relative-humidity',
  unit: '\\percent',
  min: 10,
  max: 90,
  uncertainty: { expanded: 2, coverageFactor: 2, coverageProbability: null },
};
/** Values that nothing can rest on. */
function bare(stated: Result): Result {
  return { ...stated, rows: stated.rows.map(({ value }) => ({ value, uncertainty: null })) };
}

describe('The results of a verdict', () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
  });

  it('are those that were signed, whatever a later day works out from them', async () => {
    const { hierarchy } = workshop;
    await hierarchy.addDevice({ id: 'probe', technician: 't-oem-a' });
    const report = { id: 'probe-r', device: 'probe', technician: 't-oem-a', parents: ['working-a-r1'] };
    const { body, ...payload } = hierarchy.payload({ ...report, results: [temperatureResult(0.1)] });
    const results = body.results.map(({ extents, ...each }) => ({
      ...each,
      foundOutOfLimits: true as const,
      ...(extents && { extents: extents.map((extent) => ({ ...extent, max: extent.max + 1e-9 })) }),
    }));
    const statement = { ...payload, body: { ...body, results } };
    hierarchy.file(statement, hierarchy.sign(statement), { ...report, results: [temperatureResult(0.1)] });
    assert.match(await workshop.outcome('probe'), /^TRACEABLE/);
    hierarchy.resultsOfReports.set('oem-a/probe-r', new Map([['temperature', [temperatureResult(0.2)]]]));
    assert.doesNotMatch(await workshop.outcome('probe'), /^TRACEABLE/);
  });

  const told = ({ results }: Verdict) =>
    results.map(({ quantity, status, counted }) => `${quantity} ${status}${counted ? '' : ' (informative)'}`);

  describe('tell for each kind of quantity how it stands', () => {
    it('by which reports, for which reason and to which roots', async () => {
      workshop.hierarchy.addReport({
        id: 'south',
        device: 'reference-b',
        technician: 't-nmi-south',
        performed: '2025-02-01',
        results: [massResult(0.01)],
      });
      const parents = ['working-a-r1', 'south'];
      const results = [temperatureResult(0.1), massResult(0.02)];
      await workshop.device('probe', { parents, results });
      const verdict = await workshop.hierarchy.trace('probe');
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
      const results = [temperatureResult(0.1), resultOf('resistance', [[100, 1]])];
      await workshop.device('probe', { parents: ['working-a-r1'], results });
      const verdict = await workshop.hierarchy.trace('probe');
      assert.deepEqual(told(verdict), ['resistance INCOMPLETE', 'temperature TRACEABLE']);
      assert.match(verdict.reason, /probe-r, resistance: No source of this kind of quantity supports the result/);
      assert.match(await workshop.outcome('probe', { quantity: 'resistance' }), /^INCOMPLETE/);
      assert.match(await workshop.outcome('probe', { quantity: 'temperature' }), /^TRACEABLE/);
    });

    it('of all reports that the device relies on', async () => {
      await workshop.device('probe', { parents: ['working-a-r1'], results: [temperatureResult(0.1)] });
      const later = { id: 'weighed', device: 'probe', technician: 'all-oem-a', performed: '2025-07-01' };
      workshop.hierarchy.addReport({ ...later, parents: ['kilogram-r1'], results: [massResult(0.0001)] });
      const verdict = await workshop.hierarchy.trace('probe');
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
      await workshop.device('probe', { parents: ['working-a-r1'], results });
      const verdict = await workshop.hierarchy.trace('probe');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.deepEqual(told(verdict), ['mass INCOMPLETE (informative)', 'temperature TRACEABLE']);
      assert.match(
        await workshop.outcome('probe', { quantity: 'mass' }),
        /^INCOMPLETE: .* no measurement uncertainty of mass/,
      );
    });
  });

  describe('rest on references of their own kind', () => {
    it('so a weight is INCOMPLETE that rests on a thermometer only', async () => {
      await workshop.device('weight', { parents: ['working-a-r1'], results: [massResult(0.001)] });
      const verdict = await workshop.hierarchy.trace('weight');
      assert.equal(verdict.status, 'INCOMPLETE');
      assert.match(verdict.reason, /weight-r, Mass: No source of this kind of quantity supports the result/);
      assert.deepEqual([verdict.roots, verdict.results[0]?.roots], [[], []]);
    });

    it('so a thermometer beside the standard changes nothing while it stands', async () => {
      const parents = ['kilogram-r1', 'working-a-r1'];
      await workshop.device('weight', { parents, results: [massResult(0.001)] });
      assert.match(await workshop.outcome('weight'), /^TRACEABLE/);
    });

    for (const [how, said] of [
      ['was revoked', 'revocation'],
      ['is suspended', 'suspension'],
    ] as const) {
      it(`so a thermometer beside the standard that ${how} makes it INCOMPLETE, never FAILED`, async () => {
        const parents = ['kilogram-r1', 'working-a-r1'];
        await workshop.device('weight', { parents, results: [massResult(0.001)] });
        workshop.hierarchy.addStatement(said, ['device', 'working-a'], { reason: 'fraud' });
        const verdict = await workshop.hierarchy.trace('weight');
        assert.equal(verdict.status, 'INCOMPLETE');
        assert.match(
          verdict.reason,
          /working-a-r1 measured an influence and does not hold.* Device oem-a\/working-a is/,
        );
        workshop.hierarchy.addStatement(said, ['device', 'kilogram'], { reason: 'fraud' });
        assert.match(await workshop.outcome('weight'), /^FAILED: Device nmi-north\/kilogram is/);
      });
    }

    it('so a thermometer that is not on the ledger makes it INCOMPLETE, unless its share is declared and small', async () => {
      workshop.hierarchy.devices.delete('lab-alpha/reference-a');
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
        await workshop.device(id, { parents: ['kilogram-r1', 'working-a-r1'], results });
        assert.equal((await workshop.hierarchy.trace(id)).status, expected, id);
      }
    });

    it('so a certificate on paper that no result uses is a note that says so', async () => {
      const parents = ['kilogram-r1', paperParent('H-1', [ROOM])];
      await workshop.device('weight', { parents, results: [massResult(0.001)] });
      const verdict = await workshop.hierarchy.trace('weight');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.ok(
        (await workshop.said('weight')).some((one) =>
          /^support note: .*Certificate H-1 is not used: no result of the report is of a kind that it certifies/.test(
            one,
          ),
        ),
      );
    });

    it('so an influence on paper is a note', async () => {
      const support = { method: 'direct' as const, uses: [{ source: 1, role: 'influence' as const }] };
      const parents = ['kilogram-r1', paperParent('H-1', [ROOM])];
      await workshop.device('weight', { parents, results: [{ ...massResult(0.001), support }] });
      assert.equal((await workshop.hierarchy.trace('weight')).status, 'TRACEABLE');
      const said = await workshop.said('weight');
      assert.ok(said.some((one) => /^support note: .*Certificate H-1 measured an influence/.test(one)));
    });

    it('so a described certificate on paper of their kind makes them ATTESTED, an undescribed one INCOMPLETE', async () => {
      await workshop.device('described', { parents: [paperParent('K-1')], results: [temperatureResult(0.1)] });
      assert.match(
        await workshop.outcome('described'),
        /^ATTESTED: Certificate K-1 of Lab \(2024-11-01\) is on paper: only the signatories/,
      );
      await workshop.device('undescribed', { parents: [paperParent('K-1', [])], results: [temperatureResult(0.1)] });
      const open =
        /^INCOMPLETE: .*Certificate K-1 is on paper, and the report does not say what it certifies: describe/;
      assert.match(await workshop.outcome('undescribed'), open);
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
        await workshop.device(id, {
          parents: [paperParent('K-1', [paper])],
          results: [temperatureResult(expanded, values)],
        });
        assert.equal((await workshop.hierarchy.trace(id)).status, expected, id);
      }
    });
  });

  describe('of an institute', () => {
    const institutes = (spec: Partial<ReportSpec>) =>
      workshop.device('customer', { technician: 'all-nmi-north', results: [temperatureResult(0.01)], ...spec });

    it('end there, whatever on paper or elsewhere it names', async () => {
      const external: Parent = { kind: 'external', certificate: 'DCC-7', equipment: '' };
      await institutes({ parents: [paperParent('K-1'), paperParent('K-2', []), external] });
      const verdict = await workshop.hierarchy.trace('customer');
      assert.equal(verdict.status, 'TRACEABLE');
      assert.deepEqual(verdict.results[0]?.roots, ['nmi-north']);
    });

    it('end there, too, where it declares what on paper it made them with', async () => {
      const uses = [0, 1].map((source) => ({ source, role: 'reference' as const }));
      const results = [{ ...temperatureResult(0.01), support: { method: 'group' as const, uses } }];
      await institutes({ parents: [paperParent('K-1'), paperParent('K-2')], results });
      assert.match(await workshop.outcome('customer'), /^TRACEABLE/);
    });

    it('rest on its standards that are on the ledger', async () => {
      await institutes({ parents: [paperParent('K-1'), 'primary-a-r1'] });
      assert.match(await workshop.outcome('customer'), /^TRACEABLE/);
      workshop.hierarchy.addStatement('revocation', ['device', 'primary-a'], { reason: 'fraud' });
      assert.match(await workshop.outcome('customer'), /^FAILED: Device nmi-north\/primary-a is revoked/);
    });

    it('are ATTESTED outside its lines, and FAILED below its capability, whichever comes first', async () => {
      await institutes({ results: [temperatureResult(0.01, [0, 400])] });
      assert.match(
        await workshop.outcome('customer'),
        /^ATTESTED: Organisation nmi-north had no accreditation .* at 400 °C/,
      );
      const below = { ...temperatureResult(1e-4, [20]), name: 'Second' };
      for (const results of [
        [temperatureResult(0.01, [400]), below],
        [below, temperatureResult(0.01, [400])],
      ]) {
        await institutes({ results });
        assert.match(
          await workshop.outcome('customer'),
          /^FAILED: Second .* states a smaller uncertainty than the accreditation of nmi-north/,
        );
      }
    });
  });
});
