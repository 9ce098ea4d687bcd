import { checkpointers } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { text } from '../support/application.js';
import { transactionsOf } from '../support/blocks.js';
import { eventually } from '../support/eventually.js';
import { CLOSED_COLLECTION, KV } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';
import { signedAnew } from '../support/signedMessages.js';

const { VALID, DUPLICATE_TXID, MVCC_READ_CONFLICT } = peer.TxValidationCode;
/** Real Fabric's orderers need some seconds to agree on a leader again. */
const RESTART_MS = 180_000;

scenarios('Restarts', (stage) => {
  for (const [how, bringDown] of [
    ['in order', () => Promise.resolve()],
    ['after every process was killed', () => stage.network.kill()],
  ] as const) {
    describe(how, () => {
      const [key, privateKey, conflicting, event] = [freshKey(), freshKey(), freshKey(), freshKey('event')];
      const statuses: { readonly bytes: Uint8Array; readonly code: number }[] = [];
      const checkpoint = checkpointers.inMemory();
      let sent: { readonly bytes: Uint8Array; readonly txId: string; readonly block: bigint };

      before(async function () {
        this.timeout(RESTART_MS);
        const contract = stage.as('alpha').contract();
        const transaction = await contract.newProposal('append', { arguments: [key, 'before'] }).endorse();
        const commit = await transaction.submit();
        const { code, blockNumber } = await commit.getStatus();
        statuses.push({ bytes: commit.getBytes(), code });
        sent = {
          bytes: transaction.getBytes(),
          txId: transaction.getTransactionId(),
          block: blockNumber,
        };
        const losers = await Promise.all(
          ['a', 'b'].map((value) => contract.newProposal('append', { arguments: [conflicting, value] }).endorse()),
        );
        for (const loser of losers) {
          const submitted = await loser.submit();
          statuses.push({ bytes: submitted.getBytes(), code: (await submitted.getStatus()).code });
        }
        await contract.submit('putPrivate', {
          arguments: [CLOSED_COLLECTION, privateKey],
          transientData: { value: 'kept' },
        });
        await contract.submitTransaction('emit', event, 'before');
        const events = await stage.as('alpha').network().getChaincodeEvents(KV, { startBlock: blockNumber });
        for await (const found of events) {
          if (found.eventName !== event) continue;
          await checkpoint.checkpointChaincodeEvent(found);
          break;
        }
        events.close();
        await bringDown();
        await stage.restart();
      });

      it('keep what was committed', async () => {
        assert.equal(await stage.as('alpha').evaluate('get', key), 'before');
        assert.equal(await stage.as('alpha').evaluate('getPrivate', CLOSED_COLLECTION, privateKey), 'kept');
      });

      it('keep the commit status of every transaction, by its id', async () => {
        assert.deepEqual(
          statuses.map(({ code }) => code),
          [VALID, VALID, MVCC_READ_CONFLICT],
        );
        for (const { bytes, code } of statuses) {
          assert.equal((await stage.as('alpha').gateway.newCommit(bytes).getStatus()).code, code);
        }
      });

      it('let transactions continue', async function () {
        this.timeout(RESTART_MS);
        // Only what surely was not ordered may be sent again, and this writes the same whenever it is.
        await eventually(() => stage.as('alpha').submit('put', freshKey(), 'after'), RESTART_MS / 2);
      });

      it('let event streams continue from their checkpoint', async function () {
        this.timeout(RESTART_MS);
        await eventually(() => stage.as('alpha').submit('emit', event, 'after'), RESTART_MS / 2);
        const events = await stage.as('alpha').network().getChaincodeEvents(KV, { checkpoint });
        for await (const found of events) {
          if (found.eventName !== event) continue;
          assert.equal(text(found.payload), 'after');
          break;
        }
        events.close();
      });

      it('do not let a transaction be applied a second time when it is ordered again: DUPLICATE_TXID', async function () {
        this.timeout(RESTART_MS);
        const { gateway } = stage.as('alpha');
        const again = signedAnew(stage.network, 'alpha', sent.bytes);
        await eventually(() => gateway.newTransaction(again).submit(), RESTART_MS / 2);
        const codes: number[] = [];
        const blocks = await stage.as('alpha').network().getBlockEvents({ startBlock: sent.block });
        for await (const block of blocks) {
          const same = transactionsOf(block).filter(({ txId }) => txId === sent.txId);
          codes.push(...same.map(({ code }) => code));
          if (codes.length === 2) break;
        }
        blocks.close();
        assert.deepEqual(codes, [VALID, DUPLICATE_TXID]);
        assert.equal(await stage.as('alpha').evaluate('get', key), 'before');
        assert.equal((await stage.as('alpha').gateway.newCommit(statuses[0]!.bytes).getStatus()).code, VALID);
      });
    });
  }

  it('leave a network whose members all see the same', async () => {
    const key = freshKey();
    await eventually(() => stage.as('beta').submit('put', key, 'seen by all'));
    for (const member of ['alpha', 'beta', 'gamma', 'delta'] as const) {
      await eventually(async () => {
        assert.equal(await stage.as(member).evaluate('get', key), 'seen by all');
      });
    }
  });
});
