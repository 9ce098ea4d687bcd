import assert from 'node:assert/strict';
import { openPseudonym } from '@tracecal/core/pseudonym';
import { AS_OF, mspIdOf, temperatureResult, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { DEVICE_FACTS, pseudonymFor, signedOpening } from '../../support/pseudonyms.js';

/** Records that no registry would have written: whoever hands out records may have made them. */
describe('A trace over records with pseudonyms', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  it('does not count confirmations of organisations that nobody knows, or of those below them', async () => {
    const original = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };
    const report = { id: 'old', device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
    hierarchy.addReport({ ...report, results: [temperatureResult(0.02)], stated: transcribing(original) });
    const status = async () => (await hierarchy.trace('reference-a')).status;
    hierarchy.confirm('lab-beta', 'old');
    for (const certifier of ['nmi-south', 'nmi-east']) {
      const pseudonym = pseudonymFor(hierarchy, { kind: 'organisation', certifier });
      const spec = { id: pseudonym.id, kind: 'LAB', certifiedBy: certifier, mspId: mspIdOf(certifier) } as const;
      await hierarchy.addOrganisation({ ...spec, pseudonym });
      hierarchy.confirm(pseudonym.id, 'old');
      const below = `oem-below-${certifier}`;
      await hierarchy.addOrganisation({ id: below, kind: 'OEM', certifiedBy: pseudonym.id });
      hierarchy.confirm(below, 'old');
    }
    assert.equal(await status(), 'ATTESTED');
    hierarchy.confirm('nmi-east', 'old');
    assert.equal(await status(), 'TRACEABLE');
  });

  it('does not count a key with which a pseudonym was changed or dropped, and opens what was registered first', async () => {
    const file = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north' });
    await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym: file });
    hierarchy.addReport({ id: 'gold-r', device: file.id, technician: 't-nmi-north' });
    await hierarchy.addDevice({ id: 'silver', technician: 't-nmi-north' });
    assert.equal((await hierarchy.trace(file.id)).status, 'TRACEABLE');
    await hierarchy.renewDevice(file.id, { body: { pseudonym: { ...file.pseudonym, otherwise: 'members' } } });
    const parents = ['gold-r'];
    hierarchy.addReport({ id: 'silver-r', device: 'silver', technician: 't-nmi-north', parents });
    const { status, edges } = await hierarchy.trace('silver', { explain: true });
    assert.equal(status, 'FAILED', 'the parent signed with a key that does not count');
    assert.doesNotMatch(JSON.stringify(edges), new RegExp(DEVICE_FACTS.serial));
    const opened = await openPseudonym(signedOpening(hierarchy, file), hierarchy, { asOf: AS_OF });
    assert.equal(opened.facts['serial'], DEVICE_FACTS.serial);
    assert.equal(opened.pseudonym.otherwise, 'parties');
  });

  it('takes no device for one that its pseudonym does not fit', async () => {
    const file = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north' });
    const other = pseudonymFor(hierarchy, { kind: 'device', certifier: 'nmi-north' });
    const pseudonym = { ...file, id: other.id };
    await hierarchy.addDevice({ id: 'gold', technician: 't-nmi-north', pseudonym });
    hierarchy.addReport({ id: 'gold-r', device: other.id, technician: 't-nmi-north' });
    assert.equal((await hierarchy.trace(other.id)).status, 'FAILED');
  });
});
