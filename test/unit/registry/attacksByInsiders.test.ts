import assert from 'node:assert/strict';
import type { OrganisationAnswer } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { addKilogram, massResult, temperatureResult, temperatureScope, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ReportSpec } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const MASS = massResult(0.1);

/** Members that sign only what they may, to be believed about more. */
describe('The registry under attack by insiders', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    await addKilogram(hierarchy);
    ledger = await registryOf(hierarchy);
  });

  const outcome = async (options = {}, device = 'oem-a/sensor-a') => {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, options);
    return `${status}: ${reason}`;
  };

  it('a laboratory does not withdraw a kind of quantity under a standing consent to another', async () => {
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha', quantities: ['mass'] }));
    const spec = {
      device: 'sensor-a',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1', 'kilogram-r1'],
      performed: '2025-12-20',
    };
    await submit(ledger, hierarchy.addReport({ ...spec, id: 'next', results: [temperatureResult(0.1), MASS] }));
    assert.match(await outcome(), /^TRACEABLE/);
    const amendment = hierarchy.draft({ ...spec, id: 'amended', supersedes: 'next', results: [MASS], accepted: false });
    await submit(ledger, amendment);
    assert.match(await outcome({ quantity: 'mass' }), /^INCOMPLETE: The owner .* has not accepted report/);
    assert.match(await outcome({ quantity: 'temperature' }), /^INCOMPLETE: .* gives no temperature|not accepted/);
  });

  it('a laboratory ends no other kind of quantity by an adjustment under a standing consent to one', async () => {
    const adjustment = (id: string): ReportSpec => ({
      ...{ id, device: 'sensor-a', technician: 't-lab-alpha', performed: '2025-12-20', results: [MASS] },
      ...{ parents: ['reference-a-r1', 'kilogram-r1'], stated: { adjusted: true }, accepted: false },
    });
    await submit(ledger, hierarchy.consent('oem-a', { laboratory: 'lab-alpha', quantities: ['mass'] }));
    await submit(ledger, hierarchy.draft(adjustment('adjusted')));
    assert.match(await outcome({ quantity: 'temperature' }), /^TRACEABLE/);
    assert.match(await outcome({ quantity: 'mass' }), /^INCOMPLETE: .* has no report of mass/);
    const both = { laboratory: 'lab-alpha', quantities: ['mass', 'temperature'] };
    await submit(ledger, hierarchy.consent('oem-a', both));
    await submit(ledger, hierarchy.draft(adjustment('adjusted-2')));
    assert.match(await outcome({ quantity: 'temperature' }), /^INCOMPLETE: .* has no report of temperature/);
    assert.match(await outcome({ quantity: 'mass' }), /^TRACEABLE/);
  });

  describe('on accreditation', () => {
    const days = async () =>
      (await ask<OrganisationAnswer>(ledger, 'getOrganisation', 'lab-alpha')).lines.map(({ scope }) => scope.validTo);
    const wanted = { validTo: '2026-03-31' };

    it('a new policy locks no institute out from reducing what it has granted', async () => {
      await submit(ledger, hierarchy.setPolicy({ accreditors: 'body' }));
      await submit(ledger, hierarchy.reduce('lab-alpha', wanted));
      assert.deepEqual(await days(), ['2026-03-31', '2026-03-31']);
    });

    it('the institute above reduces what a body has granted, and nobody else but the body does', async () => {
      await submit(ledger, hierarchy.setPolicy({ accreditors: 'either' }));
      await submit(
        ledger,
        await hierarchy.addOrganisation({ id: 'body', kind: 'ACCREDITATION_BODY', certifiedBy: 'nmi-south' }),
      );
      await submit(ledger, hierarchy.steps.at(-1)!.item);
      await submit(ledger, hierarchy.accredit('lab-alpha', [temperatureScope({ max: 1e4 })], { author: 'body' }));
      await submit(ledger, hierarchy.setPolicy({ accreditors: 'certifier' }));
      for (const author of ['nmi-south', 'lab-beta', 'lab-alpha']) {
        const foreign = hierarchy.reduce('lab-alpha', { ...wanted, author, grantor: 'body' });
        await refuses(submit(ledger, foreign), 'NOT_AUTHORISED', new RegExp(`${author} may not reduce`));
      }
      await submit(ledger, hierarchy.reduce('lab-alpha', { ...wanted, grantor: 'body' }));
      assert.equal((await days()).at(-1), '2026-03-31');
      await submit(ledger, hierarchy.reduce('lab-alpha', { validTo: '2026-02-28', author: 'body' }));
      assert.equal((await days()).at(-1), '2026-02-28');
      await submit(ledger, hierarchy.reduce('lab-alpha', { validTo: '2026-01-31' }));
      assert.deepEqual(await days(), ['2026-01-31', '2026-01-31', '2026-02-28']);
    });
  });

  describe('by certifying and admitting', () => {
    it('a sensor maker certifies nobody, so that it takes no id away from an institute', async () => {
      const squatter = { id: 'nmi-west', kind: 'OBSERVER', certifiedBy: 'oem-a' } as const;
      const item = await hierarchy.addOrganisation(squatter);
      await refuses(submit(ledger, item), 'NOT_AUTHORISED', /nmi-west \(OBSERVER\) is not certified by oem-a \(OEM\)/);
      for (const kind of ['OBSERVER', 'MONITOR', 'ACCREDITATION_BODY'] as const) {
        const below = await hierarchy.addOrganisation({ id: 'below', kind, certifiedBy: 'lab-alpha' });
        await refuses(submit(ledger, below), 'NOT_AUTHORISED', /it has to be certified by one of kind NMI\.$/);
      }
      const honest = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', scopes: [] });
      await submit(ledger, honest);
    });

    it('an institute that is admitted takes the MSP of no other member without its word', async () => {
      const item = await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', mspId: 'OemAMSP', scopes: [] });
      await refuses(submit(ledger, item), 'NOT_AUTHORISED', /oem-a already acts through OemAMSP/);
      const [membership] = item.memberships!;
      const signers = ['organisation:nmi-west', 'officer:oem-a/officer'];
      await submit(ledger, { ...item, memberships: [hierarchy.changed(membership!, {}, signers)] });
    });
  });

  describe('by amendments that make devices calibrate themselves', () => {
    const at = (spec: Partial<ReportSpec>): ReportSpec => ({
      id: 'next',
      device: 'other',
      technician: 't-lab-alpha',
      ...spec,
    });
    const amendment = { id: 'amended', device: 'working-a', supersedes: 'working-a-r1', performed: '2025-12-24' };

    beforeEach(async () => {
      await submit(ledger, await hierarchy.addDevice({ id: 'other', technician: 't-oem-a' }));
    });

    it('an older report of the amended device is no foundation of the amendment', async () => {
      const older = { id: 'older', device: 'working-a', parents: ['reference-a-r1'], performed: '2025-12-20' };
      await submit(ledger, hierarchy.addReport(at(older)));
      await submit(ledger, hierarchy.addReport(at({ parents: ['older'], performed: '2025-12-21' })));
      const item = hierarchy.draft(at({ ...amendment, parents: ['next'] }));
      await refuses(submit(ledger, item), 'INPUT_INVALID', /oem-a\/working-a would calibrate itself/);
      assert.match(await outcome(), /^TRACEABLE/);
    });

    it('nor is one of a device that rests on what is amended', async () => {
      await submit(ledger, await hierarchy.addDevice({ id: 'third', technician: 't-oem-a' }));
      const base = { parents: ['reference-a-r1'], performed: '2025-01-12', registered: ledger.now };
      await submit(ledger, hierarchy.addReport(at({ ...base, id: 'other-0' })));
      await submit(
        ledger,
        hierarchy.addReport(at({ parents: ['other-0'], performed: '2025-12-20', device: 'third', id: 'third-1' })),
      );
      await submit(
        ledger,
        hierarchy.addReport(at({ parents: ['working-a-r1'], performed: '2025-12-21', id: 'other-1' })),
      );
      assert.match(await outcome({}, 'oem-a/other'), /^TRACEABLE/);
      const item = hierarchy.draft(at({ ...amendment, parents: ['third-1'] }));
      await refuses(submit(ledger, item), 'INPUT_INVALID', /oem-a\/other would calibrate itself/);
      assert.match(await outcome({}, 'oem-a/other'), /^TRACEABLE/);
    });

    it('a report that depends on no amended one may be a foundation, also after it was amended to be so', async () => {
      const wrong = { parents: ['working-a-r1'], performed: '2025-12-20', id: 'wrong' };
      await submit(ledger, hierarchy.addReport(at(wrong)));
      const right = { parents: ['reference-a-r1'], performed: '2025-12-20', id: 'right', supersedes: 'wrong' };
      await submit(ledger, hierarchy.addReport(at(right)));
      await submit(ledger, hierarchy.addReport(at({ ...amendment, parents: ['right'] })));
      assert.match(await outcome({}, 'oem-a/working-a'), /^TRACEABLE/);
    });
  });

  it('no device takes the serial number of another with a character that nobody sees', async () => {
    const device = await hierarchy.addDevice({ id: 'twin', technician: 't-oem-a', serial: 'SN-1\u200B' });
    await refuses(submit(ledger, device), 'INPUT_INVALID', /at body\.serial: must not hold .* nobody sees/);
  });
});
