import assert from 'node:assert/strict';
import { failureOf } from '../support/failure.js';
import { eventually } from '../support/eventually.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

interface Page {
  readonly entries: Readonly<Record<string, string>>;
  readonly bookmark: string;
  readonly count: number;
}

interface Change {
  readonly txId: string;
  readonly value: string;
  readonly isDelete: boolean;
}

scenarios('Queries', (stage) => {
  const query = async <T>(transaction: string, ...args: string[]): Promise<T> =>
    JSON.parse(await stage.as('alpha').evaluate(transaction, ...args)) as T;

  describe('over a range of keys', () => {
    it('give the keys from the start up to, and without, the end, in the order of their bytes', async () => {
      const range = freshKey('range');
      for (const name of ['b', 'ä', 'a', 'B', 'z', '😀', '\uffee'])
        await stage.as('alpha').submit('put', range + name, name);
      const found = await query<Record<string, string>>('range', `${range}B`, `${range}😀`);
      assert.deepEqual(Object.values(found), ['B', 'a', 'b', 'z', 'ä', '\uffee']);
    });

    it('give nothing for a range in which nothing is', async () => {
      const range = freshKey('range');
      assert.deepEqual(await query('range', range, `${range}~`), {});
    });

    it('without bounds give all keys but composite ones', async () => {
      const key = freshKey();
      await stage.as('alpha').submit('put', key, 'in the middle of everything');
      const everything = await query<Record<string, string>>('range', '', '');
      assert.equal(everything[key], 'in the middle of everything');
    });

    it('continue beyond the size of one answer of a peer', async () => {
      const prefix = freshKey('many');
      await stage.as('alpha').submit('putMany', prefix, '250');
      const found = await query<Record<string, string>>('range', prefix, `${prefix}~`);
      assert.equal(Object.keys(found).length, 250);
      assert.deepEqual(
        Object.values(found),
        Array.from({ length: 250 }, (_, index) => String(index)),
      );
    });

    it('are the same at every member', async () => {
      const prefix = freshKey('everywhere');
      await stage.as('alpha').submit('putMany', prefix, '5');
      const here = await query('range', prefix, `${prefix}~`);
      await eventually(async () => {
        assert.deepEqual(JSON.parse(await stage.as('delta').evaluate('range', prefix, `${prefix}~`)), here);
      });
    });
  });

  describe('by pages', () => {
    it('go through a range, each from the bookmark of the one before', async () => {
      const prefix = freshKey('pages');
      await stage.as('alpha').submit('putMany', prefix, '7');
      const sizes: number[] = [];
      const found: string[] = [];
      let bookmark = '';
      do {
        const page = await query<Page>('page', prefix, `${prefix}~`, '3', bookmark);
        sizes.push(page.count);
        found.push(...Object.values(page.entries));
        bookmark = page.bookmark;
      } while (bookmark !== '');
      assert.deepEqual(found, ['0', '1', '2', '3', '4', '5', '6']);
      assert.deepEqual(sizes, [3, 3, 1]);
    });

    it('end with an empty bookmark also where the last page is full', async () => {
      const prefix = freshKey('pages');
      await stage.as('alpha').submit('putMany', prefix, '4');
      const first = await query<Page>('page', prefix, `${prefix}~`, '2', '');
      const second = await query<Page>('page', prefix, `${prefix}~`, '2', first.bookmark);
      assert.deepEqual([first.count, second.count, second.bookmark], [2, 2, '']);
    });

    it('hold all that follows a bookmark where no size is given', async () => {
      const prefix = freshKey('pages');
      await stage.as('alpha').submit('putMany', prefix, '4');
      const first = await query<Page>('page', prefix, `${prefix}~`, '1', '');
      const rest = await query<Page>('page', prefix, `${prefix}~`, '0', first.bookmark);
      assert.deepEqual([rest.count, rest.bookmark], [3, '']);
    });

    it('commit in a transaction, although more keys follow', async () => {
      const prefix = freshKey('pages');
      await stage.as('alpha').submit('putMany', prefix, '4');
      await stage.as('alpha').submit('page', prefix, `${prefix}~`, '2', '');
    });
  });

  describe('of the history of a key', () => {
    it('tell every change, the newest first, with its transaction', async () => {
      const key = freshKey();
      const contract = stage.as('alpha').contract();
      const txIds: string[] = [];
      for (const [transaction, ...args] of [
        ['put', key, 'first'],
        ['put', key, 'second'],
        ['remove', key],
      ] as const) {
        const commit = await contract.submitAsync(transaction, { arguments: [...args] });
        await commit.getStatus();
        txIds.unshift(commit.getTransactionId());
      }
      const changes = await query<Change[]>('history', key);
      assert.deepEqual(
        changes.map(({ txId }) => txId),
        txIds,
      );
      assert.deepEqual(
        changes.map(({ value, isDelete }) => [value, isDelete]),
        [
          ['', true],
          ['second', false],
          ['first', false],
        ],
      );
    });

    it('leave out what was invalid', async () => {
      const key = freshKey();
      const contract = stage.as('alpha').contract();
      const transactions = await Promise.all(
        ['one', 'other'].map((value) => contract.newProposal('append', { arguments: [key, value] }).endorse()),
      );
      for (const transaction of transactions) await (await transaction.submit()).getStatus();
      const changes = await query<Change[]>('history', key);
      assert.deepEqual(
        changes.map(({ value }) => value),
        ['one'],
      );
    });

    it('are empty for a key that never was', async () => {
      assert.deepEqual(await query('history', freshKey()), []);
    });
  });

  it('in the language of CouchDB are refused: the state is kept in LevelDB', async () => {
    const failure = await failureOf(stage.as('alpha').evaluate('richQuery', '{"selector":{}}'));
    assert.equal(failure.code, 'UNKNOWN');
    assert.match(failure.text, /ExecuteQuery not supported for leveldb/);
  });
});
