import assert from 'node:assert/strict';
import type { Listed, ListedOrganisation, ListedReport, Page } from '@tracecal/core/contracts';
import { TraceCal } from '@tracecal/gateway-client';
import { AS_OF, later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, RELAY, registryOf, replay } from '../../support/registry.js';

describe('A list of what is registered', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  /** All pages, each of `pageSize`. */
  async function all<T extends Listed>(question: object, pageSize = 3): Promise<T[]> {
    const items: T[] = [];
    let bookmark = '';
    do {
      const page: Page<T> = await ask(ledger, 'listRegistered', { ...question, pageSize, bookmark });
      assert.ok(page.items.length <= pageSize, 'a page is not larger than asked for');
      items.push(...page.items);
      bookmark = page.bookmark;
    } while (bookmark !== '');
    return items;
  }

  const idsOf = (listed: readonly Listed[]) => listed.map(({ id }) => id);

  it('has everything once and in order, whatever the size of a page', async () => {
    for (const kind of ['organisation', 'person', 'device', 'report']) {
      const whole = idsOf(await all({ kind }, 200));
      assert.ok(whole.length >= 4, kind);
      assert.deepEqual(whole, [...new Set(whole)].sort());
      for (const pageSize of [1, 2, 3, whole.length - 1, whole.length]) {
        assert.deepEqual(idsOf(await all({ kind }, pageSize)), whole, `${kind} by ${pageSize}`);
      }
    }
  });

  it('has only what an organisation has registered, and not what its name begins', async () => {
    const steps = hierarchy.steps.length;
    await hierarchy.addOrganisation({ id: 'lab', kind: 'LAB', certifiedBy: 'nmi-north' });
    await hierarchy.addTechnician({ id: 't-lab', organisation: 'lab' });
    await replay(hierarchy, ledger, steps);
    for (const pageSize of [1, 2, 200]) {
      assert.deepEqual(idsOf(await all({ kind: 'person', registrant: 'lab' }, pageSize)), ['lab/officer', 'lab/t-lab']);
      const people = await all({ kind: 'person', registrant: 'lab-alpha' }, pageSize);
      assert.ok(people.length > 0 && people.every(({ id }) => id.startsWith('lab-alpha/')));
    }
    assert.deepEqual(await all({ kind: 'device', registrant: 'nobody' }), []);
    const before = { kind: 'person', registrant: 'lab-alpha', pageSize: 2, bookmark: 'a' };
    const { items } = await ask<Page<Listed>>(ledger, 'listRegistered', before);
    assert.ok(items.length > 0, 'a bookmark before the first begins with the first');
  });

  it('has the devices of an owner, also those that it was given', async () => {
    hierarchy.transfer('sensor-b', 'oem-a', { registered: AS_OF });
    await replay(hierarchy, ledger, hierarchy.steps.length - 1);
    const owned = idsOf(await all({ kind: 'device', owner: 'oem-a' }, 1));
    assert.deepEqual(owned, ['oem-a/sensor-a', 'oem-a/working-a', 'oem-b/sensor-b']);
    assert.ok(!idsOf(await all({ kind: 'device', owner: 'oem-b' })).includes('oem-b/sensor-b'));
  });

  it('states the kind of each, and its impediments now', async () => {
    const effective = later(AS_OF, 600);
    hierarchy.addStatement('suspension', ['organisation', 'lab-beta'], { registered: effective, effective });
    await replay(hierarchy, ledger, hierarchy.steps.length - 1);
    const organisations = await all<ListedOrganisation>({ kind: 'organisation' });
    const of = (wanted: string) => organisations.find(({ id }) => id === wanted)!;
    const { name, kind, certifier, impediment } = of('lab-alpha');
    assert.deepEqual([name, kind, certifier, impediment], ['The lab-alpha', 'LAB', 'nmi-north', null]);
    assert.equal(of('lab-beta').impediment?.state, 'suspended');
    const [report] = await all<ListedReport>({ kind: 'report', registrant: 'oem-a' });
    assert.deepEqual(
      [report?.device, report?.quantities, report?.supersededBy],
      ['oem-a/sensor-a', ['temperature'], null],
    );
  });

  it('is refused for a malformed query', async () => {
    const question = (given: object) => ask(ledger, 'listRegistered', given);
    await refuses(question({ kind: 'planet' }), 'INPUT_INVALID', /kind/);
    await refuses(question({ kind: 'report', owner: 'oem-a' }), 'INPUT_INVALID', /only devices have an owner/);
    await refuses(
      question({ kind: 'device', owner: 'oem-a', registrant: 'x' }),
      'INPUT_INVALID',
      /registrant or an owner/,
    );
    await refuses(
      question({ kind: 'organisation', registrant: 'x' }),
      'INPUT_INVALID',
      /nobody registers organisations/,
    );
    await refuses(question({ kind: 'device', pageSize: 201 }), 'INPUT_INVALID', /pageSize/);
    await refuses(question({ kind: 'device', bookmark: '\u0000owner\u0000' }), 'INPUT_INVALID', /bookmark/);
  });

  it('continues after an id with the SDK', async () => {
    const tracecal = new TraceCal(ledgerOf(ledger, RELAY), 'registry', () => undefined);
    const found: string[] = [];
    for await (const { id } of tracecal.devices({ registrant: 'oem-a' }, { after: 'oem-a/sensor-a' })) {
      found.push(id);
    }
    assert.deepEqual(found, ['oem-a/working-a']);
  });
});
