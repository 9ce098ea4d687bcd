import assert from 'node:assert/strict';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

describe('An accreditation that was granted after the ledger held a report', () => {
  let hierarchy: Hierarchy;

  const REGISTERED = '2025-06-10T00:00:00Z';

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', scopes: [] });
    await hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' });
    const report = { id: 'next', device: 'working-a', technician: 't-lab-new', parents: ['reference-a-r1'] };
    hierarchy.addReport({ ...report, performed: '2025-06-01', registered: REGISTERED });
  });

  const grant = (registered: string, validFrom = '2020-01-01') =>
    hierarchy.accredit('lab-new', [temperatureScope({ validFrom })], { registered });

  const outcome = async () => {
    const { status, reason } = await hierarchy.trace('working-a');
    return `${status}: ${reason}`;
  };

  it('is only its grantor’s later word: ATTESTED', async () => {
    assert.match(await outcome(), /^INCOMPLETE: Organisation lab-new had no accreditation/);
    grant('2025-07-01T00:00:00Z');
    assert.match(
      await outcome(),
      /^ATTESTED: The accreditation of lab-new for temperature was granted on 2025-07-01, after the ledger had taken in report lab-new\/next on 2025-06-10\./,
    );
  });

  it('covers it where it was granted before, also for the days before that on which the work was done', async () => {
    grant('2025-06-09T00:00:00Z');
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('covers nothing before the day from which it is valid', async () => {
    grant('2025-06-09T00:00:00Z', '2025-06-02');
    assert.match(await outcome(), /^INCOMPLETE/);
  });

  it('does not make up for one that ended before the report was registered', async () => {
    const line = temperatureScope({ validTo: '2025-06-05' });
    hierarchy.accredit('lab-new', [line], { registered: '2025-01-02T00:00:00Z' });
    assert.match(await outcome(), /^ATTESTED: The accreditation of lab-new for temperature ended between/);
    grant('2025-07-01T00:00:00Z');
    assert.match(await outcome(), /^ATTESTED/);
  });

  it('takes nothing from what was granted before', async () => {
    grant('2025-06-09T00:00:00Z');
    grant('2025-07-01T00:00:00Z');
    assert.match(await outcome(), /^TRACEABLE/);
  });

  describe('for a method by which it goes beyond its references', () => {
    const method = 'DKD-R 5-1';
    const body = { author: 'body', registered: '2025-06-09T00:00:00Z' };
    const beyond: Result = {
      ...temperatureResult(0.01, [0, 20, 100, 150]),
      methods: [method],
      support: { method: 'interpolated', uses: [{ source: 0, role: 'reference' }] },
    };

    beforeEach(async () => {
      hierarchy = await twoCountries();
      hierarchy.setPolicy({ accreditors: 'either' });
      await hierarchy.addOrganisation({ id: 'body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-east' });
      const report = { id: 'next', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
      hierarchy.addReport({ ...report, results: [beyond], performed: '2025-06-01', registered: REGISTERED });
    });

    it('is only its grantor’s later word: ATTESTED', async () => {
      assert.match(await outcome(), /^INCOMPLETE: .* No reference was calibrated at this place/);
      hierarchy.accredit('lab-alpha', [temperatureScope({ method })], { registered: '2025-07-01T00:00:00Z' });
      assert.match(
        await outcome(),
        /^ATTESTED: The accreditation of lab-alpha for temperature was granted on 2025-07-01/,
      );
      hierarchy.accredit('lab-alpha', [temperatureScope({ method })], body);
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('is not hidden by what a stranger had granted before', async () => {
      hierarchy = await twoCountries();
      hierarchy.setPolicy({ accreditors: 'either' });
      await hierarchy.addOrganisation({ id: 'body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-east' });
      await hierarchy.addOrganisation({ id: 'lab-new', kind: 'LAB', certifiedBy: 'nmi-north', scopes: [] });
      await hierarchy.addTechnician({ id: 't-lab-new', organisation: 'lab-new' });
      const granted = { registered: '2025-01-02T00:00:00Z' };
      hierarchy.accredit('lab-new', [temperatureScope()], { ...granted, author: 'body' });
      const lines = [temperatureScope({ max: 100 }), temperatureScope({ min: 110, method })];
      hierarchy.accredit('lab-new', lines, granted);
      const report = { id: 'beyond', device: 'working-a', technician: 't-lab-new', parents: ['reference-a-r1'] };
      hierarchy.addReport({ ...report, results: [beyond], performed: '2025-06-01', registered: REGISTERED });
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('bears nothing that a sensor maker claims, for an asker who does not trust its grantor', async () => {
      await hierarchy.addDevice({ id: 'bought', technician: 't-lab-alpha', owner: 'oem-a' });
      const report = { id: 'beyond', device: 'bought', technician: 't-oem-a', parents: ['reference-a-r1'] };
      hierarchy.addReport({ ...report, results: [beyond], performed: '2025-06-01', registered: REGISTERED });
      const roots = [hierarchy.holder('organisation', 'nmi-north').certificateSha256];
      const before = (await hierarchy.trace('bought', { roots })).reason;
      hierarchy.accredit('oem-a', [temperatureScope({ method })], body);
      assert.equal((await hierarchy.trace('bought')).status, 'TRACEABLE');
      assert.equal((await hierarchy.trace('bought', { roots })).reason, before);
    });

    it('rests on the institute above its grantor, which the verdict names', async () => {
      hierarchy.accredit('lab-alpha', [temperatureScope({ method })], body);
      const { status, institutes } = await hierarchy.trace('working-a');
      assert.equal(status, 'TRACEABLE');
      assert.ok(institutes.some(({ organisation }) => organisation === 'nmi-east'));
      const roots = [hierarchy.holder('organisation', 'nmi-north').certificateSha256];
      assert.equal((await hierarchy.trace('working-a', { roots })).status, 'INCOMPLETE');
    });
  });
});
