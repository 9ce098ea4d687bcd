import { common, peer } from '@hyperledger/fabric-protos';
import { Signer, approveDefinition, type TransactionRoute } from '@tracecal/network/admin';
import { generateKeyPair, isLowS } from '@tracecal/pki';
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { FakeNodes } from './fakeNodes.js';
import { tlsFixture } from './tlsFixture.js';

const SUCCESS = common.Status.SUCCESS;

describe('A transaction of administration', () => {
  const keys = generateKeyPair();
  const signer = new Signer({ mspId: 'LabAlphaMSP', certificate: 'certificate', privateKey: keys.privateKey });
  const definition = {
    name: 'registry',
    version: '1.0',
    sequence: 1,
    endorsement: "OR('LabAlphaMSP.peer')",
  };
  const VALID = peer.TxValidationCode.VALID;
  let nodes: FakeNodes;
  let received: common.Envelope[];

  beforeEach(async () => {
    received = [];
    nodes = new FakeNodes(await tlsFixture());
  });

  afterEach(() => {
    nodes.stop();
  });

  function approve(route: Omit<TransactionRoute, 'signer'>): Promise<void> {
    return approveDefinition('calibration', definition, 'registry_1.0:00', { ...route, signer });
  }

  it('is done when the peer has committed it, whatever single orderers say', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const down = {
      status: common.Status.SERVICE_UNAVAILABLE,
      info: 'failed to submit request: request already processed',
    };
    const orderers = [
      await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received),
      await nodes.orderer('orderer2.example', [down], received),
      await nodes.orderer('orderer3.example', [{ status: common.Status.FORBIDDEN, info: 'no' }], received),
    ];
    await approve({ endorsers: [endorser], orderers });
    assert.ok(received.length > 0);
  });

  it('is not held up by an orderer that takes it and says nothing', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const orderers = [
      await nodes.orderer('orderer1.example', [], received),
      await nodes.orderer('orderer2.example', [{ status: SUCCESS }], received),
    ];
    await approve({ endorsers: [endorser], orderers, timeoutMs: 600_000 });
  });

  it('bears the signature of its administrator over exactly what is ordered', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    await approve({
      endorsers: [endorser],
      orderers: [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)],
    });
    const [envelope] = received;
    assert.ok(envelope);
    assert.ok(verify('sha256', envelope.getPayload_asU8(), keys.publicKey, envelope.getSignature_asU8()));
    assert.ok(isLowS(envelope.getSignature_asU8()));
  });

  it('is offered again while the orderers have no leader, as the same envelope', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const answers = [{ status: common.Status.SERVICE_UNAVAILABLE, info: 'no leader' }, { status: SUCCESS }];
    const orderers = [await nodes.orderer('orderer1.example', answers, received)];
    await approve({ endorsers: [endorser], orderers });
    assert.equal(received.length, 2);
    assert.deepEqual(received[0]?.serializeBinary(), received[1]?.serializeBinary());
  });

  it('is refused in the words of an orderer when none takes it', async () => {
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const refusal = { status: common.Status.FORBIDDEN, info: 'signature set did not satisfy policy' };
    const orderers = [await nodes.orderer('orderer1.example', [refusal], received)];
    await assert.rejects(approve({ endorsers: [endorser], orderers }), {
      code: 'REFUSED',
      node: 'orderer1.example',
      message: /did not satisfy policy/,
    });
  });

  it('is not sent at all when its endorsers disagree', async () => {
    const first = await nodes.peer('peer0.lab-alpha.example', 'result', VALID, received);
    const second = await nodes.peer('peer0.lab-beta.example', 'another', VALID, received);
    const orderers = [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)];
    await assert.rejects(approve({ endorsers: [first, second], orderers }), {
      code: 'MISMATCH',
      node: 'peer0.lab-beta.example',
    });
    assert.equal(received.length, 0);
  });

  it('has failed when it commits as invalid, with the reason', async () => {
    const code = peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE;
    const endorser = await nodes.peer('peer0.lab-alpha.example', 'result', code, received);
    const orderers = [await nodes.orderer('orderer1.example', [{ status: SUCCESS }], received)];
    await assert.rejects(approve({ endorsers: [endorser], orderers }), {
      code: 'INVALIDATED',
      message: /ENDORSEMENT_POLICY_FAILURE/,
    });
  });
});
