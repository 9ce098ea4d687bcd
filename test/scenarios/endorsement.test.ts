import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { parsePolicy } from '@tracecal/network/channel';
import type { Application } from '../support/application.js';
import { invalidityOf } from '../support/failure.js';
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
