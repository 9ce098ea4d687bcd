import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { text } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { failureOf } from '../support/failure.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';
import { changedProposal } from '../support/signedMessages.js';

scenarios('Transactions', (stage) => {
  it('commit, and what was written is read back by every member', async () => {
    const key = freshKey();
    const submitted = await stage
      .as('alpha')
      .contract()
      .submitAsync('put', { arguments: [key, 'ä value'] });
    const status = await submitted.getStatus();
    assert.equal(status.successful, true);
    assert.equal(status.code, peer.TxValidationCode.VALID);
    assert.equal(status.transactionId, submitted.getTransactionId());
    assert.ok(status.blockNumber > 0n);
    for (const member of ['alpha', 'beta', 'gamma', 'delta'] as const) {
      await eventually(async () => {
        assert.equal(await stage.as(member).evaluate('get', key), 'ä value');
      });
    }
  });

  it('give back what the chaincode returned, and do nothing when they are only evaluated', async () => {
    const key = freshKey();
    assert.equal(await stage.as('beta').evaluate('append', key, 'not kept'), 'not kept');
    assert.equal(await stage.as('beta').submit('append', key, 'kept'), 'kept');
    assert.equal(await stage.as('beta').evaluate('get', key), 'kept');
  });

  it('delete what was written', async () => {
    const key = freshKey();
    await stage.as('alpha').submit('put', key, 'for a while');
    await stage.as('alpha').submit('remove', key);
    assert.equal(await stage.as('alpha').evaluate('get', key), '');
  });

  it('may write the empty key, which a range from the first key leaves out', async () => {
    await stage.as('alpha').submit('put', '', 'under the empty key');
    assert.equal(await stage.as('alpha').evaluate('get', ''), 'under the empty key');
    await stage.as('alpha').submit('remove', '');
    assert.equal(await stage.as('alpha').evaluate('get', ''), '');
  });

  it("fail with the chaincode's own words when it throws", async () => {
    const submitted = await failureOf(stage.as('alpha').submit('fail', 'no such device: K-77'));
    assert.equal(submitted.name, 'EndorseError');
    assert.equal(submitted.code, 'ABORTED');
    assert.match(submitted.text, /chaincode response 500, no such device: K-77/);
    assert.deepEqual(submitted.mspIds, ['AlphaMSP']);

    const evaluated = await failureOf(stage.as('beta').evaluate('fail', 'no such device: K-77'));
    assert.equal(evaluated.code, 'UNKNOWN');
    assert.match(evaluated.text, /chaincode response 500, no such device: K-77/);
    assert.deepEqual(evaluated.mspIds, ['BetaMSP']);
  });

  it('fail when they name a transaction or a number of arguments that the contract does not have', async () => {
    assert.match((await failureOf(stage.as('alpha').evaluate('unheardOf'))).text, /chaincode response 500/);
    assert.match((await failureOf(stage.as('alpha').evaluate('get'))).text, /chaincode response 500, Expected 1 param/);
  });

  it('are told with status 404 that a chaincode has no definition', async () => {
    const argument = new peer.lifecycle.QueryChaincodeDefinitionArgs();
    argument.setName('unheard-of');
    const asked = stage
      .as('alpha')
      .network()
      .getContract('_lifecycle')
      .evaluate('QueryChaincodeDefinition', { arguments: [argument.serializeBinary()] });
    assert.match((await failureOf(asked)).text, /chaincode response 404, namespace unheard-of is not defined/);
  });

  it('fail for a chaincode and for a channel that are not there', async () => {
    const chaincode = stage.as('alpha').contract('nowhere');
    assert.equal((await failureOf(chaincode.evaluateTransaction('get', 'key'))).code, 'FAILED_PRECONDITION');
    assert.equal((await failureOf(chaincode.submitTransaction('get', 'key'))).code, 'FAILED_PRECONDITION');
    const channel = stage.as('alpha').contract('kv', 'nowhere');
    assert.equal((await failureOf(channel.evaluateTransaction('get', 'key'))).code, 'UNAVAILABLE');
    assert.equal((await failureOf(channel.submitTransaction('get', 'key'))).code, 'FAILED_PRECONDITION');
  });

  it('of a chaincode that gives every endorser another result are caught before they are ordered', async () => {
    const key = freshKey();
    const failure = await failureOf(stage.as('alpha').submit('putRandom', key));
    assert.equal(failure.name, 'EndorseError');
    assert.equal(failure.code, 'ABORTED');
    assert.match(failure.text, /ProposalResponsePayloads do not match/);
    assert.equal(await stage.as('alpha').evaluate('get', key), '');
  });

  it('cannot write after a page of a query, whose result is not checked again at commit', async () => {
    const key = freshKey();
    await stage.as('alpha').submit('put', key, 'on the page');
    const failure = await failureOf(stage.as('alpha').submit('pageThenPut', key, `${key}~`, freshKey()));
    assert.match(failure.text, /Transaction has already performed a paginated query\. Writes are not allowed/);
  });

  it('carry an id that belongs to their creator and nonce', async () => {
    const forged = changedProposal(
      stage.as('alpha'),
      'put',
      { arguments: [freshKey(), 'value'] },
      {
        channelHeader: (header) => {
          header.setTxId('00'.repeat(32));
        },
      },
    );
    const failure = await failureOf(forged.endorse());
    assert.equal(failure.code, 'ABORTED');
    assert.match(failure.text, /incorrectly computed txid/);
  });

  it('are not endorsed a second time under the same id', async () => {
    const proposal = stage
      .as('alpha')
      .contract()
      .newProposal('put', { arguments: [freshKey(), 'once'] });
    const transaction = await proposal.endorse();
    assert.equal((await (await transaction.submit()).getStatus()).successful, true);
    const again = await failureOf(proposal.endorse());
    assert.equal(again.code, 'ABORTED');
    assert.match(again.text, /duplicate transaction found/);
    assert.equal((await failureOf(proposal.evaluate())).code, 'FAILED_PRECONDITION');
  });

  it('are not applied a second time when the same envelope is sent again', async () => {
    const alpha = stage.as('alpha');
    const key = freshKey();
    const transaction = await alpha
      .contract()
      .newProposal('append', { arguments: [key, 'once'] })
      .endorse();
    const commit = await transaction.submit();
    await commit.getStatus();
    // SmartBFT turns away what it remembers; the embedded orderer answers as it did before. (See "Restarts" for the rest.)
    const again = transaction.submit();
    await again.catch(async () => {
      assert.match((await failureOf(again)).text, /request already/);
    });
    assert.equal((await commit.getStatus()).code, peer.TxValidationCode.VALID);
    assert.equal(await alpha.evaluate('get', key), 'once');
  });

  it('of an organisation that is not there cannot be asked for', async () => {
    const options = { arguments: [freshKey(), 'value'], endorsingOrganizations: ['NowhereMSP'] };
    const failure = await failureOf(stage.as('alpha').contract().submit('put', options));
    assert.equal(failure.name, 'EndorseError');
    assert.equal(failure.code, 'UNAVAILABLE');
    assert.match(failure.text, /NowhereMSP/);
  });

  it('may be signed elsewhere: proposal, transaction and commit travel as bytes', async () => {
    const { gateway } = stage.as('beta');
    const contract = stage.as('beta').contract();
    const key = freshKey();
    const proposal = gateway.newProposal(contract.newProposal('append', { arguments: [key, 'x'] }).getBytes());
    const transaction = gateway.newTransaction((await proposal.endorse()).getBytes());
    const commit = gateway.newCommit((await transaction.submit()).getBytes());
    assert.equal(text(transaction.getResult()), 'x');
    assert.equal((await commit.getStatus()).successful, true);
  });
});
