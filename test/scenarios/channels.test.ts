import assert from 'node:assert/strict';
import type { Contract } from '@hyperledger/fabric-gateway';
import { text } from '../support/application.js';
import { failureOf } from '../support/failure.js';
import { eventually } from '../support/eventually.js';
import { KV, OWN, OWN_KV, SHARED } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

/** What one chaincode tells about another's answer. */
interface Answer {
  readonly status: number;
  readonly message: string;
  readonly payload: string;
}

scenarios('Channels', (stage) => {
  const own = (): Contract => stage.as('delta').contract(OWN_KV, OWN);

  it('keep what is written to themselves', async () => {
    const key = freshKey();
    await stage.as('alpha').submit('put', key, 'shared');
    await own().submitTransaction('put', key, 'own');
    await eventually(async () => {
      assert.equal(await stage.as('delta').evaluate('get', key), 'shared');
    });
    assert.equal(text(await own().evaluateTransaction('get', key)), 'own');
  });

  it('let a member who may only read one write another', async () => {
    await own().submitTransaction('put', freshKey(), 'delta writes here');
    await failureOf(stage.as('delta').submit('put', freshKey(), 'and not there'));
  });

  it('are not there for those who are no members', async () => {
    const away = stage.as('alpha').contract(OWN_KV, OWN);
    const evaluated = await failureOf(away.evaluateTransaction('get', 'key'));
    assert.equal(evaluated.code, 'UNAVAILABLE');
    const submitted = await failureOf(away.submitTransaction('put', 'key', 'value'));
    assert.equal(submitted.name, 'EndorseError');
    assert.equal(submitted.code, 'FAILED_PRECONDITION');
  });

  it('number their blocks on their own', async () => {
    const statuses = [];
    for (const channel of [SHARED, OWN]) {
      const contract = channel === OWN ? own() : stage.as('alpha').contract();
      const commit = await contract.submitAsync('put', { arguments: [freshKey(), 'value'] });
      statuses.push(await commit.getStatus());
    }
    assert.ok(statuses.every(({ successful, blockNumber }) => successful && blockNumber > 0n));
  });

  describe('asked across', () => {
    const ask = (transaction: string, ...args: string[]): Promise<Uint8Array> =>
      own().evaluateTransaction('call', KV, SHARED, JSON.stringify([transaction, ...args]));

    it('answer a chaincode of another channel', async () => {
      const key = freshKey();
      await stage.as('alpha').submit('put', key, 'from above');
      await eventually(async () => {
        const { status, payload } = JSON.parse(text(await ask('get', key))) as Answer;
        assert.deepEqual([status, payload], [200, 'from above']);
      });
    });

    it('answer within a transaction, too, whose own writes count', async () => {
      const key = freshKey();
      await stage.as('alpha').submit('put', key, 'from above');
      await eventually(async () => {
        assert.equal((JSON.parse(text(await ask('get', key))) as Answer).payload, 'from above');
      });
      const answer = await own().submitTransaction('call', KV, SHARED, JSON.stringify(['get', key]));
      assert.equal((JSON.parse(text(answer)) as Answer).payload, 'from above');
    });

    it('discard what such a query writes', async () => {
      const key = freshKey();
      await own().submitTransaction('call', KV, SHARED, JSON.stringify(['put', key, 'written from below']));
      assert.equal(await stage.as('alpha').evaluate('get', key), '');
    });

    it("hand an error to the chaincode that asks, with the other's words", async () => {
      const { status, message } = JSON.parse(text(await ask('fail', 'not today'))) as Answer;
      assert.deepEqual([status, message], [500, 'not today']);
    });

    it('do not answer those who are no members', async () => {
      const failure = await failureOf(stage.as('alpha').evaluate('call', OWN_KV, OWN, '["get","key"]'));
      assert.equal(failure.code, 'UNKNOWN');
      assert.match(failure.text, /INVOKE_CHAINCODE failed: .*measurement/);
    });
  });
});
