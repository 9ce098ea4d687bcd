import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import { parsePolicy } from '@tracecal/network/channel';
import type { Application } from '../support/application.js';
import { invalidityOf } from '../support/failure.js';
import { KV, SHARED } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';
import { endorsersOf } from '../support/signedMessages.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const ABSENT = '';
const FIRST = 'as it was';

function policyHex(policy: string): string {
  return Buffer.from(parsePolicy(policy).serializeBinary()).toString('hex');
}

scenarios('Endorsement policies', (stage) => {
  const alpha = (): Application => stage.as('alpha');
  const submitEndorsedBy = (organisations: readonly string[], transaction: string, ...args: string[]) =>
    alpha()
      .contract()
      .submit(transaction, { arguments: args, endorsingOrganizations: [...organisations] });

  /** A key that only gamma's peer may let anybody write. */
  async function keyOfGamma(): Promise<string> {
    const key = freshKey('gammas');
    await alpha().submit('putWithPolicy', key, FIRST, policyHex("OR('GammaMSP.peer')"));
    return key;
  }

  describe('of a chaincode', () => {
    it('are met by the gateway on its own', async () => {
      const transaction = await alpha()
        .contract()
        .newProposal('put', { arguments: [freshKey(), 'value'] })
        .endorse();
      const endorsers = endorsersOf(transaction);
      assert.equal(endorsers.length, 2);
      assert.ok(endorsers.includes('AlphaMSP'), "the gateway's own organisation is asked first");
      assert.equal((await (await transaction.submit()).getStatus()).code, VALID);
    });

    it('are met by a reader through the writers’ peers, whose own endorsement would not count', async () => {
      const transaction = await stage
        .as('delta')
        .contract()
        .newProposal('put', { arguments: [freshKey(), 'value'] })
        .endorse();
      assert.equal(endorsersOf(transaction).filter((mspId) => mspId !== 'DeltaMSP').length >= 2, true);
    });

    it('invalidate a transaction with too few endorsements: ENDORSEMENT_POLICY_FAILURE', async () => {
      const key = freshKey();
      const code = await invalidityOf(submitEndorsedBy(['AlphaMSP'], 'put', key, 'alone'));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
      assert.equal(await alpha().evaluate('get', key), ABSENT);
    });

    it('invalidate a transaction whose endorsers are not those that the policy names', async () => {
      const code = await invalidityOf(submitEndorsedBy(['AlphaMSP', 'DeltaMSP'], 'put', freshKey(), 'value'));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    });

    it('hold for a transaction that writes nothing, too', async () => {
      assert.equal(await invalidityOf(submitEndorsedBy(['AlphaMSP'], 'noop')), ENDORSEMENT_POLICY_FAILURE);
      await submitEndorsedBy(['AlphaMSP', 'GammaMSP'], 'noop');
    });
  });

  describe('for the SDK', () => {
    const newLedger = (): Ledger =>
      new Ledger(stage.as('alpha').gateway, { channel: SHARED, chaincode: KV }, DEFAULT_LIMITS);
    const put = (ledger: Ledger, key = freshKey()) => ledger.submit('put', { arguments: [key, 'value'] });
    const putExceptAt = (ledger: Ledger, mspId: string, key = freshKey()) =>
      ledger.submit('putExceptAt', { arguments: [mspId, key, 'value'] });

    it("are met without the member's own peer once it knows whose endorsements are enough", async () => {
      const key = await keyOfGamma();
      await assert.rejects(putExceptAt(newLedger(), 'AlphaMSP', key), /refused at AlphaMSP/);
      const ledger = newLedger();
      assert.deepEqual((await put(ledger, key)).endorsedBy, ['GammaMSP']);
      assert.deepEqual((await putExceptAt(ledger, 'AlphaMSP', key)).endorsedBy, ['GammaMSP']);
    });

    it('are met where those that were enough for the last transaction are not for this one', async () => {
      const ledger = newLedger();
      const key = await keyOfGamma();
      await put(ledger, key);
      assert.equal((await put(ledger)).endorsedBy.length, 2);
      assert.ok((await put(ledger, key)).endorsedBy.includes('GammaMSP'));
    });

    it('are met by others where one that was enough refuses', async () => {
      const ledger = newLedger();
      const [refusing = ''] = (await put(ledger)).endorsedBy.filter((mspId) => mspId !== 'AlphaMSP');
      const others = (await putExceptAt(ledger, refusing)).endorsedBy;
      assert.equal(others.includes(refusing), false, others.join(', '));
      assert.deepEqual((await put(ledger)).endorsedBy, others);
    });

    it('leave a refusal of all as it is', async () => {
      const ledger = newLedger();
      await put(ledger);
      await assert.rejects(ledger.submit('fail', { arguments: ['not today'] }), /not today/);
    });
  });

  describe('of a single key', () => {
    it('make the gateway collect the endorsement that they demand', async () => {
      const key = await keyOfGamma();
      const transaction = await alpha()
        .contract()
        .newProposal('put', { arguments: [key, 'with gamma'] })
        .endorse();
      assert.ok(endorsersOf(transaction).includes('GammaMSP'));
      assert.equal((await (await transaction.submit()).getStatus()).code, VALID);
      assert.equal(await alpha().evaluate('get', key), 'with gamma');
    });

    it('invalidate a transaction without that endorsement, however many others it has', async () => {
      const key = await keyOfGamma();
      const code = await invalidityOf(submitEndorsedBy(['AlphaMSP', 'BetaMSP'], 'put', key, 'without gamma'));
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
      assert.equal(await alpha().evaluate('get', key), FIRST);
    });

    it("stand in place of the chaincode's policy, also where they ask for less", async () => {
      const key = await keyOfGamma();
      await submitEndorsedBy(['GammaMSP'], 'put', key, 'gamma alone');
      assert.equal(await alpha().evaluate('get', key), 'gamma alone');
    });

    it('guard deletion as well', async () => {
      const key = await keyOfGamma();
      assert.equal(
        await invalidityOf(submitEndorsedBy(['AlphaMSP', 'BetaMSP'], 'remove', key)),
        ENDORSEMENT_POLICY_FAILURE,
      );
      assert.equal(await alpha().evaluate('get', key), FIRST);
    });

    it('are replaced only by those whom the old policy names', async () => {
      const key = await keyOfGamma();
      const anybody = policyHex("OR('AlphaMSP.peer', 'BetaMSP.peer')");
      assert.equal(
        await invalidityOf(submitEndorsedBy(['AlphaMSP', 'BetaMSP'], 'setPolicy', key, anybody)),
        ENDORSEMENT_POLICY_FAILURE,
      );
      await submitEndorsedBy(['GammaMSP'], 'setPolicy', key, anybody);
      await submitEndorsedBy(['BetaMSP'], 'put', key, 'beta, now');
      assert.equal(await alpha().evaluate('getPolicy', key), anybody);
    });

    it('cannot be given to a key that does not exist', async () => {
      const key = freshKey();
      await alpha().submit('setPolicy', key, policyHex("OR('GammaMSP.peer')"));
      assert.equal(await alpha().evaluate('getPolicy', key), ABSENT);
      await submitEndorsedBy(['AlphaMSP', 'BetaMSP'], 'put', key, 'nobody guards it');
    });

    it('leave the other keys to the policy of the chaincode', async () => {
      await keyOfGamma();
      assert.equal(
        await invalidityOf(submitEndorsedBy(['GammaMSP'], 'put', freshKey(), 'value')),
        ENDORSEMENT_POLICY_FAILURE,
      );
    });
  });
});
