import { checkpointers, type ChaincodeEvent } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { credentialsOf, text, type Application } from '../support/application.js';
import { numberOf, transactionsOf } from '../support/blocks.js';
import { failureOf } from '../support/failure.js';
import { CLOSED_COLLECTION, KV, OPEN_COLLECTION } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';

type Closeable<T> = AsyncIterable<T> & { close(): void };

/** The first so many elements that are wanted; the stream is closed then. */
async function take<T>(
  stream: Closeable<T>,
  count: number,
  wanted: (element: T) => boolean = () => true,
): Promise<T[]> {
  const taken: T[] = [];
  for await (const element of stream) {
    if (wanted(element)) taken.push(element);
    if (taken.length === count) break;
  }
  stream.close();
  return taken;
}

scenarios('Events', (stage) => {
  const alpha = (): Application => stage.as('alpha');

  /** Emits an event. Returns the number of its block and the transaction's id. */
  async function emit(name: string, payload: string): Promise<{ blockNumber: bigint; txId: string }> {
    const commit = await alpha()
      .contract()
      .submitAsync('emit', { arguments: [name, payload] });
    const { blockNumber, transactionId } = await commit.getStatus();
    return { blockNumber, txId: transactionId };
  }

  const named =
    (name: string) =>
    (event: ChaincodeEvent): boolean =>
      event.eventName === name;
  const payloads = (events: readonly ChaincodeEvent[]): string[] => events.map(({ payload }) => text(payload));

  describe('of a chaincode', () => {
    it('arrive with their payload, transaction and block', async () => {
      const name = freshKey('event');
      const { blockNumber, txId } = await emit(name, 'ä payload');
      const [event] = await take(await alpha().network().getChaincodeEvents(KV, { startBlock: blockNumber }), 1);
      assert.deepEqual(
        { ...event, payload: text(event!.payload) },
        { blockNumber, transactionId: txId, chaincodeName: KV, eventName: name, payload: 'ä payload' },
      );
    });

    it('arrive as they happen', async () => {
      const name = freshKey('event');
      const { blockNumber } = await emit('before', '');
      const stream = await alpha()
        .network()
        .getChaincodeEvents(KV, { startBlock: blockNumber + 1n });
      const arriving = take(stream, 2, named(name));
      await emit(name, 'first');
      await emit(name, 'second');
      assert.deepEqual(payloads(await arriving), ['first', 'second']);
    });

    it('continue from a checkpoint: none is missing, none is repeated', async () => {
      const name = freshKey('event');
      const { blockNumber } = await emit(name, '1');
      for (const payload of ['2', '3', '4']) await emit(name, payload);
      const checkpoint = checkpointers.inMemory();
      const seen: string[] = [];
      while (seen.length < 4) {
        // Each round is an application that starts again with nothing but its checkpoint.
        const stream = await alpha().network().getChaincodeEvents(KV, { startBlock: blockNumber, checkpoint });
        const [event] = await take(stream, 1, named(name));
        seen.push(text(event!.payload));
        await checkpoint.checkpointChaincodeEvent(event!);
      }
      assert.deepEqual(seen, ['1', '2', '3', '4']);
    });

    it('continue within a block that has several', async () => {
      const name = freshKey('event');
      const transactions = await Promise.all(
        ['a', 'b', 'c', 'd'].map((payload) =>
          alpha()
            .contract()
            .newProposal('emit', { arguments: [`${name}-${payload}`, payload] })
            .endorse(),
        ),
      );
      const statuses = await Promise.all(
        transactions.map(async (transaction) => (await transaction.submit()).getStatus()),
      );
      const startBlock = statuses.map((status) => status.blockNumber).reduce((a, b) => (a < b ? a : b));
      const mine = (event: ChaincodeEvent): boolean => event.eventName.startsWith(name);
      const all = await take(await alpha().network().getChaincodeEvents(KV, { startBlock }), 4, mine);
      const checkpoint = checkpointers.inMemory();
      await checkpoint.checkpointChaincodeEvent(all[1]!);
      const rest = await take(await alpha().network().getChaincodeEvents(KV, { startBlock, checkpoint }), 2, mine);
      assert.deepEqual(payloads(rest), payloads(all.slice(2)));
    });

    it('do not come from invalid transactions', async () => {
      const name = freshKey('event');
      const contract = alpha().contract();
      const refused = await contract
        .newProposal('emit', { arguments: [name, 'refused'], endorsingOrganizations: ['AlphaMSP'] })
        .endorse();
      const { blockNumber, successful } = await (await refused.submit()).getStatus();
      assert.equal(successful, false);
      await emit(name, 'accepted');
      const stream = await alpha().network().getChaincodeEvents(KV, { startBlock: blockNumber });
      assert.deepEqual(payloads(await take(stream, 1, named(name))), ['accepted']);
    });

    it('are the same at every member, readers included', async () => {
      const name = freshKey('event');
      const { blockNumber } = await emit(name, 'for all');
      for (const member of ['beta', 'gamma', 'delta'] as const) {
        const stream = await stage.as(member).network().getChaincodeEvents(KV, { startBlock: blockNumber });
        assert.deepEqual(payloads(await take(stream, 1, named(name))), ['for all']);
      }
    });

    it('of a channel that the asker is not in are refused', async () => {
      const stream = await alpha().network('measurement').getChaincodeEvents('kv-own');
      const failure = await failureOf(take(stream, 1));
      assert.equal(failure.code, 'PERMISSION_DENIED');
    });
  });

  describe('of blocks', () => {
    it('begin where one asks, and each block follows the one before', async () => {
      await emit(freshKey('event'), '');
      const blocks = await take(await alpha().network().getBlockEvents({ startBlock: 0n }), 4);
      assert.deepEqual(blocks.map(numberOf), [0, 1, 2, 3]);
      for (const [index, block] of blocks.slice(1).entries()) {
        assert.notEqual(block.getHeader()!.getPreviousHash_asB64(), '');
        assert.equal(block.getHeader()!.getNumber(), index + 1);
      }
    });

    it('are refused where one asks beyond the next block: what follows a checkpoint of another ledger never comes', async () => {
      const { blockNumber } = await emit(freshKey('event'), '');
      const stream = await alpha()
        .network()
        .getBlockEvents({ startBlock: blockNumber + 1000n });
      await assert.rejects(take(stream, 1), /404/);
    });

    it('tell what was valid and what was not', async () => {
      const valid = await emit(freshKey('event'), '');
      const refused = await alpha()
        .contract()
        .newProposal('noop', { endorsingOrganizations: ['AlphaMSP'] })
        .endorse();
      const invalid = await (await refused.submit()).getStatus();
      const wanted = new Map([
        [valid.txId, 0],
        [invalid.transactionId, 10],
      ]);
      const found = new Map<string, number>();
      const blocks = await alpha().network().getBlockEvents({ startBlock: valid.blockNumber });
      for await (const block of blocks) {
        for (const { txId, code } of transactionsOf(block)) if (wanted.has(txId)) found.set(txId, code);
        if (found.size === wanted.size) break;
      }
      blocks.close();
      assert.deepEqual(found, wanted);
    });

    it('continue from a checkpoint', async () => {
      const { blockNumber } = await emit(freshKey('event'), '');
      const checkpoint = checkpointers.inMemory();
      const numbers: number[] = [];
      for (let round = 0; round < 3; round++) {
        await emit(freshKey('event'), '');
        const stream = await alpha().network().getBlockEvents({ startBlock: blockNumber, checkpoint });
        const [block] = await take<common.Block>(stream, 1);
        numbers.push(numberOf(block!));
        await checkpoint.checkpointBlock(BigInt(numberOf(block!)));
      }
      const first = Number(blockNumber);
      assert.deepEqual(numbers, [first, first + 1, first + 2]);
    });

    it('are also given filtered: ids and verdicts, and nothing that was written', async () => {
      const { blockNumber, txId } = await emit(freshKey('event'), 'not in a filtered block');
      const stream = await alpha().network().getFilteredBlockEvents({ startBlock: blockNumber });
      const [block] = await take(stream, 1);
      assert.equal(block!.getChannelId(), 'calibration');
      const transaction = block!.getFilteredTransactionsList().find((candidate) => candidate.getTxid() === txId)!;
      assert.equal(transaction.getTxValidationCode(), 0);
      assert.equal(Buffer.from(block!.serializeBinary()).includes('not in a filtered block'), false);
    });

    for (const [collection, whose, mayVisitor] of [
      [OPEN_COLLECTION, 'anybody who asks a peer that has it', true],
      [CLOSED_COLLECTION, "the members' clients alone", false],
    ] as const) {
      it(`bring private data of the collection "${collection}" to ${whose}`, async () => {
        const secret = `for alpha and beta ${freshKey()}`;
        const proposal = { arguments: [collection, freshKey('private')], transientData: { value: secret } };
        const commit = await alpha().contract().submitAsync('putPrivate', proposal);
        const { blockNumber } = await commit.getStatus();
        const visitor = stage.connect('alpha', { credentials: credentialsOf(stage.network, 'gamma') });
        for (const [who, application, has] of [
          ['alpha', alpha(), true],
          ["gamma's client at alpha's peer", visitor, mayVisitor],
          ['gamma', stage.as('gamma'), false],
        ] as const) {
          const stream = await application.network().getBlockAndPrivateDataEvents({ startBlock: blockNumber });
          const [block] = await take(stream, 1);
          assert.equal(numberOf(block!.getBlock()!), Number(blockNumber));
          assert.equal(Buffer.from(block!.serializeBinary()).includes(secret), has, who);
        }
      });
    }
  });
});
