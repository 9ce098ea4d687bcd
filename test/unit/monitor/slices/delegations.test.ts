import { Delegations, holderOf, signDelegation, signRevocation, Store } from '@tracecal/monitor';
import type { Authority, Delegation } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { NOW, sliceOf, TIME } from '../../../support/monitor/site.js';
import { delegationTo, digestOf, MONITOR, officerOf, userOf } from '../../../support/monitor/users.js';
import type { User } from '../../../support/monitor/users.js';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const [officer, second, rival, anna, ben] = ['officer', 'second', 'rival', 'anna', 'ben'].map((name) =>
  userOf(name),
) as [User, User, User, User, User];
const OFFICERS = [officerOf(officer), officerOf(second), officerOf(rival, sliceOf({ operator: 'operator-b' }))];

describe('Delegations that a monitor was given', () => {
  let folder: string;
  let store: Store;
  let delegations: Delegations;
  const given = new Map<string, string>();

  beforeEach(async () => {
    folder = join(temporaryFolder(), 'store');
    given.clear();
    await open();
  });

  async function open(): Promise<void> {
    store = await Store.open(folder);
    delegations = new Delegations(store, MONITOR, OFFICERS, () => NOW);
  }

  afterEach(() => store.close());
  after(removeTemporaryFolders);

  /** By what was given to them last, unless it is named. */
  const of = (user: User, digest = given.get(user.name)): Promise<Authority> =>
    delegations.authorityOf(holderOf(user.publicKey), digest);
  async function give(giver: User, to: User, more: Partial<Delegation> = {}): Promise<string> {
    const authority = await of(giver);
    const delegation = delegationTo(to, { above: authority.delegation ?? null, slice: authority.slice, ...more });
    const digest = await delegations.add(await signDelegation(delegation, giver.key), authority);
    given.set(to.name, digest);
    return digest;
  }
  const revocation = (delegation: string, signer: User) =>
    signRevocation({ monitor: MONITOR, delegation, date: TIME }, signer.key);
  async function below(user: User): Promise<readonly (readonly [string, boolean])[]> {
    const found: [string, boolean][] = [];
    for await (const { delegation, isRevoked } of delegations.below(await of(user)))
      found.push([delegation.to.name, isRevoked]);
    return found.sort(([one], [other]) => (one < other ? -1 : 1));
  }

  it('let somebody act after a restart too, and are known by the key of who holds them', async () => {
    await give(officer, anna);
    await give(anna, ben);
    await store.close();
    await open();
    assert.deepEqual(
      (await of(ben)).path.map(({ name }) => name),
      ['officer', 'anna', 'ben'],
    );
    assert.deepEqual(await delegations.keyOf(holderOf(ben.publicKey)), ben.publicKey);
    assert.equal(await delegations.keyOf(holderOf(userOf('nobody').publicKey)), undefined);
    await assert.rejects(of(userOf('nobody')), { code: 'NOT_DELEGATED' });
  });

  it('are named by their holder, and by nobody else: what others give disturbs nobody', async () => {
    const [one] = [await give(officer, anna), await give(rival, anna)];
    assert.deepEqual([(await of(anna, one)).delegation, (await of(anna, one)).slice.operator], [one, 'operator-a']);
    const { delegation } = await of(anna);
    assert.notEqual(delegation, one);
    await assert.rejects(delegations.authorityOf(holderOf(anna.publicKey)), {
      code: 'NOT_DELEGATED',
      message: /^Name the/,
    });
    await assert.rejects(of(ben, one), { code: 'NOT_DELEGATED' });
    await assert.rejects(of(officer, one), { code: 'NOT_DELEGATED' });
  });

  it('are taken only as signed by their giver, who hands them in', async () => {
    const forged = await signDelegation(delegationTo(ben), anna.key);
    await assert.rejects(delegations.add(forged, await of(officer)), { code: 'SIGNATURE_INVALID' });
    const rivals = await signDelegation(delegationTo(ben, { slice: sliceOf() }), rival.key);
    await assert.rejects(delegations.add(rivals, await of(rival)), { code: 'WIDER' });
  });

  it('end with all below when somebody above, an officer or the holder revokes them, for good', async () => {
    const first = await give(officer, anna);
    await give(anna, ben);
    for (const stranger of [rival, ben]) {
      await assert.rejects(delegations.revoke(await revocation(first, stranger), await of(stranger)), {
        code: 'NOT_FOUND',
      });
    }
    await assert.rejects(delegations.revoke(await revocation(first, anna), await of(second)), {
      code: 'SIGNATURE_INVALID',
    });
    assert.equal(await delegations.revoke(await revocation(first, second), await of(second)), first);
    await store.close();
    await open();
    for (const user of [anna, ben]) await assert.rejects(of(user), { code: 'REVOKED' });
    assert.deepEqual(await below(officer), [
      ['anna', true],
      ['ben', true],
    ]);
  });

  it('say the same about a delegation of a rival and one that does not exist', async () => {
    const theirs = await give(officer, anna);
    for (const digest of [theirs, '0'.repeat(64)]) {
      await assert.rejects(delegations.revoke(await revocation(digest, rival), await of(rival)), { code: 'NOT_FOUND' });
    }
  });

  it('are shown to those above them only', async () => {
    await give(officer, anna);
    await give(anna, ben);
    await give(rival, userOf('theirs'));
    assert.deepEqual(await below(second), [
      ['anna', false],
      ['ben', false],
    ]);
    assert.deepEqual(await below(anna), [['ben', false]]);
    assert.deepEqual(await below(ben), []);
    assert.deepEqual(await below(rival), [['theirs', false]]);
  });

  it('are taken once: the same one again changes nothing', async () => {
    const link = await signDelegation(delegationTo(anna), officer.key);
    const digests = [await delegations.add(link, await of(officer)), await delegations.add(link, await of(officer))];
    assert.deepEqual(digests, [digestOf(link), digestOf(link)]);
    assert.deepEqual(await below(officer), [['anna', false]]);
  });
});
