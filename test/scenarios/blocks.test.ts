import { checkFollows, verifyBlock } from '@tracecal/ledger/block';
import { Block } from '@tracecal/ledger/wire';
import assert from 'node:assert/strict';
import { Application } from '../support/application.js';
import { blocksOf, numberOf } from '../support/blocks.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configurationsOf, signersOf } from '../support/fabricBlocks.js';
import { SHARED, sharedChannelAlone } from '../support/scenarioConsortium.js';

const START_MS = 240_000;

describe(`Blocks that anybody can verify [${engineName}]`, function () {
  this.timeout(START_MS);

  const consortium = sharedChannelAlone();
  let network: EngineNetwork | undefined;
  let alpha: Application;
  /** The whole chain as a peer serves it. */
  let chain: readonly Uint8Array[];

  before(async () => {
    network = await (await selectedEngine()).start(consortium);
    await write('before');
    const [, node] = consortium.orderers;
    await network.rotateOrderer(`${node!.name}.${node!.domain}`);
    const last = await write('after');
    const blocks = await blocksOf(alpha.network(SHARED), 0, last);
    assert.deepEqual(
      blocks.map(numberOf),
      blocks.map((_, index) => index),
    );
    chain = blocks.map((block) => block.serializeBinary());
  });

  after(async () => {
    alpha.close();
    await network?.stop();
  });

  /** Commits a transaction; answers the number of its block. */
  async function write(key: string): Promise<number> {
    (alpha as Application | undefined)?.close();
    alpha = new Application(network!, 'alpha');
    // Orderers that were restarted need some seconds to agree again; writing the same twice does no harm.
    return eventually(async () => {
      const commit = await alpha.contract().submitAsync('put', { arguments: [key, 'value'] });
      return Number((await commit.getStatus()).blockNumber);
    }, START_MS / 2);
  }

  it('continue one another', () => {
    const headers = chain.map((block) => Block.decode(block).header!);
    for (const [index, header] of headers.slice(1).entries()) checkFollows(header, headers[index]!);
  });

  it('name the configurations that lead to one another, from the first block to one with another orderer key', () => {
    const configurations = configurationsOf(chain);
    assert.ok(configurations.length > 1);
    const keys = configurations.map(({ orderers }) => orderers.consenter(2)!.certificate.fingerprint);
    assert.notEqual(keys.at(-1), keys[0]);
    assert.deepEqual(
      configurations.map(({ sequence }) => sequence),
      configurations.map((_, index) => index),
    );
  });

  it('are all signed by three of the four orderers or more', () => {
    for (const signers of signersOf(chain)) {
      assert.ok(signers.length >= 3);
      assert.ok(signers.every((id) => id >= 1 && id <= 4));
    }
  });

  it('are not good under the configuration before theirs', () => {
    const configurations = configurationsOf(chain);
    assert.throws(() => verifyBlock(chain.at(-1)!, configurations.at(-2)!), { name: 'BlockError' });
  });

  it('are not good with any one byte of what was signed changed', () => {
    const trusted = configurationsOf(chain).at(-1)!;
    const block = chain.at(-1)!;
    const { header, data, metadata } = Block.decode(block);
    verifyBlock(block, trusted);
    const signed = [header!.previousHash, header!.dataHash, ...data!.data];
    for (const part of signed) {
      const at = part.byteOffset - block.byteOffset;
      for (let index = at; index < at + part.length; index += 7) {
        const damaged = Uint8Array.from(block);
        damaged[index]! ^= 1;
        assert.throws(() => verifyBlock(damaged, trusted), { name: 'BlockError' }, `byte ${index}`);
      }
    }
    assert.ok(metadata!.metadata.length >= 5);
  });
});
