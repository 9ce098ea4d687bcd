import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { callerOf, refuses, registryOf } from '../../support/registry.js';

/** What the administrators of readers try while they are Writers of the channel: when a chaincode definition is approved. */
describe('An administrator of a lower level in an approval window', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const BELOW = /no institute, laboratory or accreditation body that acts through it; have one of them submit this/;

  for (const organisation of ['oem-a', 'oem-unknown']) {
    it(`anchors nothing and submits no statements, as ${organisation}`, async () => {
      const caller = callerOf(organisation);
      await refuses(ledger.submit(caller, 'anchor', 'ab'.repeat(32)), 'NOT_AUTHORISED', BELOW);
      const seal = hierarchy.seal(later(ledger.now, 3600), { institute: 'nmi-north' });
      const submission = JSON.stringify({ items: [seal] });
      await refuses(ledger.submit(caller, 'seal', submission), 'NOT_AUTHORISED', BELOW);
      await refuses(ledger.submit(caller, 'submitStatements', submission), 'NOT_AUTHORISED', BELOW);
    });
  }

  it('does not become a laboratory without the word of an institute', async () => {
    const lab = await hierarchy.addOrganisation({
      id: 'lab-own',
      kind: 'LAB',
      certifiedBy: 'nmi-north',
      mspId: 'LabOwnMSP',
    });
    const alone = { ...lab, statement: hierarchy.changed(lab.statement, {}, ['organisation:lab-own']) };
    const submit = (item: Item) =>
      ledger.submit({ mspId: 'LabOwnMSP' }, 'createOrganisation', JSON.stringify({ items: [item] }));
    await refuses(submit(alone), 'SIGNATURE_INVALID', /nmi-north/);
    await submit(lab);
    await ledger.submit({ mspId: 'LabOwnMSP' }, 'anchor', 'ab'.repeat(32));
  });

  it('has a laboratory or another institute submit what its officers signed', async () => {
    const submission = JSON.stringify({ items: [hierarchy.reject('sensor-a-r1')] });
    await refuses(ledger.submit(callerOf('oem-a'), 'rejectReport', submission), 'NOT_AUTHORISED', BELOW);
    await ledger.submit(callerOf('lab-alpha'), 'rejectReport', submission);
    await ledger.submit(callerOf('nmi-south'), 'anchor', 'ab'.repeat(32));
  });
});
