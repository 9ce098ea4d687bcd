import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import { channelConfig } from '@tracecal/network/admin';
import { readConfigBlock } from '@tracecal/network/channel';
import { nativeState, startNative, type FabricNetwork } from '@tracecal/network/fabric';
import type { ChaincodeDeployment, Consortium } from '@tracecal/network/topology';
import { asMember, type ApplicationNetwork } from '../support/application.js';
import { blocksOf } from '../support/blocks.js';
import { policiesOf } from '../support/channelPolicies.js';
import { failureOf } from '../support/failure.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { SHARED, sharedChannelAlone } from '../support/scenarioConsortium.js';

const consortium: Consortium = sharedChannelAlone();
const [kv] = consortium.chaincodes as readonly [ChaincodeDeployment];
/** The administrators of the channel's only reader. */
const READER_ADMIN = 'DeltaMSP.admin';
const WRITERS = ['/Channel/Writers', '/Channel/Application/Writers'];

describe('A reader of native Fabric, whose administrators write only while a chaincode is approved', function () {
  this.timeout(300_000);

  let dataDir: string;
  let network: FabricNetwork;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    dataDir = mkdtempSync(join(tmpdir(), 'tracecal-approval-'));
    await start(consortium);
  });

  after(async () => {
    await (network as FabricNetwork | undefined)?.stop();
    if ((dataDir as string | undefined) !== undefined) rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(description: Consortium): Promise<void> {
    network = await startNative({ consortium: description, dataDir, ports: 'free' });
  }

  const place = (): ApplicationNetwork => ({
    consortium,
    organisations: network.organisations,
    cryptoDir: network.cryptoDir,
  });

  /** Whether a configuration lets the reader's administrators write: everywhere or nowhere. */
  function isOpen(config: common.Config): boolean {
    const found = policiesOf(config);
    const open = WRITERS.map((path) => {
      const policy = found.get(path)!;
      return 'of' in policy && policy.of.includes(READER_ADMIN);
    });
    assert.equal(open[0], open[1]);
    return open[0]!;
  }

  async function present(): Promise<common.Config> {
    const [{ connection, admin }] = network.peers as [FabricNetwork['peers'][number]];
    return channelConfig(connection, admin, SHARED);
  }

  /** Of all configurations that the channel has ever had, which were open. */
  async function history(): Promise<readonly boolean[]> {
    return asMember(place(), 'alpha', async (alpha) => {
      const system = alpha.network(SHARED).getContract('qscc');
      const info = common.BlockchainInfo.deserializeBinary(await system.evaluateTransaction('GetChainInfo', SHARED));
      const blocks = await blocksOf(alpha.network(SHARED), 0, info.getHeight() - 1);
      return blocks.filter(isConfiguration).map((block) => isOpen(readConfigBlock(block.serializeBinary()).config));
    });
  }

  it('cannot write before or after the first deployment, for which that was so for the time of one update', async () => {
    assert.deepEqual(await history(), [false, true, false]);
    const failure = await failureOf(
      asMember(place(), 'delta', (delta) => delta.submit('put', 'a', 'b'), { user: 'Admin' }),
    );
    assert.match(failure.text, /FORBIDDEN/);
  });

  it('can write for the time of an upgrade, and reads all the while', async () => {
    assert.equal((await network.upgrade({ ...kv, version: '1.1', sequence: 2 })).changed, true);
    assert.deepEqual(await history(), [false, true, false, true, false]);
    await asMember(place(), 'delta', (delta) => delta.evaluate('get', 'a'));
  });

  it('cannot write after a start that follows an interruption, which is made up for, and the upgrade is finished', async () => {
    const next = { ...kv, version: '1.2', sequence: 3 };
    const interrupted = assert.rejects(network.upgrade(next));
    while (!isOpen(await present())) await pause(5);
    for (const process of network.processes) process.kill('SIGKILL');
    await network.stop();
    await interrupted;
    assert.equal(await nativeState(dataDir), 'stopped');

    await start({ ...consortium, chaincodes: [{ ...kv, version: '1.1', sequence: 2 }] });
    assert.equal(isOpen(await present()), false);
    assert.equal((await network.upgrade(next)).changed, true);
    assert.equal(isOpen(await present()), false);
  });

  it('has no update made for its approval where it has approved already', async () => {
    const before = (await present()).getSequence();
    await network.stop();
    await start({ ...consortium, chaincodes: [{ ...kv, version: '1.2', sequence: 3 }] });
    assert.equal((await present()).getSequence(), before);
  });
});

function isConfiguration(block: common.Block): boolean {
  const [envelope] = block.getData()!.getDataList_asU8();
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope!).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()!.getChannelHeader_asU8());
  return header.getType() === common.HeaderType.CONFIG;
}
