import assert from 'node:assert/strict';
import { evidenceFor, sourceOf, traceCal, traceOptions } from '@tracecal/core/trace';
import { temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import { refuses, registryOf, submit } from '../../support/registry.js';

/** The reports are registered on the day of their work; more than 90 days later they would be transcriptions. */
const LATE = '2025-09-01T12:00:00Z';
/** Between that day and then. */
const SINCE = { effective: '2025-06-01T00:00:00Z', registered: '2025-06-01T00:00:00Z' };

/** ISO/IEC 17025, 7.8.8: a corrected address makes a new report, and says nothing new about the device. */
describe('An amendment that repeats a report of its laboratory', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const asOf = { asOf: '2025-11-01T00:00:00Z' };
  const outcome = async (device = 'sensor-a', options = {}) => {
    const { status, reason } = await hierarchy.trace(device, { ...asOf, ...options });
    return `${status}: ${reason}`;
  };
  /** A report of the same content as `working-a-r1`. */
  const alike = (spec: Partial<ReportSpec> = {}): ReportSpec => {
    const { body } = hierarchy.payloadOf('working-a-r1');
    return {
      id: 'working-a-r2',
      device: 'working-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      results: hierarchy.resultsOf('lab-alpha/working-a-r1'),
      begun: body.performed.begin,
      performed: body.performed.end,
      issued: '2025-09-01',
      registered: LATE,
      ...spec,
    };
  };
  const repeated = (spec: Partial<ReportSpec> = {}) => alike({ supersedes: 'working-a-r1', ...spec });
  const repeat = (spec: Partial<ReportSpec> = {}) => hierarchy.addReport(repeated(spec));
  const TRANSCRIBED = /^ATTESTED: .*working-a-r2 of work done on 2025-01-12 was registered on 2025-09-01/;

  it('is no transcription, however late it comes', async () => {
    repeat();
    assert.match(await outcome(), /^TRACEABLE/);
    assert.match(await outcome('working-a'), /^TRACEABLE/);
  });

  it('is no transcription either if it repeats one that repeats it, by another technician with a newer key', async () => {
    repeat();
    const valid = ['2025-09-01', '2035-01-01'] as const;
    await hierarchy.addTechnician({ id: 't-new', organisation: 'lab-alpha', valid, registered: LATE });
    const again = { id: 'working-a-r3', supersedes: 'working-a-r2', technician: 't-new' };
    repeat({ ...again, registered: '2025-09-02T12:00:00Z' });
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('is registered, and rests on standards as that report did, although they were retired or fell due since', async () => {
    hierarchy.setInterval('reference-a', 90, { registered: '2025-01-12T00:00:00Z' });
    const retired = { reason: 'cessation', ...SINCE } as const;
    hierarchy.addStatement('revocation', ['device', 'primary-a'], retired);
    hierarchy.reduce('lab-alpha', { validTo: '2025-06-30', registered: '2025-06-30T00:00:00Z' });
    const before = await outcome('working-a');
    const ledger = await registryOf(hierarchy);
    ledger.now = LATE;
    await submit(ledger, repeat());
    assert.match(before, /^TRACEABLE/);
    assert.equal(await outcome('working-a'), before);
  });

  it('explains whose time counts', async () => {
    repeat();
    const { edges } = await hierarchy.trace('working-a', { ...asOf, explain: true });
    const told = edges[0]?.compared?.filter((sentence) => sentence.startsWith('transcription')).join(' ') ?? '';
    assert.match(told, /working-a-r2 amends report lab-alpha\/working-a-r1 and states the same work/);
    assert.match(told, /working-a-r1 ended on 2025-01-12 and was registered on 2025-01-12/);
  });

  it('has the same verdict by the evidence alone, whichever roots are trusted', async () => {
    repeat();
    const device = 'oem-a/sensor-a';
    const evidence = await evidenceFor(hierarchy, device, traceOptions(asOf));
    const source = sourceOf(JSON.parse(JSON.stringify(evidence)) as unknown);
    for (const roots of [null, ['0'.repeat(64)]]) {
      const question = traceOptions({ ...asOf, roots });
      assert.deepEqual(await traceCal(source, device, question), await traceCal(hierarchy, device, question));
    }
  });

  describe('brings in no late work: it is a transcription', () => {
    for (const [title, changes] of [
      ['with another result', { results: [temperatureResult(0.0041)] }],
      ['of other days', { begun: '2025-01-11' }],
      ['on other standards', { parents: ['reference-a-r1', 'primary-a-r1'] }],
      ['at another place', { stated: { place: 'on-site' } }],
      ['after an adjustment', { stated: { adjusted: true } }],
      ['with a later date of recalibration', { stated: { recalibrateBy: '2026-06-01' } }],
      ['under an accreditation', { stated: { accredited: { body: 'Body', number: '1' } } }],
    ] as const satisfies readonly (readonly [string, Partial<ReportSpec>])[]) {
      it(title, async () => {
        repeat(changes);
        assert.match(await outcome('working-a'), TRANSCRIBED);
      });
    }

    it('if what it repeats came late, too', async () => {
      const late = { id: 'late', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
      const spec = { ...late, performed: '2025-01-13', results: [temperatureResult(0.1)] };
      hierarchy.addReport({ ...spec, registered: LATE });
      hierarchy.addReport({ ...spec, id: 'again', supersedes: 'late', registered: '2025-09-02T12:00:00Z' });
      assert.match(await outcome(), /^ATTESTED: Report oem-a\/again of work done on 2025-01-13/);
    });

    it('if another amendment lies between, which withdrew the content', async () => {
      repeat({ results: [temperatureResult(0.0041)], registered: '2025-02-01T12:00:00Z' });
      repeat({ id: 'working-a-r3', supersedes: 'working-a-r2' });
      assert.match(await outcome('working-a'), /^ATTESTED: Report lab-alpha\/working-a-r3/);
    });

    it('if that report is withdrawn for a reason that reaches back', async () => {
      repeat();
      hierarchy.addStatement('revocation', ['report', 'working-a-r1'], { reason: 'fraud', ...SINCE });
      assert.match(await outcome('working-a'), TRANSCRIBED);
    });

    it('if the technician of that report was not entitled, by what became known since', async () => {
      await hierarchy.addTechnician({ id: 't-first', organisation: 'lab-alpha' });
      const first = { id: 'first', technician: 't-first', issued: '2025-01-12' };
      hierarchy.addReport(alike({ ...first, registered: '2025-01-13T12:00:00Z' }));
      hierarchy.addStatement('revocation', ['person', 't-first'], { reason: 'fraud', ...SINCE });
      repeat({ supersedes: 'first' });
      assert.match(await outcome('working-a'), TRANSCRIBED);
    });

    it('if records show a report in time that its standard or its technician never signed', async () => {
      for (const signers of [['technician:t-lab-alpha'], ['device:reference-a']]) {
        hierarchy = await twoCountries();
        const unsigned = hierarchy.sign(hierarchy.payloadOf('working-a-r1'), signers);
        hierarchy.changeReportJws('working-a-r1', () => unsigned);
        repeat();
        assert.match(await outcome('working-a'), TRANSCRIBED);
      }
    });

    it('if an accreditation was granted for the past after that report', async () => {
      hierarchy.reduce('lab-alpha', { validTo: '2025-01-01', registered: '2025-01-02T00:00:00Z' });
      const granted = temperatureScope({ validFrom: '2025-01-02' });
      hierarchy.accredit('lab-alpha', [granted], { registered: '2025-08-01T00:00:00Z' });
      const before = await outcome('working-a');
      repeat();
      assert.match(before, /^ATTESTED: The accreditation of lab-alpha .* was granted on 2025-08-01, after/);
      assert.match(
        await outcome('working-a'),
        /^ATTESTED: The accreditation of lab-alpha .* was granted on 2025-08-01, after/,
      );
    });
  });

  it('is refused if its standard was unsound for that report, too', async () => {
    hierarchy.addStatement('revocation', ['device', 'reference-a'], { reason: 'out-of-tolerance', ...SINCE });
    const ledger = await registryOf(hierarchy);
    ledger.now = LATE;
    await refuses(submit(ledger, hierarchy.draft(repeated())), 'PARENT_UNUSABLE', /reference-a is revoked/);
  });
});
