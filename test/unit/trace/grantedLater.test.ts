import assert from 'node:assert/strict';
import { temperatureScope, twoCountries } from '../../support/hierarchy.js';
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
});
