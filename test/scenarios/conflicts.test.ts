import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

scenarios('Conflicts between transactions', (stage) => {
  const endorse = (transaction: string, ...args: string[]): Promise<Transaction> =>
    stage.as('alpha').contract().newProposal(transaction, { arguments: args }).endorse();
  const commit = async (transaction: Transaction): Promise<number> =>
    (await (await transaction.submit()).getStatus()).code;

  it('invalidate the later of two that read and wrote the same key: MVCC_READ_CONFLICT', async () => {
    const key = freshKey();
    const [first, second] = [await endorse('append', key, 'first'), await endorse('append', key, 'second')];
    assert.equal(await commit(first), VALID);
    assert.equal(await commit(second), MVCC_READ_CONFLICT);
    assert.equal(await stage.as('alpha').evaluate('get', key), 'first');
  });

  it('leave exactly one of several that are submitted at once', async () => {
    const key = freshKey();
    const transactions = await Promise.all(['a', 'b', 'c', 'd'].map((value) => endorse('append', key, value)));
    const codes = await Promise.all(transactions.map(commit));
    assert.deepEqual(
      [...codes].sort((a, b) => a - b),
      [VALID, ...Array<number>(3).fill(MVCC_READ_CONFLICT)],
    );
    const winner = ['a', 'b', 'c', 'd'][codes.indexOf(VALID)];
    assert.equal(await stage.as('alpha').evaluate('get', key), winner);
  });

  it('invalidate a transaction whose key was deleted meanwhile', async () => {
    const key = freshKey();
    await stage.as('alpha').submit('put', key, 'here');
    const reader = await endorse('append', key, ' and there').catch(() => endorse('append', key, ' and there'));
    await stage.as('alpha').submit('remove', key);
    assert.equal(await commit(reader), MVCC_READ_CONFLICT);
  });

  it('do not exist between writers that have not read', async () => {
    const key = freshKey();
    const [first, second] = [await endorse('put', key, 'first'), await endorse('put', key, 'second')];
    assert.equal(await commit(second), VALID);
    assert.equal(await commit(first), VALID);
    assert.equal(await stage.as('alpha').evaluate('get', key), 'first');
  });

  it('invalidate a transaction in whose range a key appeared: PHANTOM_READ_CONFLICT', async () => {
    const [range, into] = [freshKey('range'), freshKey()];
    const count = await endorse('countRange', `${range}-a`, `${range}-z`, into);
    await stage.as('alpha').submit('put', `${range}-m`, 'appeared');
    assert.equal(await commit(count), PHANTOM_READ_CONFLICT);
    assert.equal(await stage.as('alpha').evaluate('get', into), '');
  });

  it('do not arise from a key just outside the range', async () => {
    const [range, into] = [freshKey('range'), freshKey()];
    const count = await endorse('countRange', `${range}-a`, `${range}-m`, into);
    await stage.as('alpha').submit('put', `${range}-m`, 'the end is not part of it');
    assert.equal(await commit(count), VALID);
    assert.equal(await stage.as('alpha').evaluate('get', into), '0');
  });
});
