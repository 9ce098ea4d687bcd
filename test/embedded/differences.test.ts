import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONCURRENCY, ENDORSEMENT_TIMEOUT_MS } from '@tracecal/network/embedded';
import { defaultConsortiumFile } from '@tracecal/network/topology';
import { parse } from 'yaml';
import { textOf } from '../support/pages.js';
import { status, type ServiceError } from '@grpc/grpc-js';
import type { GatewayError } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { broadcast } from '../support/configUpdates.js';
import { handMadeWrites } from '../support/handMadeWrites.js';
import { kvConsortium, KvNetwork } from '../support/kvNetwork.js';
import { StolenKeys } from '../support/stolenKeys.js';
import { buildTransaction, newTransactionId } from '../support/transactionBuilder.js';

interface CorePeer {
  readonly gateway: { readonly endorsementTimeout: string };
  readonly limits: { readonly concurrency: Readonly<Record<string, number>> };
}

/** The part of core.yaml about peers. */
function corePeer(): CorePeer {
  return (parse(readFileSync(resolve(defaultConsortiumFile(), '..', 'core.yaml'), 'utf8')) as { peer: CorePeer }).peer;
}

describe('An embedded network, like real Fabric', () => {
  it('handles as many calls at once as core.yaml says', () => {
    assert.deepEqual({ ...corePeer().limits.concurrency }, CONCURRENCY);
  });
});

/** What docs/fabric.md lists as differences: who changes one of these changes the page. */
describe('An embedded network, unlike real Fabric', function () {
  this.timeout(120_000);
  let network: KvNetwork;

  before(async () => {
    network = await KvNetwork.start();
  });
  after(() => network.end());

  const asIs = (bytes: Buffer): Buffer => bytes;

  for (const [service, path] of [
    ['discovery', '/discovery.Discovery/Discover'],
    ['snapshots', '/protos.Snapshot/QueryPendings'],
  ] as const) {
    it(`has no ${service}`, async () => {
      const client = network.connection('nmi-north');
      const error = await new Promise<ServiceError | null>((resolve) => {
        client.makeUnaryRequest(path, asIs, asIs, Buffer.alloc(0), resolve);
      });
      assert.equal(error?.code, status.UNIMPLEMENTED);
    });
  }

  it('orders an envelope of a type that no block holds, and goes on', async () => {
    const { cryptoDir, organisations } = network.network;
    const keys = new StolenKeys({ consortium: kvConsortium(), organisations, cryptoDir });
    const creator = 'lab-alpha/client';
    const { nonce } = newTransactionId(creator, undefined, keys);
    const results = handMadeWrites('kv', []);
    const parts = { channelId: 'calibration', chaincode: 'kv', version: '1.0', results, endorsers: [], creator, nonce };
    const message = { channelHeader: (header: common.ChannelHeader) => header.setType(common.HeaderType.MESSAGE) };
    const { envelope } = buildTransaction(parts, message, keys);
    const client = network.connection('nmi-north');
    const outcome = await broadcast({ client }, 'calibration', common.Envelope.deserializeBinary(envelope));
    assert.equal(outcome.kind, 'answered');
    await network.contract('nmi-north').submitTransaction('put', 'after', 'it');
  });

  it('lets transactions read nothing of `_lifecycle`', async () => {
    const transaction = await network
      .contract('nmi-north')
      .newProposal('put', { arguments: ['key', 'value'] })
      .endorse();
    assert.equal(Buffer.from(transaction.getBytes()).includes('namespaces/fields/'), false);
  });

  it('waits longer for the endorsement of another peer, by the number of core.yaml that the page states', () => {
    const page = textOf('docs/fabric.md').replaceAll(/\s+/g, ' ');
    assert.equal(corePeer().gateway.endorsementTimeout, `${ENDORSEMENT_TIMEOUT_MS / 1000}s`);
    assert.ok(page.includes(`have ${ENDORSEMENT_TIMEOUT_MS / 1000} seconds to endorse (\`endorsementTimeout\``));
  });

  for (const chaincode of ['qscc', 'cscc', '_lifecycle']) {
    it(`lets no chaincode call the system chaincode ${chaincode}`, async () => {
      const call = network.contract('nmi-north').evaluateTransaction('call', chaincode, '', '["GetChannels"]');
      await assert.rejects(call, (error: GatewayError) => {
        assert.match(error.details[0]?.message ?? error.message, /failed to get chaincode container info|could not/);
        return true;
      });
    });
  }
});
