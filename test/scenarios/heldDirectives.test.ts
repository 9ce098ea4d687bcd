import assert from 'node:assert/strict';
import { common, peer } from '@hyperledger/fabric-protos';
import type { Contract, Transaction } from '@hyperledger/fabric-gateway';
import type { DirectiveHead, DirectiveRecord, Page } from '@tracecal/core/contracts';
import type { Answer, Directive } from '@tracecal/core/directives';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import { signAnswer } from '@tracecal/gateway-client/device';
import { Application, text } from '../support/application.js';
import { broadcast } from '../support/configUpdates.js';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { handMadeWrites, type HandMadeWrite } from '../support/handMadeWrites.js';
import { presentDates, twoCountries } from '../support/hierarchy.js';
import { Instrument } from '../support/instrument.js';
import { Operator, SENSOR } from '../support/operator.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { StolenKeys } from '../support/stolenKeys.js';
import { buildTransaction, newTransactionId } from '../support/transactionBuilder.js';

const { VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const CHANNEL = 'measurement-a';

/** Who may write on a site's channel, or has once been let, holds back what was endorsed, or makes transactions by hand. */
describe(`Directives that somebody holds back or makes by hand [${engineName}]`, function () {
  this.timeout(240_000);
  let running: RegistryNetwork;
  let operator: Operator;
  let application: Application;

  before(async () => {
    const hierarchy = await twoCountries(undefined, presentDates());
    await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
    running = await RegistryNetwork.start(hierarchy);
    await running.submitNew();
    operator = new Operator(hierarchy);
    application = new Application(running.network, 'oem-a');
  });

  after(async () => {
    (application as Application | undefined)?.close();
    await (running as RegistryNetwork | undefined)?.stop();
  });

  const contract = (): Contract => application.network(CHANNEL).getContract('measurement', 'measurement');
  const endorsed = (transaction: string, argument: string): Promise<Transaction> =>
    eventually(() =>
      contract()
        .newProposal(transaction, { arguments: [argument] })
        .endorse(),
    );
  const commit = async (transaction: Transaction): Promise<number> =>
    (await (await transaction.submit()).getStatus()).code;
  const directive = async (number: number, changes: Partial<Directive> = {}): Promise<Transaction> => {
    const date = instantOf(Date.now());
    return endorsed('giveDirective', await operator.textOf(operator.content(number, { date, from: date, ...changes })));
  };
  const answer = async (given: string, instrument: Instrument, what: string): Promise<Transaction> => {
    const words = { registry: operator.registry, directive: given, device: SENSOR, by: instrument.device, what };
    const content: Omit<Answer, 'type'> = { ...words, outcome: 'carried-out', date: instantOf(Date.now()) };
    return endorsed('answerDirective', canonicalJson((await signAnswer(content, instrument.signer)).jws));
  };
  const head = async (): Promise<DirectiveHead | null> => {
    const question = canonicalJson({ devices: [SENSOR] });
    const bytes = await contract().evaluateTransaction('getDirectiveHeads', question);
    return (JSON.parse(text(bytes)) as readonly (DirectiveHead | null)[])[0] ?? null;
  };

  it('are invalid where another directive about the device came first: MVCC_READ_CONFLICT', async () => {
    assert.equal(await commit(await directive(1)), VALID);
    const release = { kind: 'release', reason: 'checked, sound' } as const;
    const held = await directive(2, release);
    assert.equal(await commit(await directive(2, { reason: 'found dropped again' })), VALID);
    assert.equal(await commit(held), MVCC_READ_CONFLICT);
    const before = await head();
    assert.equal(before?.number, 2);
    const bytes = await contract().evaluateTransaction('getDirectives', canonicalJson({ device: SENSOR }));
    const { items } = JSON.parse(text(bytes)) as Page<DirectiveRecord>;
    assert.deepEqual([items.length, items.at(-1)?.digest], [2, before.digest]);
  });

  it('are invalid as answers where another one took their place: MVCC_READ_CONFLICT, and can be sent again', async () => {
    const { digest = '' } = (await head()) ?? {};
    const gateway = new Instrument(running.hierarchy, 'oem-a/working-a');
    const own = new Instrument(running.hierarchy, SENSOR);
    const held = await answer(digest, gateway, 'held back');
    assert.equal(await commit(await answer(digest, own, 'by itself')), VALID);
    assert.equal(await commit(held), MVCC_READ_CONFLICT);
    assert.equal(await commit(await answer(digest, gateway, 'once more')), VALID);
  });

  it("are invalid if they are hand-made with no signature of the operator's peer", async () => {
    const keys = new StolenKeys(running.network);
    const committed = async (by: readonly `${string}/${'peer' | 'client' | 'admin'}`[], write: HandMadeWrite) => {
      const creator = 'oem-a/client';
      const { nonce } = newTransactionId(creator, undefined, keys);
      const chaincode = { channelId: CHANNEL, chaincode: 'measurement', version: '1.0' };
      const results = handMadeWrites('measurement', [write]);
      const { txId, envelope } = buildTransaction({ ...chaincode, results, endorsers: by, creator, nonce }, {}, keys);
      await broadcast(application, CHANNEL, common.Envelope.deserializeBinary(envelope));
      return eventually(async () => {
        const system = application.network(CHANNEL).getContract('qscc');
        const bytes = await system.evaluateTransaction('GetTransactionByID', CHANNEL, txId);
        return peer.ProcessedTransaction.deserializeBinary(bytes).getValidationcode();
      });
    };
    const before = await head();
    const key = ['', 'directive-head', SENSOR, ''].join('\u0000');
    const writes: readonly HandMadeWrite[] = [
      { key, deleted: true },
      { key, value: canonicalJson({ record: { ...before, number: 1 }, version: 1 }) },
    ];
    for (const write of writes) {
      for (const by of [
        ['oem-a/client'],
        ['oem-a/admin'],
        ['monitor/peer'],
        ['monitor/peer', 'oem-a/client'],
      ] as const) {
        assert.equal(await committed(by, write), ENDORSEMENT_POLICY_FAILURE, by.join());
      }
    }
    assert.deepEqual(await head(), before);
    assert.equal(await committed(['oem-a/peer'], { key: 'hand-made', value: 'by the operator itself' }), VALID);
  });
});
