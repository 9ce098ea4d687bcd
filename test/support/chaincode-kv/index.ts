import { Contract, type Context } from 'fabric-contract-api';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

interface Iterated {
  next(): Promise<{ done: boolean; value?: { key: string; value: Uint8Array } }>;
  close(): Promise<void>;
}

async function keysOf(iterator: Iterated): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let step = await iterator.next(); ; step = await iterator.next()) {
    if (step.value) found[step.value.key] = Buffer.from(step.value.value).toString();
    if (step.done) break;
  }
  await iterator.close();
  return found;
}

/** One primitive of the ledger a transaction, for every chaincode-independent scenario. */
export class KeyValueContract extends Contract {
  readonly #endings = new Map<string, string>();

  constructor() {
    super('kv');
  }

  async noop(): Promise<string> {
    return Promise.resolve('ok');
  }

  async put(ctx: Context, key: string, value: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(value));
  }

  async get(ctx: Context, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getState(key)).toString();
  }

  async remove(ctx: Context, key: string): Promise<void> {
    await ctx.stub.deleteState(key);
  }

  /** Reads, then writes: conflicts with any other write of the key in between. */
  async append(ctx: Context, key: string, value: string): Promise<string> {
    const next = Buffer.from(await ctx.stub.getState(key)).toString() + value;
    await ctx.stub.putState(key, Buffer.from(next));
    return next;
  }

  /** Counts how often it was committed; the key of the step shows which transaction did it. */
  async increment(ctx: Context, key: string): Promise<string> {
    const next = String(Number(Buffer.from(await ctx.stub.getState(key)).toString()) + 1);
    await ctx.stub.putState(key, Buffer.from(next));
    await ctx.stub.putState(`${key}/${next}`, Buffer.from(ctx.stub.getTxID()));
    return next;
  }

  async putMany(ctx: Context, prefix: string, count: string): Promise<void> {
    for (let index = 0; index < Number(count); index++) {
      await ctx.stub.putState(`${prefix}${String(index).padStart(6, '0')}`, Buffer.from(String(index)));
    }
  }

  async getMany(ctx: Context, key: string, count: string): Promise<string> {
    let bytes = 0;
    for (let index = 0; index < Number(count); index++) bytes += (await ctx.stub.getState(key)).length;
    return String(bytes);
  }

  /** Reads on for as long as it is answered; `whyReadingEnded` tells later what ended it. */
  async readOn(ctx: Context, reader: string): Promise<void> {
    try {
      for (;;) await ctx.stub.getState('a key');
    } catch (error) {
      this.#endings.set(reader, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async whyReadingEnded(_ctx: Context, reader: string): Promise<string> {
    return Promise.resolve(this.#endings.get(reader) ?? 'it reads on');
  }

  async range(ctx: Context, start: string, end: string): Promise<string> {
    return JSON.stringify(await keysOf(await ctx.stub.getStateByRange(start, end)));
  }

  /** Writes down how many keys a range has: a key that appears in between is a phantom. */
  async countRange(ctx: Context, start: string, end: string, into: string): Promise<string> {
    const count = String(Object.keys(await keysOf(await ctx.stub.getStateByRange(start, end))).length);
    await ctx.stub.putState(into, Buffer.from(count));
    return count;
  }

  async page(ctx: Context, start: string, end: string, size: string, bookmark: string): Promise<string> {
    const { iterator, metadata } = await ctx.stub.getStateByRangeWithPagination(start, end, Number(size), bookmark);
    const entries = await keysOf(iterator);
    return JSON.stringify({ entries, bookmark: metadata.bookmark, count: metadata.fetchedRecordsCount });
  }

  async pageThenPut(ctx: Context, start: string, end: string, key: string): Promise<void> {
    await this.page(ctx, start, end, '2', '');
    await ctx.stub.putState(key, Buffer.from('after a page'));
  }

  async history(ctx: Context, key: string): Promise<string> {
    const iterator = await ctx.stub.getHistoryForKey(key);
    const found: unknown[] = [];
    for (let step = await iterator.next(); ; step = await iterator.next()) {
      // At its end the iterator gives no value, whatever its type says.
      const value = step.value as (typeof step)['value'] | undefined;
      if (value) {
        found.push({ txId: value.txId, value: Buffer.from(value.value).toString(), isDelete: value.isDelete });
      }
      if (step.done) break;
    }
    await iterator.close();
    return JSON.stringify(found);
  }

  async putPrivate(ctx: Context, collection: string, key: string): Promise<void> {
    const value = ctx.stub.getTransient().get('value');
    if (!value) throw new Error('the transient value is missing');
    await ctx.stub.putPrivateData(collection, key, value);
  }

  async getPrivate(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateData(collection, key)).toString();
  }

  async getPrivateHash(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateDataHash(collection, key)).toString('hex');
  }

  async privateRange(ctx: Context, collection: string, start: string, end: string): Promise<string> {
    const found: Record<string, string> = {};
    for await (const { key, value } of ctx.stub.getPrivateDataByRange(collection, start, end)) {
      found[key] = Buffer.from(value).toString();
    }
    return JSON.stringify(found);
  }

  async removePrivate(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.deletePrivateData(collection, key);
  }

  async purgePrivate(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.purgePrivateData(collection, key);
  }

  /** Puts a key under the endorsement policy of one organisation's peers, given as a serialised policy in hex. */
  async setPolicy(ctx: Context, key: string, policyHex: string): Promise<void> {
    await ctx.stub.setStateValidationParameter(key, Buffer.from(policyHex, 'hex'));
  }

  /** Writes a key that is under a policy from its first day. */
  async putWithPolicy(ctx: Context, key: string, value: string, policyHex: string): Promise<void> {
    await this.put(ctx, key, value);
    await this.setPolicy(ctx, key, policyHex);
  }

  async getPolicy(ctx: Context, key: string): Promise<string> {
    const policy = (await ctx.stub.getStateValidationParameter(key)) as Uint8Array | undefined;
    return policy ? Buffer.from(policy).toString('hex') : '';
  }

  async call(ctx: Context, chaincode: string, channel: string, argsJson: string): Promise<string> {
    const response = await ctx.stub.invokeChaincode(chaincode, JSON.parse(argsJson) as string[], channel);
    return JSON.stringify({
      status: response.status,
      message: response.message,
      payload: Buffer.from(response.payload ?? new Uint8Array()).toString(),
    });
  }

  async emit(ctx: Context, name: string, payload: string): Promise<void> {
    ctx.stub.setEvent(name, Buffer.from(payload));
    await ctx.stub.putState(`event-${name}`, Buffer.from(payload));
  }

  /** As the registry does: an event, and the record that it names. */
  async announce(ctx: Context, announcement: string, type: string, id: string): Promise<void> {
    ctx.stub.setEvent('announced', Buffer.from(announcement));
    await ctx.stub.putState(ctx.stub.createCompositeKey(type, [id]), Buffer.from('a record'));
  }

  /** What a member can do alone with code of its own: any event, beside a write of its own private collection. */
  async announceAlone(ctx: Context, announcement: string, collection: string, key: string): Promise<void> {
    ctx.stub.setEvent('announced', Buffer.from(announcement));
    await ctx.stub.putPrivateData(collection, key, Buffer.from('a record'));
  }

  async fail(ctx: Context, message: string): Promise<void> {
    return Promise.reject(new Error(ctx.stub.getTxID() === '' ? 'no transaction' : message));
  }

  /** The peer of one member refuses it. */
  async putExceptAt(ctx: Context, mspId: string, key: string, value: string): Promise<void> {
    if (process.env['CORE_PEER_LOCALMSPID'] === mspId) throw new Error(`refused at ${mspId}`);
    await ctx.stub.putState(key, Buffer.from(value));
  }

  /** Every endorser gets another value: its endorsements cannot match. */
  async putRandom(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, Buffer.from(randomUUID()));
  }

  async sleep(_ctx: Context, milliseconds: string): Promise<string> {
    await delay(Number(milliseconds));
    return milliseconds;
  }

  async whoAmI(ctx: Context): Promise<string> {
    return Promise.resolve(
      JSON.stringify({
        mspId: ctx.clientIdentity.getMSPID(),
        txId: ctx.stub.getTxID(),
        channel: ctx.stub.getChannelID(),
      }),
    );
  }

  /** What the chaincode's process finds in its environment under a name. */
  async environment(_ctx: Context, name: string): Promise<string> {
    return Promise.resolve(process.env[name] ?? '');
  }

  async richQuery(ctx: Context, query: string): Promise<string> {
    return JSON.stringify(await keysOf(await ctx.stub.getQueryResult(query)));
  }

  /** Ends the chaincode's process in the middle of a transaction. */
  async crash(): Promise<void> {
    await Promise.resolve();
    process.exit(3);
  }
}

export const contracts = [KeyValueContract];
