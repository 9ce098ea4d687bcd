import assert from 'node:assert/strict';
import { canonicalJson } from '@tracecal/core/model';
import type { Jws, Result, StatementOf } from '@tracecal/core/model';
import { claimedSigners, payloadDigest, payloadText } from '@tracecal/core/signing';
import { resultsDigests } from '@tracecal/core/trace';
import {
  acceptanceOf,
  keySigner,
  newStatement,
  readReport,
  referenceTo,
  rejectionOf,
  ReportBuilder,
  signReport,
  signStatement,
} from '@tracecal/gateway-client';
import type { Item, Signer, UnsignedReport } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { temperatureResult, twoCountries } from '../../support/hierarchy.js';

function massResult(value: number): Result {
  const uncertainty = { expanded: 0.001, coverageFactor: 2, coverageProbability: 0.95 };
  return { name: 'Mass', quantity: 'mass', unit: '\\kilogram', rows: [{ value, uncertainty }] };
}

describe('a report of the SDK', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const signer = (kind: 'technician' | 'device' | 'officer', id: string): Signer => {
    const { privateKey, certificate } = hierarchy.holder(kind, id);
    return keySigner(privateKey, certificate);
  };

  const builder = () =>
    new ReportBuilder({
      registry: hierarchy.registry,
      report: 'oem-a/r-7',
      device: 'oem-a/sensor-a',
      organisation: 'oem-a',
      technician: 'oem-a/t-oem-a',
      date: '2025-06-03T12:00:00Z',
    }).performed('2025-06-01', '2025-06-02');

  const parent = () => referenceTo(hierarchy.recordOf('working-a-r1').statement.jws);

  const report = (): UnsignedReport => builder().parent(parent()).result(temperatureResult(0.2)).build();

  const signed = (): Promise<Item> =>
    signReport(report(), [signer('technician', 't-oem-a'), signer('device', 'working-a')]);

  it('names its results by kind of quantity, in order, with the digests of what stands beside it', () => {
    const results = [temperatureResult(0.2), massResult(1), temperatureResult(0.3, [400])];
    const { statement, results: beside } = builder()
      .result(...results)
      .build();
    assert.deepEqual(statement.body.results, [
      ...resultsDigests([massResult(1)]),
      ...resultsDigests([temperatureResult(0.2), temperatureResult(0.3, [400])]),
    ]);
    assert.deepEqual(
      statement.body.results.map(({ quantity, rows }) => [quantity, rows]),
      [
        ['mass', 1],
        ['temperature', 4],
      ],
    );
    assert.deepEqual(beside, results);
  });

  it('is the word of the organisation that calibrated, with number 0', () => {
    const { statement } = report();
    assert.deepEqual(
      [statement.author, statement.number, statement.subject, statement.body.device],
      ['oem-a', 0, { kind: 'report', id: 'oem-a/r-7' }, 'oem-a/sensor-a'],
    );
  });

  it('is dated with the last day of the calibration unless another date is given', () => {
    assert.equal(builder().build().statement.body.issued, '2025-06-02');
    assert.equal(builder().issued('2025-06-05').build().statement.body.issued, '2025-06-05');
  });

  it('cannot be built without its dates, and the first thing that is missing is named', () => {
    const identity = { registry: 'calibration', report: 'o/r', device: 'o/d', organisation: 'o', technician: 'o/t' };
    assert.throws(() => new ReportBuilder(identity).build(), failsWith('INPUT_INVALID', /performed\.begin/));
  });

  it('cannot be built with a result that the registry would refuse', () => {
    const broken = { ...massResult(1), unit: 'kg' };
    assert.throws(() => builder().result(broken).build(), failsWith('INPUT_INVALID', /0\.unit/));
    const unmeasured = { ...massResult(Number.NaN) };
    assert.throws(() => builder().result(unmeasured).build(), failsWith('INPUT_INVALID', /0\.rows\.0\.value/));
  });

  it('is signed by its technician and by every standard that took part, over its canonical form', async () => {
    const { statement, results } = await signed();
    assert.equal(payloadText(statement), canonicalJson(report().statement));
    assert.deepEqual(claimedSigners(statement), ['technician:oem-a/t-oem-a', 'device:oem-a/working-a']);
    assert.deepEqual(results, [temperatureResult(0.2)]);
  });

  it('is not signed where the signer of a standard is missing', async () => {
    await assert.rejects(
      signReport(report(), [signer('technician', 't-oem-a')]),
      failsWith('SIGNER_MISSING', /device:oem-a\/working-a/),
    );
  });

  it('is named by its children with the digest of what was signed', async () => {
    const { statement } = await signed();
    assert.deepEqual(referenceTo(statement), {
      device: 'oem-a/sensor-a',
      report: 'oem-a/r-7',
      digest: payloadDigest(statement),
    });
  });

  it('counts once its owner has accepted it: the device traces through it', async () => {
    const { statement, results = [] } = await signed();
    hierarchy.file(report().statement, statement, { results, accepted: false });
    assert.equal((await hierarchy.trace('sensor-a')).edges[0]?.report, 'oem-a/sensor-a-r1');

    const acceptance = acceptanceOf(statement, { author: 'oem-a', number: 2, date: '2025-06-03T12:00:00Z' });
    assert.deepEqual(acceptance.subject, { kind: 'device', id: 'oem-a/sensor-a' });
    assert.deepEqual(acceptance.body, {
      report: 'oem-a/r-7',
      digest: payloadDigest(statement),
      performed: '2025-06-02',
      results: [{ quantity: 'temperature', extents: [{ unit: '\\degreecelsius', min: 0, max: 100, expanded: 0.2 }] }],
    });
    own(await signStatement(acceptance, [signer('officer', 'oem-a/officer')]));
    const verdict = await hierarchy.trace('sensor-a');
    assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/r-7'], verdict.reason);
  });

  it('counts no more once its owner has rejected it', async () => {
    const item = hierarchy.recordOf('sensor-a-r1').statement.jws;
    const rejection = rejectionOf(item, { author: 'oem-a', number: 2, date: '2025-06-03T12:00:00Z' });
    own(await signStatement(rejection, [signer('officer', 'oem-a/officer')]));
    assert.notEqual((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
  });

  it('is not what another statement is', async () => {
    const interval: StatementOf<'interval'> = newStatement('interval', {
      registry: 'calibration',
      author: 'oem-a',
      subject: { kind: 'device', id: 'oem-a/sensor-a' },
      number: 1,
      body: { intervalDays: 30 },
    });
    const jws = await signStatement(interval, [signer('officer', 'oem-a/officer')]);
    assert.throws(() => readReport(jws), failsWith('INPUT_INVALID', /tracecal-interval\/1/));
  });

  /** Files what the owner has signed about the sensor. */
  function own(jws: Jws): void {
    const registered = hierarchy.stamp('2025-06-03T12:00:00Z');
    hierarchy.changeDevice('sensor-a', (record) => ({
      ...record,
      ownership: [...record.ownership, { jws, registered }],
    }));
  }
});
