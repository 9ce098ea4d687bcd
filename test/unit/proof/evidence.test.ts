import assert from 'node:assert/strict';
import { canonicalJson, parseJson, RegistryError } from '@tracecal/core/model';
import { evidenceFor, EvidenceMissing, sourceOf, traceCal, traceOptions } from '@tracecal/core/trace';
import type { Evidence, Exhibit, Verdict } from '@tracecal/core/trace';
import { golden } from '../../golden/fixtures.js';
import type { GoldenVerdict } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { AS_OF, temperatureResult, twoCountries } from '../../support/hierarchy.js';
import { sample } from '../../support/sample.js';

/** What a trace read is enough to run it again, anywhere. */
describe('The evidence of a verdict', () => {
  const { state, verdicts } = golden();

  const evidenceOf = ({ device, options }: GoldenVerdict): Promise<Evidence> =>
    evidenceFor(new StateRecords(state), device, traceOptions(options));

  /** As it comes out of a file. */
  const carried = (evidence: Evidence): Evidence => parseJson(canonicalJson(evidence)) as unknown as Evidence;

  it('gives golden verdicts again, byte for byte', async () => {
    for (const asked of sample(verdicts, 60)) {
      const source = sourceOf(carried(await evidenceOf(asked)));
      const verdict = await traceCal(source, asked.device, traceOptions(asked.options));
      assert.equal(canonicalJson(verdict), asked.verdict, `${asked.device} ${JSON.stringify(asked.options)}`);
    }
  });

  it('is enough for whoever trusts other roots', async function () {
    this.timeout(120_000);
    const all = new Set(verdicts.flatMap(({ verdict }) => (JSON.parse(verdict) as Verdict).roots));
    const known = [...new Set([...all].map(({ sha256 }) => sha256))];
    assert.ok(known.length > 1);
    for (const asked of sample(verdicts, 25)) {
      const records = new StateRecords(state);
      const source = sourceOf(carried(await evidenceOf(asked)));
      const question = { ...asked.options, freshness: null, heartbeats: null };
      for (const roots of [...known.map((root) => [root]), known, ['ab'.repeat(32)]]) {
        const options = traceOptions({ ...question, roots });
        const verdict = await traceCal(source, asked.device, options);
        assert.equal(canonicalJson(verdict), canonicalJson(await traceCal(records, asked.device, options)));
      }
    }
  });

  it('is enough for whoever does not trust the institute above a calibration that ends a doubt', async () => {
    const hierarchy = await twoCountries();
    const limits = { kind: 'tolerance', lower: [-0.05, -0.05, -0.05], upper: [0.05, 0.05, 0.05] } as const;
    const found = (error: number) => {
      const result = temperatureResult(0.01);
      const rows = result.rows.map((row) => ({ ...row, error }));
      return { ...result, name: 'As found', asFound: true, rows, conformity: { of: 'error', limits } } as const;
    };
    await hierarchy.addDevice({ id: 'bench', technician: 't-oem-a' });
    const calibrate = (id: string, performed: string, country: 'a' | 'b', ...more: ReturnType<typeof found>[]) => {
      const technician = country === 'a' ? 't-lab-alpha' : 't-lab-beta';
      const results = [temperatureResult(0.01), ...more];
      hierarchy.addReport({
        device: 'bench',
        id,
        technician,
        parents: [`reference-${country}-r1`],
        performed,
        results,
      });
    };
    calibrate('bench-r1', '2025-02-01', 'a');
    const child = { device: 'sensor-a', technician: 't-oem-a', parents: ['bench-r1'], performed: '2025-03-01' };
    hierarchy.addReport({ ...child, id: 'next', results: [temperatureResult(0.1)] });
    calibrate('sound', '2025-03-15', 'b', found(0.01));
    calibrate('sound-again', '2025-03-20', 'a', found(0.01));
    calibrate('drifted', '2025-04-01', 'a', found(0.2));
    hierarchy.review('oem-a', 'drifted', ['next'], { reason: 'used at 0 °C only' });
    const sensor = hierarchy.idOf('device', 'sensor-a');
    const question = { asOf: AS_OF };
    const source = sourceOf(carried(await evidenceFor(hierarchy, sensor, traceOptions(question))));
    const [north, south] = ['nmi-north', 'nmi-south'].map(
      (id) => hierarchy.holder('organisation', id).certificateSha256,
    );
    for (const roots of [null, [north], [south], [north, south], ['ab'.repeat(32)]]) {
      const options = traceOptions({ ...question, roots });
      const verdict = await traceCal(source, sensor, options);
      assert.equal(canonicalJson(verdict), canonicalJson(await traceCal(hierarchy, sensor, options)));
    }
  });

  it('is needed: without the registry, a device, a report or its results there is no verdict', async () => {
    const asked = verdicts.find(({ device }) => device === 'oem-b/sensor-b')!;
    const evidence = carried(await evidenceOf(asked));
    const kinds = ['founding', 'device', 'report', 'results'];
    const needed = evidence.exhibits.filter(({ of: [kind] }) => kinds.includes(kind));
    assert.ok(needed.length > 10);
    for (const missing of needed) {
      const exhibits = evidence.exhibits.filter((each) => each !== missing);
      await assert.rejects(
        traceCal(sourceOf({ ...evidence, exhibits }), asked.device, traceOptions(asked.options)),
        EvidenceMissing,
        missing.of.join(' '),
      );
    }
  });

  it('holds every record once, under its own name and in its own shape', async () => {
    const evidence = carried(await evidenceOf(verdicts[0]!));
    const last = evidence.exhibits.at(-1);
    const device = evidence.exhibits.find(({ of: [kind] }) => kind === 'device')!;
    const changed = (exhibit: Exhibit | undefined) => () =>
      sourceOf({ ...evidence, exhibits: [...evidence.exhibits.filter(({ of }) => of !== device.of), exhibit] });
    const refused = (attempt: () => unknown, why: RegExp) => {
      assert.throws(
        attempt,
        (error) => error instanceof RegistryError && error.code === 'INPUT_INVALID' && why.test(error.message),
      );
    };
    refused(changed(last), /holds .* twice/);
    refused(changed({ ...device, of: ['device', 'oem-a/another'] }), /under the name oem-a\/another/);
    refused(changed({ ...device, of: ['device'] }), /which no trace reads/);
    refused(changed({ ...device, of: ['constructor' as 'device', 'x'] }), /which no trace reads/);
    refused(
      changed({ ...device, record: { ...(device.record as object), more: 1 } }),
      /record of device .* is not accepted/,
    );
    refused(changed({ ...device, record: undefined }), /record of device .* is not accepted/);
    refused(() => sourceOf({ ...evidence, more: 1 }), /evidence is not accepted/);
    refused(() => sourceOf(null), /evidence is not accepted/);
  });
});
