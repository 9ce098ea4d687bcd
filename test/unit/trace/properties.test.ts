import assert from 'node:assert/strict';
import { canonicalJson } from '@tracecal/core/model';
import type { CertifiedEntry, Entry } from '@tracecal/core/model';
import fc from 'fast-check';
import { AS_OF, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { naiveStatus } from '../../support/naiveTrace.js';
import { asyncProperty } from '../../support/property.js';
import { build, plans } from '../../support/randomHierarchy.js';

describe('traceCal on random hierarchies', () => {
  it('agrees with a naive reading of the rules, whatever is broken', async function () {
    this.timeout(1_200_000);
    const seen = new Map<string, number>();
    await asyncProperty(
      plans,
      async (plan) => {
        const { hierarchy, devices } = await build(plan);
        for (const device of devices) {
          const verdict = await hierarchy.trace(device);
          assert.equal(verdict.status, naiveStatus(hierarchy, device, AS_OF), `${device}: ${verdict.reason}`);
          seen.set(verdict.status, (seen.get(verdict.status) ?? 0) + 1);
        }
      },
      30,
    );
    assert.deepEqual(
      [...seen.keys()].sort(),
      ['ATTESTED', 'FAILED', 'INCOMPLETE', 'TRACEABLE'],
      'every status occurred',
    );
  });

  it('says the same again, byte for byte', async () => {
    await asyncProperty(
      plans,
      async (plan) => {
        const { hierarchy, devices } = await build(plan);
        // Equal records that nobody has read yet: nothing that was remembered answers.
        const { hierarchy: equal } = await build(plan);
        const last = devices.at(-1) ?? '';
        const [once, again] = [await hierarchy.trace(last), await equal.trace(last)];
        assert.equal(canonicalJson(once), canonicalJson(again));
      },
      15,
    );
  });

  it('is TRACEABLE no more after any single change of any signed byte', async () => {
    const hierarchy = await twoCountries();
    const change = fc.record({
      entry: fc.constantFrom(...signedIn(hierarchy)),
      part: fc.constantFrom('payload', 'protected', 'signature', 'certificate' as const),
      signature: fc.nat({ max: 1 }),
      at: fc.nat(),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    await asyncProperty(
      change,
      async ({ entry, part, signature, at, flip }) => {
        const flipped = (text: string, encoding: 'base64' | 'base64url') => {
          const bytes = Buffer.from(text, encoding);
          const position = at % bytes.length;
          bytes[position] = bytes[position]! ^ flip;
          return bytes.toString(encoding);
        };
        const restore = entry.change((old) => {
          if (part === 'certificate' && old.certificate !== undefined) {
            return { ...old, certificate: flipped(old.certificate, 'base64') };
          }
          if (part === 'payload') {
            return { ...old, jws: { ...old.jws, payload: flipped(old.jws.payload, 'base64url') } };
          }
          const which = signature % old.jws.signatures.length;
          const field = part === 'protected' ? 'protected' : 'signature';
          const signatures = old.jws.signatures.map((each, index) =>
            index === which ? { ...each, [field]: flipped(each[field], 'base64url') } : each,
          );
          return { ...old, jws: { ...old.jws, signatures } };
        });
        const status = await hierarchy.trace('sensor-a').then((verdict) => verdict.status, unknownVersion);
        restore();
        assert.notEqual(status, 'TRACEABLE', entry.name);
        assert.equal((await hierarchy.trace('sensor-a')).status, 'TRACEABLE');
      },
      60,
    );
  });
});

/** No verdict either: the change made it a statement of a type that nobody knows. */
function unknownVersion(error: unknown): string {
  assert.match(String(error), /^RegistryError: VERSION_UNKNOWN/);
  return 'VERSION_UNKNOWN';
}

type AnyEntry = Entry & { readonly certificate?: string };

/** A statement on which the trace of `sensor-a` rests; `change` returns what undoes the change. */
interface Signed {
  readonly name: string;
  change(change: (entry: AnyEntry) => AnyEntry): () => void;
}

/** Everything signed that the trace of `sensor-a` rests on. */
function signedIn(hierarchy: Hierarchy): readonly Signed[] {
  const { organisations, people, devices, reports } = hierarchy;
  const inMap = <R>(
    map: Map<string, R>,
    id: string,
    part: string,
    change: (record: R, to: (entry: AnyEntry) => AnyEntry) => R,
  ): Signed => ({
    name: `${part} of ${id}`,
    change(to) {
      const before = map.get(id)!;
      map.set(id, change(before, to));
      return () => map.set(id, before);
    },
  });
  const first = <E>(entries: readonly E[], to: (entry: E) => E): readonly E[] => [to(entries[0]!), ...entries.slice(1)];
  type To<E> = (entry: E) => E;
  return [
    {
      name: 'founding',
      change(to) {
        const before = hierarchy.registryRecord!;
        hierarchy.registryRecord = { ...before, founding: to(before.founding) };
        return () => (hierarchy.registryRecord = before);
      },
    },
    ...['oem-a', 'lab-alpha', 'nmi-north'].map((id) =>
      inMap(organisations, id, 'membership', (old, to) => ({
        ...old,
        memberships: first(old.memberships, to as To<CertifiedEntry>),
      })),
    ),
    ...['lab-alpha', 'nmi-north'].map((id) =>
      inMap(organisations, id, 'accreditation', (old, to) => ({
        ...old,
        accreditations: first(old.accreditations, to),
      })),
    ),
    ...['oem-a', 'lab-alpha', 'nmi-north'].flatMap((id) =>
      [`${id}/t-${id}`, `${id}/officer`].map((person) =>
        inMap(people, person, 'authorisation', (old, to) => ({
          ...old,
          authorisations: first(old.authorisations, to as To<CertifiedEntry>),
        })),
      ),
    ),
    ...['oem-a/sensor-a', 'oem-a/working-a', 'lab-alpha/reference-a', 'nmi-north/primary-a'].flatMap((id) => [
      inMap(devices, id, 'imprint', (old, to) => ({
        ...old,
        imprints: first(old.imprints, to as To<CertifiedEntry>),
      })),
      inMap(devices, id, 'acceptance', (old, to) => ({ ...old, ownership: first(old.ownership, to) })),
    ]),
    ...['oem-a/sensor-a-r1', 'lab-alpha/working-a-r1', 'nmi-north/reference-a-r1', 'nmi-north/primary-a-r1'].map((id) =>
      inMap(reports, id, 'report', (old, to) => ({ ...old, statement: to(old.statement) })),
    ),
  ];
}
