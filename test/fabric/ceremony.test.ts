import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { blockHeaderHash } from '@tracecal/network/channel';
import { FabricError, startNative, type FabricNetwork } from '@tracecal/network/fabric';
import { assembledFounding, type Founding, type OwnPart } from '@tracecal/network/member';
import { memberTree, ordererTree } from '@tracecal/network/pki';
import { common } from '@hyperledger/fabric-protos';
import { asMember, type Application } from '../support/application.js';
import { ceremonyOf, fingerprintsOf, type Ceremony } from '../support/ceremony.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

/** Brings the private parts of a member into a directory in which all nodes are started. */
function bringPrivateParts({ directory, member, orderer }: OwnPart, cryptoDir: string): void {
  const trees = [
    [memberTree(directory.cryptoDir, member).root, memberTree(cryptoDir, member).root],
    ...(orderer === undefined
      ? []
      : [[ordererTree(directory.cryptoDir, orderer).root, ordererTree(cryptoDir, orderer).root]]),
  ] as const;
  for (const [from = '', to = ''] of trees) cpSync(from, to, { recursive: true });
}

describe('A consortium that was founded by files, on native Fabric', function () {
  this.timeout(240_000);

  const consortium = sharedChannelAlone();
  let ceremony: Ceremony;
  let founding: Founding;
  let dataDir: string;
  let network: FabricNetwork;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    ceremony = await ceremonyOf(consortium, 'founded');
    assert.equal(new Set(fingerprintsOf(ceremony)).size, 1);
    dataDir = join(ceremony.root, 'all');
    founding = assembledFounding(ceremony.owns[0]!).founding;
    mkdirSync(join(dataDir, 'genesis'), { recursive: true });
    for (const own of ceremony.owns) bringPrivateParts(own, join(dataDir, 'crypto-config'));
    for (const { channel } of founding.blocks) {
      cpSync(ceremony.owns[0]!.directory.genesisBlock(channel), join(dataDir, 'genesis', `${channel}.block`));
    }
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((ceremony as Ceremony | undefined) !== undefined) rmSync(ceremony.root, { recursive: true, force: true });
  });

  function as<T>(member: string, act: (application: Application) => Promise<T>): Promise<T> {
    const { organisations, cryptoDir } = network;
    return asMember({ organisations, cryptoDir, consortium }, member, act);
  }

  it('is not started with another genesis block than the members agreed on, and leaves no channel behind', async () => {
    const folder = join(ceremony.root, 'other');
    cpSync(dataDir, folder, { recursive: true });
    const [other] = (await ceremonyOf(consortium, 'other')).owns;
    const { domain } = consortium.organisations[0]!;
    const tree = join('crypto-config', 'peerOrganizations', domain);
    rmSync(join(folder, tree), { recursive: true });
    cpSync(join(other!.directory.root, tree), join(folder, tree), { recursive: true });
    await assert.rejects(startNative({ consortium, dataDir: folder, ports: 'free' }), (error) => {
      assert.ok(error instanceof FabricError);
      assert.equal(error.code, 'OTHER_CONSORTIUM');
      return true;
    });
    assert.equal(existsSync(join(folder, 'channels', 'calibration.block')), false);
  });

  it('starts on the assembled genesis block and commits a transaction', async () => {
    network = await startNative({ consortium, dataDir, ports: 'configured' });
    await as('alpha', (alpha) => alpha.submit('put', 'key', 'founded by files'));
    assert.equal(await as('beta', (beta) => beta.evaluate('get', 'key')), 'founded by files');
    const [agreed] = founding.blocks;
    const used = common.Block.deserializeBinary(readFileSync(join(dataDir, 'channels', `${agreed!.channel}.block`)));
    assert.equal(blockHeaderHash(used.getHeader()!).toString('hex'), agreed!.digest);
  });

  it('has on its ledger the block that members compared by telephone', async () => {
    const block = await as('gamma', async (gamma) => {
      const contract = gamma.contract('qscc');
      return common.Block.deserializeBinary(await contract.evaluateTransaction('GetBlockByNumber', 'calibration', '0'));
    });
    assert.equal(blockHeaderHash(block.getHeader()!).toString('hex'), founding.blocks[0]!.digest);
  });
});
