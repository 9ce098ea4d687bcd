import { authorityOf, isWithin, RIGHTS, signDelegation } from '@tracecal/monitor';
import type { Authority, Delegation, Slice } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instrumentOf, NOW, sliceOf } from '../../../support/monitor/site.js';
import { delegationTo, digestOf, linksOf, MONITOR, officerOf, userOf } from '../../../support/monitor/users.js';
import type { User } from '../../../support/monitor/users.js';
import { asyncProperty } from '../../../support/property.js';

const officer = userOf('officer');
const people = ['anna', 'ben', 'cleo', 'dina'].map((name) => userOf(name)) as [User, User, User, User];
const [anna, ben, cleo, dina] = people;
const root = officerOf(officer);

function authority(links: readonly string[], now = NOW, revoked: readonly string[] = []): Promise<Authority> {
  return authorityOf({ monitor: MONITOR, officer: root, links }, now, new Set(revoked));
}

describe('Authority by delegation', () => {
  it("begins with an officer, who has the operator's whole slice", async () => {
    const { slice, holder, accounts, delegation } = await authority([]);
    assert.deepEqual([slice, holder.name, accounts.length, delegation], [root.slice, 'officer', 1, undefined]);
  });

  it('is what the last link gives, while everybody above is charged for it', async () => {
    const slice = sliceOf({ departments: ['kiln'], may: ['read', 'delegate'] });
    const narrow = sliceOf({ departments: ['kiln'], kinds: ['balance'], may: ['read'] });
    const links = await linksOf(officer, [
      { to: anna, given: { slice } },
      { to: ben, given: { slice: narrow, until: '2026-03-05T00:00:00Z' } },
    ]);
    const found = await authority(links);
    assert.deepEqual([found.slice, found.holder.name], [narrow, 'ben']);
    assert.deepEqual(
      found.path.map(({ name }) => name),
      ['officer', 'anna', 'ben'],
    );
    assert.deepEqual(
      found.accounts.map(({ id }) => id),
      ['operator-a', ...links.map(digestOf)],
    );
    assert.equal(found.until, Date.parse('2026-03-05T00:00:00Z'));
  });

  it('goes by keys on P-256 and Ed25519 alike', async () => {
    const [dora, emil] = [userOf('dora', true), userOf('emil', true)];
    const found = await authority(await linksOf(officer, [{ to: dora }, { to: emil }]));
    assert.equal(found.holder.name, 'emil');
  });

  it('is refused with its reason', async () => {
    const giving = (given: Partial<Delegation>) => linksOf(officer, [{ to: anna, given }]);
    const cases: readonly (readonly [string, readonly string[], RegExp?])[] = [
      ['OTHER_MONITOR', await giving({ monitor: 'monitor-2' })],
      ['EXPIRED', await giving({ until: '2026-03-01T12:00:00Z' })],
      ['NOT_YET', await giving({ from: '2026-03-01T12:00:01Z' })],
      ['TOO_LONG', await giving({ from: '2026-01-01T00:00:00Z', until: '2026-05-01T00:00:00Z' })],
      ['WIDER', await giving({ slice: sliceOf({ operator: 'operator-b' }) }), /more operator than/],
      [
        'WIDER',
        await linksOf(officer, [{ to: anna }, { to: ben, given: { until: '2026-03-09T00:00:00Z' } }]),
        /longer/,
      ],
      [
        'NOT_DELEGATED',
        await linksOf(officer, [
          { to: anna, given: { slice: sliceOf({ may: [] }) } },
          { to: ben, given: { slice: sliceOf({ may: [] }) } },
        ]),
      ],
      [
        'TOO_DEEP',
        await linksOf(
          officer,
          [anna, ben, cleo, dina].map((to) => ({ to })),
        ),
      ],
      ['SIGNATURE_INVALID', [await signDelegation(delegationTo(anna), anna.key)]],
      ['SIGNATURE_INVALID', ['']],
      ['SIGNATURE_INVALID', ['a.b.c']],
      ['CHAIN_BROKEN', await linksOf(officer, [{ to: anna }, { to: ben, given: { above: '0'.repeat(64) } }])],
      ['CHAIN_BROKEN', await linksOf(officer, [{ to: anna, given: { above: '0'.repeat(64) } }])],
      ['SIGNATURE_INVALID', (await linksOf(officer, [{ to: anna }, { to: ben }])).slice(1)],
      ['CONTENT_INVALID', [await signDelegation({ ...delegationTo(anna), more: 1 } as Delegation, officer.key)]],
    ];
    for (const [code, links, sentence = /./] of cases) {
      await assert.rejects(authority(links), (error: Error & { code: string }) => {
        assert.equal(error.code, code, error.message);
        return sentence.test(error.message);
      });
    }
  });

  it('ends for all below a delegation that was revoked, however its signature is written', async () => {
    const links = await linksOf(officer, [{ to: anna }, { to: ben }, { to: cleo }]);
    for (const link of links) await assert.rejects(authority(links, NOW, [digestOf(link)]), { code: 'REVOKED' });
    const again = await signDelegation(
      JSON.parse(Buffer.from(links[0]!.split('.')[1]!, 'base64url').toString()) as Delegation,
      officer.key,
    );
    assert.notEqual(again, links[0]);
    await assert.rejects(authority([again, ...links.slice(1)], NOW, [digestOf(links[0]!)]), { code: 'REVOKED' });
  });

  it('never gives more than each of its links, for random chains', async () => {
    let given = 0;
    await asyncProperty(
      fc.tuple(
        fc.array(fc.record({ slice: slices, day: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
      ),
      async ([steps, isNarrowing]) => {
        const narrowing = isNarrowing
          ? [...steps].sort((one, other) => breadth(other.slice) - breadth(one.slice))
          : steps;
        const links = await linksOf(
          officer,
          narrowing.map(({ slice, day }, n) => ({
            to: people[n]!,
            given: { slice, until: `2026-03-${String(day).padStart(2, '0')}T00:00:00Z` },
          })),
        );
        const found = await authority(links).catch(() => undefined);
        if (!found) return;
        given += 1;
        for (const { slice, day } of narrowing) {
          assert.ok((found.until ?? Infinity) <= Date.UTC(2026, 2, day));
          assert.ok(found.until! > NOW);
          assertAtMost(found.slice, slice);
        }
        for (const account of found.accounts) assertAtMost(found.slice, { ...found.slice, ...account });
        assertAtMost(found.slice, root.slice);
      },
      300,
    );
    assert.ok(given > 10, `only ${given} chains hold`);
  });
});

function assertAtMost(slice: Slice, than: Slice): void {
  assert.ok(slice.may.every((right) => than.may.includes(right)));
  for (const name of ['probesPerDay', 'bytesPerDay', 'devices'] as const)
    assert.ok(slice.quotas[name] <= than.quotas[name]);
  assert.ok(slice.probeLimits.leastSecondsBetween >= than.probeLimits.leastSecondsBetween);
  assert.ok(slice.probeLimits.largestOutput <= than.probeLimits.largestOutput);
  for (const instrument of everyInstrument) {
    if (isWithin(slice, instrument)) assert.ok(isWithin(than, instrument));
  }
}

const either = [0, 1];
const everyInstrument = either.flatMap((a) =>
  either.flatMap((b) =>
    either.flatMap((c) =>
      ['operator-a', 'operator-b'].map((operator) =>
        instrumentOf('oem/T1', { operator, site: `s${a + 1}`, department: `d${b + 1}`, kind: `k${c + 1}` }),
      ),
    ),
  ),
);

const list = (...all: readonly string[]) =>
  fc.option(fc.subarray([...all], { minLength: 1 }), { nil: undefined, freq: 2 });
const slices: fc.Arbitrary<Slice> = fc
  .record({
    operator: fc.constantFrom('operator-a', 'operator-a', 'operator-a', 'operator-a', 'operator-b'),
    sites: list('s1', 's2'),
    departments: list('d1', 'd2'),
    kinds: list('k1', 'k2'),
    may: fc.subarray([...RIGHTS], { minLength: 5 }),
    quotas: fc.record({
      probesPerDay: fc.integer({ min: 990, max: 1001 }),
      bytesPerDay: fc.constant(1),
      devices: fc.constantFrom(5, 6),
    }),
    probeLimits: fc.record({ leastSecondsBetween: fc.constantFrom(0, 1), largestOutput: fc.constantFrom(99, 100) }),
  })
  .map((given) => sliceOf(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))));

/** How much a slice gives, roughly: sorted by it, more random chains hold. */
function breadth({ sites, departments, kinds, may, quotas, probeLimits }: Slice): number {
  const lists = [sites, departments, kinds].map((each) => each?.length ?? 3);
  return (
    may.length + quotas.probesPerDay + probeLimits.largestOutput + lists.reduce((sum, each) => sum + 100 * each, 0)
  );
}
