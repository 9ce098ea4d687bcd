import assert from 'node:assert/strict';
import { instantOf, millisecondsOf } from '@tracecal/core/model';
import type { CertifiedEntry, Entry } from '@tracecal/core/model';
import { jwsPayload } from '@tracecal/core/signing';
import { readSigned, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

describe('Very many memberships of an organisation, which nobody signed', () => {
  /** How often a trace reads a certificate beside them. */
  async function readsOf(count: number): Promise<number> {
    const hierarchy = await twoCountries();
    let reads = 0;
    const unsigned = ({ jws, registered, certificate }: CertifiedEntry, place: number): CertifiedEntry =>
      Object.defineProperty(
        { jws: { ...jws, signatures: [] }, registered } as unknown as CertifiedEntry,
        'certificate',
        {
          enumerable: true,
          get: () => ((reads += 1), `${place}${certificate}`),
        },
      );
    hierarchy.changeOrganisation('oem-a', (record) => {
      const [first] = record.memberships;
      assert.ok(first);
      return {
        ...record,
        memberships: [first, ...Array.from({ length: count }, (_, place) => unsigned(first, place))],
      };
    });
    await hierarchy.trace('sensor-a');
    return reads;
  }

  it('are not compared with one another', async () => {
    const few = await readsOf(20);
    assert.ok(few > 0);
    const many = await readsOf(80);
    assert.ok(many <= 5 * few, `${few} reads of 20, ${many} of 80`);
  });
});

type Wrap = <E extends Entry>(entries: readonly E[]) => readonly E[];

/** Entries that count how often something of them is read. */
function counting(): { readonly wrap: Wrap; readonly reads: () => number } {
  let reads = 0;
  const counted = <E extends Entry>(entry: E): E => {
    Object.freeze(entry.jws);
    return new Proxy(Object.freeze(entry), {
      get: (target, name) => {
        reads += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
  };
  return { wrap: (entries) => Object.freeze(entries.map(counted)), reads: () => reads };
}

/** An entry, and further ones with another number and moment, which nobody signed. */
function flood<E extends Entry>(entries: readonly E[], count: number): readonly E[] {
  const [first] = entries;
  assert.ok(first);
  const statement = readSigned(first.jws);
  const others = Array.from({ length: count }, (_, place): E => {
    const payload = jwsPayload({ ...statement, number: statement.number + place + 1 });
    const date = instantOf(millisecondsOf(first.registered.date) + 1000 * (place + 1));
    return { ...first, jws: { ...first.jws, payload }, registered: { ...first.registered, date } };
  });
  return [first, ...others];
}

describe('Very many acts, each of a moment of its own', () => {
  const FLOODS = {
    memberships: (hierarchy: Hierarchy, count: number, wrap: Wrap) => {
      hierarchy.changeOrganisation('oem-a', (record) => ({
        ...record,
        memberships: wrap(flood(record.memberships, count)),
      }));
    },
    authorisations: (hierarchy: Hierarchy, count: number, wrap: Wrap) => {
      hierarchy.changePerson('oem-a/officer', (record) => ({
        ...record,
        authorisations: wrap(flood(record.authorisations, count)),
      }));
    },
  };

  /** How often a trace reads entries that nobody signed: so many rejections, and so many others. */
  async function readsOf(what: keyof typeof FLOODS, count: number): Promise<number> {
    const hierarchy = await twoCountries();
    const { wrap, reads } = counting();
    hierarchy.reject('sensor-a-r1');
    hierarchy.changeDevice('sensor-a', (record) => ({
      ...record,
      ownership: wrap([...record.ownership.slice(0, -1), ...flood(record.ownership.slice(-1), count).slice(1)]),
    }));
    FLOODS[what](hierarchy, count, wrap);
    await hierarchy.trace('sensor-a');
    return reads();
  }

  for (const what of Object.keys(FLOODS) as (keyof typeof FLOODS)[]) {
    it(`do not read as many ${what} each`, async () => {
      const few = await readsOf(what, 20);
      const many = await readsOf(what, 80);
      assert.ok(few > 20);
      assert.ok(many <= 5 * few, `${few} reads of 20, ${many} of 80`);
    });
  }
});

describe('Very many words against an officer, which nobody signed', () => {
  /** How often a trace over so many devices reads them. */
  async function readsOf(devices: number): Promise<number> {
    const hierarchy = await twoCountries();
    const { wrap, reads } = counting();
    const last = await hierarchy.addChain(devices, 't-nmi-north', 'chain');
    hierarchy.addStatement('suspension', ['person', 'nmi-north/officer'], { signers: ['organisation:nmi-north'] });
    hierarchy.changePerson('nmi-north/officer', ({ impediments, ...record }) =>
      Object.freeze({ ...record, impediments: wrap(flood(impediments, 20).slice(1)) }),
    );
    await hierarchy.trace(last);
    return reads();
  }

  it('are not heard anew for each device', async () => {
    const few = await readsOf(2);
    const many = await readsOf(6);
    assert.ok(few >= 20);
    assert.ok(many <= 1.5 * few, `${few} reads for 2 devices, ${many} for 6`);
  });
});

describe('Very many keys of an organisation, and of the officer who carries each of them over', () => {
  /** How often a trace of an act reads the officer's entries: after so many renewals of both, all by those who may. */
  async function readsOf(count: number): Promise<number> {
    const hierarchy = await twoCountries();
    const { wrap, reads } = counting();
    const at = (place: number) => ({ registered: instantOf(millisecondsOf('2026-01-01T00:00:00Z') + 1000 * place) });
    for (let place = 0; place < count; place += 1) {
      await hierarchy.renewKey('oem-a', at(2 * place));
      await hierarchy.addOfficer({ id: 'officer', organisation: 'oem-a', ...at(2 * place + 1) });
    }
    hierarchy.addStatement('suspension', ['person', 'oem-a/officer'], {
      signers: ['organisation:oem-a'],
      ...at(2 * count),
    });
    hierarchy.setInterval('sensor-a', 300, at(2 * count + 1));
    hierarchy.changePerson('oem-a/officer', (record) => ({
      ...record,
      authorisations: wrap(record.authorisations),
    }));
    await hierarchy.trace('sensor-a');
    return reads();
  }

  it('are not all compared with one another', async () => {
    const few = await readsOf(7);
    const many = await readsOf(28);
    assert.ok(few > 7);
    // At each of the acts, which are as many, each key is read; each with each would be 12 times as many reads.
    assert.ok(many <= 9 * few, `${few} reads of 7, ${many} of 28`);
  });
});
