import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaincodeEvent, ChaincodeEventsOptions, Gateway } from '@hyperledger/fabric-gateway';
import { CheckpointFile, DEFAULT_LIMITS, Ledger, TraceCal, TraceCalError } from '@tracecal/gateway-client';
import type { RegistryEvent } from '@tracecal/gateway-client';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';
import { unavailable } from '../../support/fakeGateway.js';

const PLACE = { channel: 'calibration', chaincode: 'registry' };

/** Four events in two blocks, as a gateway gives them from a position on. */
const LEDGER = [1n, 1n, 2n, 2n].map((blockNumber, i): ChaincodeEvent => {
  const announcement = { type: 'DeviceRegistered', id: `device-${i}` };
  return {
    blockNumber,
    transactionId: `tx-${i}`,
    chaincodeName: 'registry',
    eventName: 'DeviceRegistered',
    payload: Buffer.from(JSON.stringify(announcement)),
  };
});

function client(brokenAfter = Infinity): TraceCal {
  const network = {
    getContract: () => ({}),
    getChaincodeEvents: (_chaincode: string, { checkpoint }: ChaincodeEventsOptions) => {
      const done = LEDGER.findIndex(({ transactionId }) => transactionId === checkpoint?.getTransactionId());
      return Promise.resolve(Object.assign(eventsFrom(done + 1, brokenAfter), { close: () => undefined }));
    },
  };
  const gateway = { getNetwork: () => network } as unknown as Gateway;
  return new TraceCal(new Ledger(gateway, PLACE, DEFAULT_LIMITS), 'registry', () => undefined);
}

async function* eventsFrom(start: number, brokenAfter: number): AsyncGenerator<ChaincodeEvent> {
  for (const [index, event] of LEDGER.slice(start).entries()) {
    if (index >= brokenAfter) {
      throw unavailable();
    }
    yield await Promise.resolve(event);
  }
}

async function take(events: AsyncIterable<RegistryEvent>, count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { announcement } of events) {
    ids.push(announcement.id);
    if (ids.length === count) {
      break;
    }
  }
  return ids;
}

describe('a stream of events with a checkpoint', () => {
  after(removeTemporaryFolders);

  it('goes on where it was left, and repeats the one that was not finished', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    assert.deepEqual(await take(client().events({ checkpoint }), 2), ['device-0', 'device-1']);
    assert.deepEqual(await take(client().events({ checkpoint }), 3), ['device-1', 'device-2', 'device-3']);
    assert.deepEqual(await take(client().events({ checkpoint }), 9), ['device-3']);
  });

  it('breaks with a coded error, after which it can be opened again', async () => {
    const checkpoint = join(temporaryFolder(), 'checkpoint.json');
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { txId } of client(2).events({ checkpoint })) {
          seen.push(txId);
        }
      },
      (error: unknown) => error instanceof TraceCalError && error.code === 'UNAVAILABLE',
    );
    assert.deepEqual(seen, ['tx-0', 'tx-1']);
    assert.deepEqual(await take(client().events({ checkpoint }), 9), ['device-2', 'device-3']);
  });

  it('refuses a checkpoint file that is not one, and leaves it as it is', async () => {
    const path = join(temporaryFolder(), 'checkpoint.json');
    for (const text of ['', '{', '{"block":-1}', '{"block":"7","transaction":null,"more":1}']) {
      writeFileSync(path, text);
      await assert.rejects(
        CheckpointFile.open(path),
        (error: unknown) => error instanceof TraceCalError && error.code === 'CHECKPOINT_INVALID',
      );
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });

  it('counts blocks from the one after the last that was dealt with', async () => {
    const path = join(temporaryFolder(), 'checkpoint.json');
    const checkpoint = await CheckpointFile.open(path);
    assert.equal(checkpoint.getBlockNumber(), undefined);
    await checkpoint.checkpointBlock(9_007_199_254_740_993n);
    assert.equal((await CheckpointFile.open(path)).getBlockNumber(), 9_007_199_254_740_994n);
  });
});
