import { Contract, type Context } from 'fabric-contract-api';

/** Writes keys and values as they are given. For tests alone: on a ledger that it has been on, nothing proves anything. */
export class LoaderContract extends Contract {
  constructor() {
    super('loader');
  }

  /** @param records Keys and values as JSON. */
  async load(ctx: Context, records: string): Promise<string> {
    const pairs = JSON.parse(records) as readonly (readonly [key: string, value: string])[];
    for (const [key, value] of pairs) {
      await ctx.stub.putState(key, Buffer.from(value, 'utf8'));
    }
    return String(pairs.length);
  }
}

export const contracts = [LoaderContract];
