import assert from 'node:assert/strict';
import { status as Grpc } from '@grpc/grpc-js';
import { StatusCode } from '@hyperledger/fabric-gateway';
import type { Jws } from '@tracecal/core/model';
import { Measurement, TraceCal, TraceCalError } from '@tracecal/gateway-client';
import type { TraceCalErrorCode } from '@tracecal/gateway-client';
import sinon from 'sinon';
import { FakeGateway, gatewayError, invalid, submitError, unavailable, valid } from '../../support/fakeGateway.js';

function refused(code: TraceCalErrorCode, txId?: string) {
  return (error: unknown) => {
    assert.ok(error instanceof TraceCalError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.txId, txId);
    assert.match(error.message, /\S/);
    assert.ok(!error.message.includes('\n'), 'the message is one line');
    return true;
  };
}

const ALREADY_PROCESSED =
  'received unsuccessful response from orderer: status=SERVICE_UNAVAILABLE, info=failed to submit request: request already processed';
/** As Node says it, within the words of the gRPC library. */
const UNTRUSTED =
  '14 UNAVAILABLE: No connection established. Last error: Error: self-signed certificate in certificate chain. Resolution note: ';
const FORBIDDEN =
  'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed';

describe('what becomes of a submitted transaction', () => {
  it('is told with its id, its block and its result once it is committed', async () => {
    const { ledger, calls } = new FakeGateway({});
    const committed = await ledger.submit('createReport', {});
    assert.equal(committed.txId, 'tx-1');
    assert.equal(committed.blockNumber, 7n);
    assert.equal(Buffer.from(committed.result).toString(), 'result of tx-1');
    assert.deepEqual(calls, ['endorse tx-1', 'submit tx-1', 'status tx-1']);
  });

  it("is a refusal in the registry's own words if the registry refused it", async () => {
    const text = 'chaincode response 500, NOT_AUTHORISED: a caller of OemAMSP may not act for lab-alpha.';
    const { ledger, calls } = new FakeGateway({
      endorse: () => Promise.reject(gatewayError(Grpc.ABORTED, 'failed to endorse', [text])),
    });
    await assert.rejects(ledger.submit('createReport', {}), (error: unknown) => {
      refused('NOT_AUTHORISED', 'tx-1')(error);
      assert.equal((error as Error).message, 'a caller of OemAMSP may not act for lab-alpha.');
      return true;
    });
    assert.deepEqual(calls, ['endorse tx-1'], 'nothing goes to the orderers');
  });

  it('is found out by its id where a BFT quorum reported failure for a transaction that commits', async () => {
    const { ledger, calls } = new FakeGateway({
      submit: (txId) => Promise.reject(submitError(txId, [ALREADY_PROCESSED, ALREADY_PROCESSED])),
      askStatus: (txId) => Promise.resolve(valid(txId)),
    });
    const committed = await ledger.submit('createReport', {});
    assert.equal(committed.txId, 'tx-1');
    assert.deepEqual(calls, ['endorse tx-1', 'submit tx-1', 'ask tx-1'], 'it is asked for, not submitted again');
  });

  it('is not committed because of an empty answer, which names the block of the configuration', async () => {
    const empty = (txId: string) => Promise.resolve({ ...valid(txId), blockNumber: 0n });
    const { ledger } = new FakeGateway({ commitStatus: empty, askStatus: empty });
    await assert.rejects(ledger.submit('createReport', {}), refused('OUTCOME_UNKNOWN', 'tx-1'));
    const outcome = await ledger.outcome('tx-1');
    assert.equal(outcome.state, 'unknown');
    assert.equal(outcome.error?.code, 'ANSWER_INVALID');
  });

  it('is asked for again until the network answers', async () => {
    let questions = 0;
    const { ledger } = new FakeGateway(
      {
        commitStatus: () => Promise.reject(unavailable()),
        askStatus: (txId) => (++questions < 3 ? Promise.reject(unavailable()) : Promise.resolve(valid(txId))),
      },
      { timeoutMs: 10_000 },
    );
    assert.equal((await ledger.submit('createReport', {})).blockNumber, 7n);
    assert.equal(questions, 3);
  });

  it('is unknown, with its id, where nobody answers, and it is not submitted again', async () => {
    const { ledger, calls } = new FakeGateway({ submit: (txId) => Promise.reject(submitError(txId, [])) });
    await assert.rejects(ledger.submit('createReport', {}), refused('OUTCOME_UNKNOWN', 'tx-1'));
    assert.deepEqual(
      calls.filter((call) => !call.startsWith('ask')),
      ['endorse tx-1', 'submit tx-1'],
    );
  });

  it('is committed where all that answered lie that it was refused (lying orderers)', async () => {
    const { ledger, calls } = new FakeGateway({
      submit: (txId) => Promise.reject(submitError(txId, [FORBIDDEN, FORBIDDEN, FORBIDDEN])),
      askStatus: (txId) => Promise.resolve(valid(txId)),
    });
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-1');
    assert.deepEqual(calls, ['endorse tx-1', 'submit tx-1', 'ask tx-1']);
  });

  it('is unknown, with what the orderers said, where all of them refused it and it is in no block', async () => {
    const { ledger } = new FakeGateway({
      submit: (txId) => Promise.reject(submitError(txId, [FORBIDDEN, FORBIDDEN])),
    });
    await assert.rejects(ledger.submit('createReport', {}), (error: unknown) => {
      refused('OUTCOME_UNKNOWN', 'tx-1')(error);
      assert.match((error as Error).message, /OrdererMSP: .*status=FORBIDDEN, info=implicit policy evaluation failed/);
      return true;
    });
  });

  it('is tried again with a new endorsement after a read conflict, which leaves nothing behind', async () => {
    const { ledger, calls } = new FakeGateway({
      commitStatus: (txId) =>
        Promise.resolve(txId === 'tx-1' ? invalid(txId, StatusCode.MVCC_READ_CONFLICT) : valid(txId)),
    });
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-2');
    assert.equal(calls.filter((call) => call.startsWith('endorse')).length, 2);
  });

  it('is a conflict in the end if it loses every time', async () => {
    const { ledger, calls } = new FakeGateway(
      { commitStatus: (txId) => Promise.resolve(invalid(txId, StatusCode.PHANTOM_READ_CONFLICT)) },
      { conflictRetries: 2 },
    );
    await assert.rejects(ledger.submit('createReport', {}), refused('PHANTOM_READ_CONFLICT', 'tx-3'));
    assert.equal(calls.filter((call) => call.startsWith('endorse')).length, 3);
  });

  it('is not tried again where trying again cannot help', async () => {
    const { ledger, calls } = new FakeGateway({
      commitStatus: (txId) => Promise.resolve(invalid(txId, StatusCode.ENDORSEMENT_POLICY_FAILURE)),
    });
    await assert.rejects(ledger.submit('createReport', {}), refused('ENDORSEMENT_POLICY_FAILURE', 'tx-1'));
    assert.equal(calls.filter((call) => call.startsWith('endorse')).length, 1);
  });

  it('is endorsed again with a fresh proposal where the peers were a block apart', async () => {
    const { ledger, calls } = new FakeGateway({
      endorse: (txId) => (txId === 'tx-3' ? Promise.resolve() : Promise.reject(blockApart())),
    });
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-3');
    assert.deepEqual(calls, ['endorse tx-1', 'endorse tx-2', 'endorse tx-3', 'submit tx-3', 'status tx-3']);
  });

  it('is refused in the end where the peers never come to the same result, and nothing goes to the orderers', async () => {
    const { ledger, calls } = new FakeGateway({ endorse: () => Promise.reject(blockApart()) }, { endorseRetries: 2 });
    await assert.rejects(ledger.submit('createReport', {}), refused('ENDORSEMENTS_DIFFER', 'tx-3'));
    assert.deepEqual(calls, ['endorse tx-1', 'endorse tx-2', 'endorse tx-3']);
  });

  it('is not endorsed again after the deadline', async () => {
    const limits = { endorseRetries: 1000, timeoutMs: 400 };
    const { ledger, calls } = new FakeGateway({ endorse: () => Promise.reject(blockApart()) }, limits);
    await assert.rejects(ledger.submit('createReport', {}), (error: unknown) =>
      refused('ENDORSEMENTS_DIFFER', `tx-${calls.length}`)(error),
    );
  });

  it('is endorsed again though the clock was set forward, and its outcome is not awaited longer though it was set back', async () => {
    const clock = sinon.useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    const set = (ms: number) => {
      clock.setSystemTime(Date.now() + ms);
    };
    const endorse = (txId: string) => {
      set(3_600_000);
      return txId === 'tx-3' ? Promise.resolve() : Promise.reject(blockApart());
    };
    const askStatus = () => {
      set(-7_200_000);
      return Promise.reject(unavailable());
    };
    try {
      const { ledger } = new FakeGateway({ endorse, askStatus }, { timeoutMs: 5000 });
      assert.equal((await ledger.submit('createReport', {})).txId, 'tx-3');
      const { ledger: hasty } = new FakeGateway({ askStatus }, { timeoutMs: 300 });
      assert.equal((await hasty.outcome('sent')).state, 'unknown');
    } finally {
      clock.restore();
    }
  });

  it('is not endorsed again where the refusal has another reason', async () => {
    const { ledger, calls } = new FakeGateway({ endorse: () => Promise.reject(unavailable()) });
    await assert.rejects(ledger.submit('createReport', {}), refused('UNAVAILABLE', 'tx-1'));
    assert.deepEqual(calls, ['endorse tx-1']);
  });

  it('can be queried later by its id', async () => {
    const script = {
      askStatus: (txId: string) =>
        Promise.resolve(txId === 'good' ? valid(txId) : invalid(txId, StatusCode.MVCC_READ_CONFLICT)),
    };
    const { ledger } = new FakeGateway(script);
    assert.deepEqual(await ledger.outcome('good'), { state: 'committed', txId: 'good', blockNumber: 7n });
    const bad = await ledger.outcome('bad');
    assert.ok(bad.state === 'refused');
    assert.equal(bad.error.code, 'MVCC_READ_CONFLICT');
    const open = await new FakeGateway({}).ledger.outcome('any');
    assert.ok(open.state === 'unknown');
    assert.equal(open.txId, 'any');
  });

  it('is unknown with the reason why nobody could tell, which asking again may not cure', async () => {
    const answered = (code: Grpc, text: string) =>
      new FakeGateway({ askStatus: () => Promise.reject(gatewayError(code, text)) }).ledger.outcome('any');
    const reasonOf = async (outcome: ReturnType<typeof answered>) => {
      const found = await outcome;
      return found.state === 'unknown' ? found.error?.code : found.state;
    };
    const late = answered(Grpc.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED: Deadline exceeded');
    assert.equal(await reasonOf(late), 'TIMED_OUT');
    assert.equal(await reasonOf(answered(Grpc.UNAVAILABLE, UNTRUSTED)), 'GATEWAY_UNTRUSTED');
    assert.equal(await reasonOf(answered(Grpc.NOT_FOUND, 'channel nope not found')), 'CHAINCODE_UNAVAILABLE');
  });

  it('is told although its answer cannot be read', async () => {
    const { ledger } = new FakeGateway({ result: 'no JSON' });
    await assert.rejects(
      new TraceCal(ledger, 'registry', () => undefined).anchor('00'.repeat(32)),
      (error: unknown) => {
        refused('ANSWER_INVALID', 'tx-1')(error);
        assert.match((error as Error).message, /Transaction tx-1 is committed\./);
        return true;
      },
    );
  });
});

describe('who endorses', () => {
  const plan = ['NmiEastMSP', 'NmiNorthMSP'];
  const named = 'by NmiEastMSP and NmiNorthMSP';
  const endorsements = (calls: readonly string[]) => calls.filter((call) => call.startsWith('endorse'));

  it('is planned by the gateway once and named from then on', async () => {
    const { ledger, calls } = new FakeGateway({ plan });
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual((await ledger.submit('createReport', {})).endorsedBy, plan);
    }
    assert.deepEqual(endorsements(calls), ['endorse tx-1', `endorse tx-2 ${named}`, `endorse tx-3 ${named}`]);
  });

  it('is planned again before anything is submitted if a named organisation is not available', async () => {
    const { ledger, calls } = new FakeGateway({
      plan,
      endorse: (txId) =>
        txId === 'tx-2'
          ? Promise.reject(gatewayError(Grpc.UNAVAILABLE, 'failed to find any endorsing peers for org(s): NmiEastMSP'))
          : Promise.resolve(),
    });
    await ledger.submit('createReport', {});
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-3');
    assert.deepEqual(calls.slice(3), [`endorse tx-2 ${named}`, 'endorse tx-3', 'submit tx-3', 'status tx-3']);
  });

  it('is nobody who was not available: they are not named again', async () => {
    const { ledger, calls } = new FakeGateway({
      plan,
      endorse: (txId) => (txId === 'tx-2' || txId === 'tx-3' ? Promise.reject(unavailable()) : Promise.resolve()),
    });
    await ledger.submit('createReport', {});
    await assert.rejects(ledger.submit('createReport', {}), refused('UNAVAILABLE', 'tx-3'));
    await ledger.submit('createReport', {});
    const all = ['endorse tx-1', `endorse tx-2 ${named}`, 'endorse tx-3', 'endorse tx-4'];
    assert.deepEqual(endorsements(calls), all);
  });

  it('is asked of the gateway where one of those named refuses: only its plan knows whether others do not', async () => {
    const text = 'chaincode response 500, NOT_FOUND: no device x is registered here.';
    const { ledger, calls } = new FakeGateway({
      plan,
      endorse: (txId) =>
        txId === 'tx-2' ? Promise.reject(gatewayError(Grpc.ABORTED, 'failed', [text])) : Promise.resolve(),
    });
    await ledger.submit('createReport', {});
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-3', 'a peer was a block behind');
    assert.deepEqual(endorsements(calls), ['endorse tx-1', `endorse tx-2 ${named}`, 'endorse tx-3']);
  });

  it('does not change what a refusal says', async () => {
    const text = 'chaincode response 500, NOT_AUTHORISED: a caller of OemAMSP may not act for lab-alpha.';
    const { ledger, calls } = new FakeGateway({
      plan,
      endorse: (txId) =>
        txId === 'tx-1' ? Promise.resolve() : Promise.reject(gatewayError(Grpc.ABORTED, 'failed', [text])),
    });
    await ledger.submit('createReport', {});
    await assert.rejects(ledger.submit('createReport', {}), refused('NOT_AUTHORISED', 'tx-3'));
    assert.deepEqual(calls.slice(3), [`endorse tx-2 ${named}`, 'endorse tx-3'], 'nothing goes to the orderers');
  });

  it('is planned again if the policy now requires other organisations, because that transaction was certainly not applied', async () => {
    const { ledger, calls } = new FakeGateway({
      plan,
      commitStatus: (txId) =>
        Promise.resolve(txId === 'tx-2' ? invalid(txId, StatusCode.ENDORSEMENT_POLICY_FAILURE) : valid(txId)),
    });
    await ledger.submit('createReport', {});
    assert.equal((await ledger.submit('createReport', {})).txId, 'tx-3');
    assert.deepEqual(endorsements(calls), ['endorse tx-1', `endorse tx-2 ${named}`, 'endorse tx-3']);
  });

  it('is planned by the gateway after a conflict: those named may be a block behind this member', async () => {
    const { ledger, calls } = new FakeGateway({
      plan,
      commitStatus: (txId) =>
        Promise.resolve(txId === 'tx-2' ? invalid(txId, StatusCode.MVCC_READ_CONFLICT) : valid(txId)),
    });
    await ledger.submit('createReport', {});
    await ledger.submit('createReport', {});
    assert.deepEqual(endorsements(calls), ['endorse tx-1', `endorse tx-2 ${named}`, 'endorse tx-3']);
  });

  it('is left to the caller who names them, and to the gateway for private data', async () => {
    const { ledger, calls } = new FakeGateway({ plan });
    await ledger.submit('createReport', {});
    await ledger.submit('createReport', { endorsingOrganizations: ['NmiSouthMSP'] });
    await ledger.submit('createReport', { transientData: { secret: 'for some' } });
    await ledger.submit('createReport', {});
    const all = ['endorse tx-1', 'endorse tx-2 by NmiSouthMSP', 'endorse tx-3', `endorse tx-4 ${named}`];
    assert.deepEqual(endorsements(calls), all);
  });
});

function blockApart() {
  const message = 'failed to collect enough transaction endorsements, see attached details for more info';
  return gatewayError(Grpc.ABORTED, message, ['ProposalResponsePayloads do not match']);
}

describe('what has no JSON form', () => {
  it('is refused before it travels, as a rejection like any other', async () => {
    const { ledger, calls } = new FakeGateway({});
    const registry = new TraceCal(ledger, 'registry', () => undefined);
    const site = new Measurement(ledger, () => undefined);
    const nameless = undefined as unknown as string;
    const attempts: readonly (readonly [code: TraceCalErrorCode, () => Promise<unknown>])[] = [
      ['JSON_INVALID', () => registry.createOrganisation({ statement: { payload: nameless } as Jws })],
      ['INPUT_INVALID', () => registry.traceCal('sensor-17', { intervalDays: Number.NaN })],
      ['INPUT_INVALID', () => registry.history({ kind: 'device', id: nameless }).next()],
      ['INPUT_INVALID', () => registry.findDevices({ owner: nameless }).next()],
      ['INPUT_INVALID', () => site.getBatches([nameless])],
    ];
    for (const [code, attempt] of attempts) {
      await assert.rejects(attempt(), refused(code));
    }
    assert.deepEqual(calls, []);
  });
});

describe('what went wrong', () => {
  const cases: readonly (readonly [string, Grpc, string, readonly string[], TraceCalErrorCode])[] = [
    ['the network is down', Grpc.UNAVAILABLE, '14 UNAVAILABLE: No connection established', [], 'UNAVAILABLE'],
    ["the gateway's certificate is of another authority", Grpc.UNAVAILABLE, UNTRUSTED, [], 'GATEWAY_UNTRUSTED'],
    [
      "the gateway's certificate has expired, not the caller's",
      Grpc.UNAVAILABLE,
      '14 UNAVAILABLE: No connection established. Last error: Error: certificate has expired. Resolution note: ',
      [],
      'GATEWAY_UNTRUSTED',
    ],
    ['the network is slow', Grpc.DEADLINE_EXCEEDED, '4 DEADLINE_EXCEEDED: Deadline exceeded', [], 'TIMED_OUT'],
    [
      'the clock is wrong',
      Grpc.ABORTED,
      'failed',
      ['request unauthorized due to incorrect timestamp 2026-01-01, peer time 2026-01-02'],
      'CLOCK_WRONG',
    ],
    ['the identity expired', Grpc.ABORTED, 'failed', ['proposal client identity expired'], 'IDENTITY_REFUSED'],
    [
      'the identity is of nobody whom the channel knows',
      Grpc.ABORTED,
      'failed',
      ['access denied: channel [calibration] creator org unknown, creator is malformed'],
      'IDENTITY_REFUSED',
    ],
    [
      'endorsers disagree',
      Grpc.ABORTED,
      'failed to collect enough transaction endorsements',
      ['ProposalResponsePayloads do not match'],
      'ENDORSEMENTS_DIFFER',
    ],
    [
      'gossip does not know the others yet',
      Grpc.FAILED_PRECONDITION,
      'no combination of peers can be derived which satisfy the endorsement policy',
      [],
      'NOT_READY',
    ],
    [
      'the chaincode has no such function',
      Grpc.UNKNOWN,
      'chaincode response 500, You have asked to invoke a function that does not exist: foo',
      [],
      'CHAINCODE_ERROR',
    ],
    [
      'the registry refused',
      Grpc.UNKNOWN,
      '2 UNKNOWN: evaluate call to endorser returned error: chaincode response 500, NOT_FOUND: no device x is registered here.',
      [],
      'NOT_FOUND',
    ],
  ];
  for (const [what, code, message, details, expected] of cases) {
    it(`is said with the code ${expected} where ${what}`, async () => {
      const { ledger } = new FakeGateway({ evaluate: () => Promise.reject(gatewayError(code, message, details)) });
      await assert.rejects(ledger.evaluate('getDevice', 'x'), refused(expected));
    });
  }

  it('never carries control characters from a peer to a terminal', async () => {
    const text = 'chaincode response 500, NOT_FOUND: \u001b[31mred\u0007 line\nnext';
    const { ledger } = new FakeGateway({ evaluate: () => Promise.reject(gatewayError(Grpc.UNKNOWN, text)) });
    await assert.rejects(ledger.evaluate('getDevice', 'x'), (error: unknown) => {
      assert.doesNotMatch((error as Error).message, /\p{Cc}/u);
      return true;
    });
  });
});
