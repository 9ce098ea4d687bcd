import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { GatewayError, type Contract } from '@hyperledger/fabric-gateway';
import { eventually } from '../support/eventually.js';
import { KvNetwork } from '../support/kvNetwork.js';

/** Of the gateway, in core.yaml. */
const LIMIT = 500;
const MORE = 20;
const REFUSAL = `too many requests for /gateway.Gateway, exceeding concurrency limit (${LIMIT})`;

describe('A gateway of the embedded network', function () {
  this.timeout(120_000);

  async function errorOf(call: Promise<unknown>): Promise<GatewayError> {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }

  it('takes no more calls at once than a peer', async () => {
    const network = await KvNetwork.start();
    const refused: GatewayError[] = [];
    try {
      const contract = network.contract('nmi-north');
      for (let call = 0; call < LIMIT + MORE; call++) {
        contract.evaluateTransaction('sleep', '25000').catch((error: unknown) => {
          assert.ok(error instanceof GatewayError, String(error));
          refused.push(error);
        });
      }
      await eventually(() => {
        assert.equal(refused.length, MORE);
      });
      for (const { code, message } of refused.slice(0, MORE)) {
        assert.equal(code, status.UNKNOWN);
        assert.ok(message.includes(REFUSAL), message);
      }
    } finally {
      await network.end();
    }
  });

  it('counts no calls whose callers have gone', async () => {
    const network = await KvNetwork.start();
    try {
      const gateway = network.gateway('nmi-north');
      const channel = gateway.getNetwork('calibration');
      const contract = channel.getContract('kv');
      for (let gone = 0; gone <= LIMIT; gone += 100) {
        const streams = await Promise.all(Array.from({ length: 100 }, () => channel.getChaincodeEvents('kv')));
        const ends = streams.map((stream) => stream[Symbol.asyncIterator]().next());
        for (const stream of streams) stream.close();
        await Promise.allSettled(ends);
        const impatient = { deadline: Date.now() + 500 };
        const calls = Array.from({ length: 100 }, () =>
          contract.newProposal('sleep', { arguments: ['25000'] }).evaluate(impatient),
        );
        await Promise.allSettled(calls);
        await eventually(async () => {
          assert.equal(Buffer.from(await contract.evaluateTransaction('noop')).toString(), 'ok');
        });
      }
    } finally {
      await network.end();
    }
  });

  describe('whose chaincode does not answer', () => {
    let network: KvNetwork;
    let contract: Contract;

    before(async () => {
      network = await KvNetwork.start({ executeTimeoutMs: 4000, endorsementTimeoutMs: 500 });
      contract = network.contract('nmi-north');
    });
    after(() => network.end());

    it('asks other peers for an evaluation, and waits for them only for their time', async () => {
      const { code, details } = await errorOf(contract.evaluateTransaction('sleep', '60000'));
      assert.equal(code, status.UNAVAILABLE);
      const [own, ...others] = details;
      assert.equal(own?.mspId, 'NmiNorthMSP');
      assert.match(own.message, /timeout expired while executing transaction/);
      assert.deepEqual(others.map(({ mspId }) => mspId).sort(), ['LabAlphaMSP', 'NmiSouthMSP', 'OemAMSP']);
      for (const { message } of others) {
        assert.equal(message, 'rpc error: code = DeadlineExceeded desc = context deadline exceeded');
      }
    });

    it('gives its own peer all the time of a chaincode', async () => {
      assert.equal(Buffer.from(await contract.evaluateTransaction('sleep', '1500')).toString(), '1500');
    });
  });
});
