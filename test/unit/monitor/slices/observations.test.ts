import {
  authorityOf,
  mayIsolate,
  Observations,
  OBSERVED_BY_USERS,
  signObservation,
  Store,
  supportOf,
  weightOf,
} from '@tracecal/monitor';
import type { Authority, UserObservation } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { join } from 'node:path';
import { findingOf, NOW, TIME } from '../../../support/monitor/site.js';
import { linksOf, MONITOR, officerOf, userOf } from '../../../support/monitor/users.js';
import type { User } from '../../../support/monitor/users.js';
import { property } from '../../../support/property.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const DEVICE = 'oem/T1';
const OPERATOR = 'operator-a';
const ALL = { limit: 10_000 };
const officer = userOf('officer');

describe('Observations by users', () => {
  let store: Store;
  let observations: Observations;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    store = await Store.open(join(temporaryFolder(), 'store'));
    observations = new Observations(store, MONITOR, () => now);
  });

  afterEach(() => store.close());
  after(removeTemporaryFolders);

  const authority = async (...users: readonly User[]): Promise<Authority> =>
    authorityOf(
      {
        monitor: MONITOR,
        officer: officerOf(officer),
        links: await linksOf(
          officer,
          users.map((to) => ({ to })),
        ),
      },
      NOW,
    );
  const signed = (user: User, given: Partial<UserObservation> = {}) =>
    signObservation(
      { monitor: MONITOR, device: DEVICE, time: TIME, text: 'It shows 3 K too much.', ...given },
      user.key,
    );
  async function file(users: readonly User[], given: Partial<UserObservation> = {}): Promise<string> {
    return observations.file(await signed(users.at(-1)!, given), given.device ?? DEVICE, await authority(...users));
  }
  const support = async (device = DEVICE) => (await observations.on(device, OPERATOR, ALL)).support;
  const [anna, ben] = [userOf('anna'), userOf('ben')];

  it('are shown with their text, who wrote them, and their weight, in pages', async () => {
    const ids = [await file([anna]), await file([ben], { time: '2026-03-01T12:01:00Z', text: 'Me too.' })];
    const { items, support: together, next } = await observations.on(DEVICE, OPERATOR, { limit: 1 });
    assert.deepEqual(items, [{ id: ids[0], time: TIME, text: 'It shows 3 K too much.', by: 'anna', weight: 0.25 }]);
    assert.equal(together, 0.5);
    const second = await observations.on(DEVICE, OPERATOR, { limit: 1, after: next! });
    assert.deepEqual([second.items.map(({ by }) => by), second.next], [['ben'], undefined]);
    assert.deepEqual(await observations.on(DEVICE, 'operator-b', ALL), { items: [], support: 0 });
  });

  it('are bound to monitor, device, time, signer and length', async () => {
    const by = await authority(anna);
    const cases: readonly (readonly [string, string, string])[] = [
      [await signed(anna, { monitor: 'monitor-2' }), DEVICE, 'OTHER_MONITOR'],
      [await signed(anna), 'oem/T2', 'CONTENT_INVALID'],
      [await signed(anna, { time: '2026-03-01T11:44:59Z' }), DEVICE, 'TIME_WRONG'],
      [await signed(anna, { time: '2026-03-01T12:15:01Z' }), DEVICE, 'TIME_WRONG'],
      [await signed(ben), DEVICE, 'SIGNATURE_INVALID'],
      [await signed(anna, { text: 'x'.repeat(2001) }), DEVICE, 'CONTENT_INVALID'],
      [await signed(anna, { text: '' }), DEVICE, 'CONTENT_INVALID'],
    ];
    for (const [jws, device, code] of cases) await assert.rejects(observations.file(jws, device, by), { code });
    await file([anna], { text: 'x'.repeat(2000) });
  });

  it('count once when sent again, and end at 20 a day', async () => {
    assert.equal(await file([anna]), await file([anna]));
    for (let n = 1; n < 20; n += 1) await file([anna], { text: `No. ${n}` });
    await assert.rejects(file([anna], { text: 'One more.' }), { code: 'QUOTA_SPENT' });
    const { items, support: together } = await observations.on(DEVICE, OPERATOR, ALL);
    assert.deepEqual([items.length, together], [20, 0.25]);
  });

  it('weigh more when earlier ones of the user were confirmed, and less when they were refuted', async () => {
    for (const outcome of ['confirmed', 'confirmed', 'refuted'] as const) {
      await file([anna], { device: `oem/${outcome}`, text: `${now}` });
      assert.equal(await observations.settle(`oem/${outcome}`, OPERATOR, outcome), 1);
      now += 1;
    }
    await file([anna]);
    assert.equal(await support(), 3 / 7);
    await assert.rejects(observations.settle('oem/confirmed', OPERATOR, 'confirmed'), { code: 'NOT_FOUND' });
    await assert.rejects(observations.settle(DEVICE, 'operator-b', 'confirmed'), { code: 'NOT_FOUND' });
  });

  it('of delegates weigh together as much as who delegated to them, who answers for them', async () => {
    for (let n = 0; n < 30; n += 1) await file([anna, userOf(`many-${n}`)]);
    assert.equal(await support(), weightOf({ confirmed: 0, refuted: 0 }));
    await observations.settle(DEVICE, OPERATOR, 'refuted');
    await file([anna, userOf('new')], { device: 'oem/T2' });
    assert.equal(await support('oem/T2'), weightOf({ confirmed: 0, refuted: 1 }));
  });

  it('lead to a proposal to measure the device, and to nothing else', async () => {
    await file([anna]);
    assert.equal(await observations.findingOn(DEVICE, OPERATOR), undefined);
    await file([ben]);
    const finding = await observations.findingOn(DEVICE, OPERATOR);
    assert.deepEqual([finding?.name, finding?.proposes], [OBSERVED_BY_USERS, { action: 'measure', devices: [DEVICE] }]);
    assert.equal(finding?.says, '2 observations by users weigh 0.50 of 1 together.');
  });

  it('of 1,000 colluding users isolate nobody', async function () {
    this.timeout(60_000);
    const base = await authority(anna);
    const [{ key, publicKey }] = [userOf('colluder')];
    for (let n = 0; n < 1000; n += 1) {
      const holder = { id: `colluder-${n}`, name: `colluder-${n}`, key: publicKey };
      // Half of them were named by an officer, the others by one user.
      const path = n % 2 === 0 ? [base.path[0]!, holder] : [...base.path, holder];
      const jws = await signObservation({ monitor: MONITOR, device: DEVICE, time: TIME, text: 'Isolate it!' }, key);
      await observations.file(jws, DEVICE, { ...base, holder, path });
    }
    const finding = await observations.findingOn(DEVICE, OPERATOR);
    assert.equal(finding?.evidence.length, 1000);
    assert.equal(finding.proposes.action, 'measure');
    assert.equal(await support(), 1);
    assert.equal(mayIsolate([finding, finding]), false);
    assert.equal(mayIsolate([finding, findingOf(DEVICE)]), true);
  });

  it('never weigh more by more delegates, for random trees of users', () => {
    const holder = fc.constantFrom('a', 'b', 'c');
    const paths = fc.array(fc.array(holder, { minLength: 1, maxLength: 3 }), { maxLength: 30 });
    property(fc.tuple(paths, fc.nat(50), fc.nat(50)), ([filed, confirmed, refuted]) => {
      const record = { confirmed, refuted };
      const heads = new Set(filed.map(([first]) => first));
      const most = Math.min(1, heads.size * weightOf(record));
      assert.ok(supportOf(filed, () => record) <= most + 1e-12);
    });
  });
});
