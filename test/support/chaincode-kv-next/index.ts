import { Contract, type Context } from 'fabric-contract-api';
import { KeyValueContract } from '../chaincode-kv/index.js';

/** What version 1.0 cannot tell. */
export class LengthContract extends Contract {
  constructor() {
    super('length');
  }

  async of(ctx: Context, key: string): Promise<string> {
    return String((await ctx.stub.getState(key)).length);
  }
}

export const contracts = [KeyValueContract, LengthContract];
