import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { peer } from '@hyperledger/fabric-protos';
import { getStates, listenForOffers, putStates } from '@tracecal/chaincode/shim';

type Message = peer.ChaincodeMessage;

interface ShimHandler {
  chat(greeting: Message): void;
}

/** A peer at the other end of the unmodified shim's handler: a stream that answers what is written to it. */
class Peer {
  readonly asked: number[] = [];
  readonly batches: (readonly (readonly [key: string, value: string | null])[])[] = [];
  readonly #listeners: ((message: Message) => void)[] = [];
  readonly #state: ReadonlyMap<string, string>;

  constructor(
    state: Readonly<Record<string, string>>,
    /** Changes an answer about several keys: a state database that fails. */
    private readonly spoil: (values: Uint8Array[]) => Uint8Array[] = (values) => values,
  ) {
    this.#state = new Map(Object.entries(state));
  }

  on(event: string, listener: (message: Message) => void): void {
    if (event === 'data') {
      this.#listeners.push(listener);
    }
  }

  write(message: Message): void {
    const { GET_STATE, GET_STATE_MULTIPLE, PUT_STATE, DEL_STATE, WRITE_BATCH_STATE } = peer.ChaincodeMessage.Type;
    const type: number = message.getType();
    if (type === WRITE_BATCH_STATE) {
      const batch = peer.WriteBatchState.deserializeBinary(message.getPayload_asU8());
      const written = batch.getRecList().map((record) => {
        const deletes = record.getType() === peer.WriteRecord.Type.DEL_STATE;
        return [record.getKey(), deletes ? null : Buffer.from(record.getValue_asU8()).toString()] as const;
      });
      this.batches.push(written);
      this.say(peer.ChaincodeMessage.Type.RESPONSE, new Uint8Array(), message);
    }
    if (type === PUT_STATE || type === DEL_STATE) {
      this.asked.push(type);
      this.say(peer.ChaincodeMessage.Type.RESPONSE, new Uint8Array(), message);
    }
    if (type === GET_STATE || type === GET_STATE_MULTIPLE) {
      this.asked.push(type);
      this.say(peer.ChaincodeMessage.Type.RESPONSE, this.#answer(message), message);
    }
  }

  ready(several: boolean, keysAMessage = 1000): void {
    const offer = new peer.ChaincodeAdditionalParams();
    offer.setUseGetMultipleKeys(several);
    offer.setMaxSizeGetMultipleKeys(keysAMessage);
    offer.setUseWriteBatch(several);
    offer.setMaxSizeWriteBatch(keysAMessage);
    this.say(peer.ChaincodeMessage.Type.REGISTERED, new Uint8Array());
    this.say(peer.ChaincodeMessage.Type.READY, offer.serializeBinary());
  }

  say(type: Parameters<Message['setType']>[0], payload: Uint8Array, about = new peer.ChaincodeMessage()): void {
    const message = new peer.ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(about.getTxid());
    message.setChannelId(about.getChannelId());
    this.#listeners.forEach((listener) => listener(message));
  }

  #answer(message: Message): Uint8Array {
    const payload = message.getPayload_asU8();
    if (message.getType() === peer.ChaincodeMessage.Type.GET_STATE) {
      return this.#value(peer.GetState.deserializeBinary(payload).getKey());
    }
    const result = new peer.GetStateMultipleResult();
    const wanted = peer.GetStateMultiple.deserializeBinary(payload).getKeysList();
    result.setValuesList(this.spoil(wanted.map((key) => this.#value(key))));
    return result.serializeBinary();
  }

  #value(key: string): Uint8Array {
    return Buffer.from(this.#state.get(key) ?? '');
  }
}

/** The shim's own stub, on a stream to this peer. */
function stubOn(node: Peer): Parameters<typeof getStates>[0] {
  const shim = createRequire(createRequire(__filename).resolve('fabric-shim'));
  const { ChaincodeMessageHandler } = shim('./lib/handler.js') as {
    ChaincodeMessageHandler: new (stream: Peer, chaincode: object) => ShimHandler;
  };
  const Stub = shim('./lib/stub.js') as { prototype: object };
  const handler = new ChaincodeMessageHandler(node, { Init: () => undefined, Invoke: () => undefined });
  handler.chat(new peer.ChaincodeMessage());
  const stub = Object.create(Stub.prototype) as Parameters<typeof getStates>[0];
  return Object.assign(stub, { handler, channel_id: 'calibration', txId: 'tx-1' });
}

describe('Reading several keys', () => {
  const state = Object.fromEntries(Array.from({ length: 140 }, (_, index) => [`k${index}`, `v${index}`]));
  const names = ['k1', 'nothing there', 'k39'];

  before(() => listenForOffers());

  async function read(several: boolean, keys: readonly string[], node = new Peer(state), keysAMessage?: number) {
    const stub = stubOn(node);
    node.ready(several, keysAMessage);
    const values = await getStates(stub, keys);
    return { values: values.map((value) => Buffer.from(value).toString()), asked: node.asked };
  }

  it('asks a peer that offers it once, and gets an empty value where there is none', async () => {
    const { values, asked } = await read(true, names);
    assert.deepEqual(values, ['v1', '', 'v39']);
    assert.deepEqual(asked, [peer.ChaincodeMessage.Type.GET_STATE_MULTIPLE]);
  });

  it('asks any other peer key by key, for the same answer', async () => {
    const { values, asked } = await read(false, names);
    assert.deepEqual(values, ['v1', '', 'v39']);
    assert.deepEqual(
      asked,
      names.map(() => peer.ChaincodeMessage.Type.GET_STATE),
    );
  });

  it('asks for many keys in several messages, in order, and for none not at all', async () => {
    const keys = Object.keys(state);
    const { values, asked } = await read(true, keys);
    assert.deepEqual(values, Object.values(state));
    assert.equal(asked.length, 3, 'at most 64 keys a message');
    assert.deepEqual((await read(true, [])).asked, []);
  });

  it('asks for no more keys a message than the peer permits', async () => {
    const keys = Object.keys(state);
    const { values, asked } = await read(true, keys, new Peer(state), 50);
    assert.deepEqual(values, Object.values(state));
    assert.equal(asked.length, 3);
    const { GET_STATE } = peer.ChaincodeMessage.Type;
    assert.deepEqual((await read(true, names, new Peer(state), 1)).asked, [GET_STATE, GET_STATE, GET_STATE]);
    assert.deepEqual((await read(true, names, new Peer(state), 0)).asked, [GET_STATE, GET_STATE, GET_STATE]);
  });

  for (const [title, spoil] of [
    ['no values', () => []],
    ['fewer values than keys', (values: Uint8Array[]) => values.slice(1)],
    ['more values than keys', (values: Uint8Array[]) => [...values, Buffer.from('more')]],
  ] as const) {
    it(`fails when a state database answers ${title}, which would make a revoked device look clean`, async () => {
      await assert.rejects(read(true, names, new Peer(state, spoil)), /its state database has failed/);
    });
  }

  it('fails when only the last of several messages comes back short', async () => {
    const short = (values: Uint8Array[]) => (values.length < 64 ? values.slice(1) : values);
    await assert.rejects(read(true, Object.keys(state), new Peer(state, short)), /12 keys with 11 values/);
  });
});

describe('Writing several keys', () => {
  before(() => listenForOffers());

  async function write(several: boolean, writes: Readonly<Record<string, string | undefined>>, keysAMessage?: number) {
    const node = new Peer({});
    const stub = stubOn(node);
    node.ready(several, keysAMessage);
    const bytes = Object.entries(writes).map(([key, value]) => [key, value === undefined ? value : Buffer.from(value)]);
    await putStates(stub, new Map(bytes as [string, Uint8Array | undefined][]));
    return { batches: node.batches, asked: node.asked };
  }

  it('sends a peer that offers it all in one message, with what is deleted', async () => {
    const { batches, asked } = await write(true, { k1: 'v1', gone: undefined, k2: 'v2' });
    assert.deepEqual(batches, [
      [
        ['k1', 'v1'],
        ['gone', null],
        ['k2', 'v2'],
      ],
    ]);
    assert.deepEqual(asked, []);
  });

  it('sends no more than the peer takes, nor more than 4 MiB beside one value, in a message', async () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`k${index}`, 'v']));
    assert.deepEqual(
      (await write(true, many, 10)).batches.map(({ length }) => length),
      [10, 10, 5],
    );
    const big = 'x'.repeat(3 * 1024 * 1024);
    assert.deepEqual(
      (await write(true, { a: big, b: big, c: 'v' })).batches.map(({ length }) => length),
      [1, 2],
    );
  });

  it('sends any other peer one after the other, and nothing where nothing is written', async () => {
    const { PUT_STATE, DEL_STATE } = peer.ChaincodeMessage.Type;
    const { batches, asked } = await write(false, { k1: 'v1', gone: undefined });
    assert.deepEqual(batches, []);
    assert.deepEqual(asked, [PUT_STATE, DEL_STATE]);
    assert.deepEqual((await write(true, {})).batches, []);
  });
});
