import assert from 'node:assert/strict';
import type { RegistryErrorCode } from '@tracecal/core/model';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import { refuses, registryOf, submit } from '../../support/registry.js';

const BEGUN = '2025-12-05';
const ENDED = '2025-12-25';
const NOON = 'T12:00:00Z';
const registered = `2025-12-10${NOON}`;
const valid = ['2025-12-10', '2035-01-01'] as const;

/** All that the work rests on has to hold on all of its days, not only on the last one. */
describe('Work of several days, under attack from what ended and began again meanwhile', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const work = (spec: Partial<ReportSpec> = {}): ReportSpec => ({
    id: 'long',
    device: 'sensor-a',
    technician: 't-oem-a',
    parents: ['working-a-r1'],
    begun: BEGUN,
    performed: ENDED,
    date: `2025-12-28${NOON}`,
    ...spec,
  });
  const outcome = async (spec: ReportSpec) => {
    hierarchy.addReport(spec);
    const { status, reason } = await hierarchy.trace(spec.device);
    return `${status}: ${reason}`;
  };
  /** Neither the registry nor a trace over records that somebody put together lets it pass. */
  const fails = async (spec: ReportSpec, code: RegistryErrorCode, why: RegExp) => {
    const ledger = await registryOf(hierarchy);
    await refuses(submit(ledger, hierarchy.draft(spec)), code, why);
    const found = await outcome(spec);
    assert.match(found, /^FAILED/);
    assert.match(found, why);
  };
  const suspended = (subject: Parameters<Hierarchy['addStatement']>[1], from: string, to: string, author?: string) => {
    for (const [kind, effective] of [
      ['suspension', from],
      ['reinstatement', to],
    ] as const) {
      hierarchy.addStatement(kind, subject, { effective, registered: effective, ...(author && { author }) });
    }
  };

  for (const [subject, code, author] of [
    [['person', 't-oem-a'], 'STANDING_INVALID'],
    [['organisation', 'oem-a'], 'STANDING_INVALID', 'lab-alpha'],
    [['device', 'working-a'], 'PARENT_UNUSABLE'],
    [['report', 'working-a-r1'], 'PARENT_UNUSABLE'],
  ] as const) {
    it(`fails where the ${subject[0]} was suspended in the middle of it`, async () => {
      suspended(subject, '2025-12-10T00:00:00Z', '2025-12-24T00:00:00Z', author);
      await fails(work(), code, /was suspended from 2025-12-10/);
    });

    it(`fails where the ${subject[0]} was suspended for some hours of its day`, async () => {
      suspended(subject, '2025-12-10T06:00:00Z', '2025-12-10T20:00:00Z', author);
      await fails(work({ begun: '2025-12-10', performed: '2025-12-10' }), code, /was suspended from 2025-12-10T06/);
    });
  }

  it('is traceable from the day after a suspension on', async () => {
    suspended(['person', 't-oem-a'], '2025-12-10T00:00:00Z', '2025-12-24T08:00:00Z');
    assert.match(await outcome(work({ begun: ENDED })), /^TRACEABLE/);
  });

  it('fails where the technician’s certificate began in the middle of it', async () => {
    await hierarchy.addTechnician({ id: 't-new', organisation: 'oem-a', valid, registered });
    await fails(work({ technician: 't-new' }), 'NOT_AUTHORISED', /t-new was not valid on 2025-12-05/);
  });

  it('fails where the standard’s certificate began in the middle of it', async () => {
    await hierarchy.addDevice({ id: 'young', technician: 't-oem-a', valid, registered });
    const calibration = { id: 'young-r', device: 'young', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    hierarchy.addReport({ ...calibration, performed: '2025-12-01', date: `2025-12-11${NOON}` });
    await fails(work({ parents: ['young-r'] }), 'PARENT_UNUSABLE', /young was not valid on 2025-12-05/);
  });

  it('does not fail because its technician has renewed the key meanwhile', async () => {
    await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', valid, registered });
    assert.match(await outcome(work()), /^TRACEABLE/);
  });

  it('is INCOMPLETE where the laboratory was not accredited in the middle of it', async () => {
    const calibration = work({ device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] });
    hierarchy.reduce('lab-alpha', { validTo: '2025-12-10', registered });
    const again = temperatureScope({ validFrom: '2025-12-20' });
    hierarchy.accredit('lab-alpha', [again], { registered: `2025-12-19${NOON}` });
    // It may be honest work without the symbol of the accreditation, so it may be registered.
    const ledger = await registryOf(hierarchy);
    await submit(ledger, hierarchy.draft(calibration));
    assert.match(await outcome(calibration), /^INCOMPLETE: .*lab-alpha had no accreditation on 2025-12-11/);
  });

  it('fails where the standard fell due in the middle of it, and its owner lengthened the interval', async () => {
    const { performed } = hierarchy.payloadOf('working-a-r1').body;
    const days = (Date.parse('2025-12-10') - Date.parse(performed.end)) / 86_400_000;
    hierarchy.setInterval('working-a', days, { registered: `2025-02-01${NOON}` });
    hierarchy.setInterval('working-a', 10 * days, { registered: `2025-12-20${NOON}` });
    await fails(work(), 'PARENT_UNUSABLE', /working-a was due on 2025-12-10/);
    assert.match(await outcome(work({ id: 'after', begun: '2025-12-21' })), /^TRACEABLE/);
  });
});
