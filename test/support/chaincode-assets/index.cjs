'use strict';

const { Buffer } = require('node:buffer');
const { Contract } = require('fabric-contract-api');

/** Things that have an owner. Written as an application's author would, who has a Fabric network and not this project. */
class AssetContract extends Contract {
  async create(ctx, id, colour, owner) {
    if ((await ctx.stub.getState(id)).length > 0) throw new Error(`the asset ${id} exists already`);
    await ctx.stub.putState(id, Buffer.from(JSON.stringify({ id, colour, owner })));
    await ctx.stub.putState(ctx.stub.createCompositeKey('colour~id', [colour, id]), Buffer.from([0]));
  }

  async read(ctx, id) {
    const asset = await ctx.stub.getState(id);
    if (asset.length === 0) throw new Error(`the asset ${id} does not exist`);
    return asset.toString();
  }

  async transfer(ctx, id, owner) {
    const asset = JSON.parse(await this.read(ctx, id));
    const before = asset.owner;
    asset.owner = owner;
    await ctx.stub.putState(id, Buffer.from(JSON.stringify(asset)));
    ctx.stub.setEvent('Transfer', Buffer.from(JSON.stringify({ id, before, owner })));
    return before;
  }

  async ofColour(ctx, colour) {
    const ids = [];
    for await (const { key } of ctx.stub.getStateByPartialCompositeKey('colour~id', [colour])) {
      ids.push(ctx.stub.splitCompositeKey(key).attributes[1]);
    }
    return JSON.stringify(ids);
  }
}

exports.contracts = [AssetContract];
