import assert from 'node:assert/strict';
import { credentialsOf, type Application, type Credentials } from '../support/application.js';
import { enrolled, highS, minutesFromNow, otherSigner, selfMade } from '../support/credentials.js';
import { failureOf } from '../support/failure.js';
import { OWN, OWN_KV } from '../support/scenarioConsortium.js';
import { freshKey, scenarios } from '../support/sharedNetwork.js';
import { proposalAt, withoutSignature } from '../support/signedMessages.js';

const NOT_SIGNED_BY_ALPHA = /access denied: channel \[calibration\] creator org \[AlphaMSP\]/;
const NOT_KNOWN = /access denied: channel \[calibration\] creator org unknown, creator is malformed/;

/** Whom the chaincode takes the caller for. */
async function mspIdSeenBy(application: Application): Promise<string> {
  return (JSON.parse(await application.evaluate('whoAmI')) as { readonly mspId: string }).mspId;
}

scenarios('Identities', (stage) => {
  const alphaWith = (credentials: Credentials): Application => stage.connect('alpha', { credentials });
  const alphasOwn = (): Credentials => credentialsOf(stage.network, 'alpha');

  /** Neither evaluates nor submits, for this reason. */
  async function refusedEverywhere(application: Application, code: string, reason: RegExp): Promise<void> {
    const evaluated = await failureOf(application.evaluate('get', 'key'));
    assert.equal(evaluated.code, code);
    assert.match(evaluated.text, reason);
    const submitted = await failureOf(application.submit('put', freshKey(), 'value'));
    assert.equal(submitted.name, 'EndorseError');
    assert.equal(submitted.code, 'ABORTED');
    assert.match(submitted.text, reason);
  }

  it('are refused when the signature is not by the key of the certificate', async () => {
    const impostor = { identity: alphasOwn().identity, signer: otherSigner() };
    await refusedEverywhere(alphaWith(impostor), 'FAILED_PRECONDITION', NOT_SIGNED_BY_ALPHA);
  });

  it('are refused when a CA that nobody knows certified them', async () => {
    await refusedEverywhere(alphaWith(await selfMade('alpha')), 'FAILED_PRECONDITION', NOT_KNOWN);
  });

  it('are refused when they claim to belong to another member, or to no member', async () => {
    const { identity, signer } = alphasOwn();
    for (const mspId of ['BetaMSP', 'NowhereMSP']) {
      const application = alphaWith({ identity: { ...identity, mspId }, signer });
      await refusedEverywhere(application, 'FAILED_PRECONDITION', NOT_KNOWN);
    }
  });

  it('are refused when the certificate is malformed', async () => {
    const { signer } = alphasOwn();
    const application = alphaWith({ identity: { mspId: 'AlphaMSP', credentials: Buffer.from('no PEM') }, signer });
    await refusedEverywhere(application, 'FAILED_PRECONDITION', NOT_KNOWN);
  });

  it('are refused once they have expired', async () => {
    const validity = { notBefore: minutesFromNow(-4), notAfter: minutesFromNow(-1) };
    const application = alphaWith(await enrolled(stage.network, 'alpha', { validity }));
    await refusedEverywhere(application, 'UNAVAILABLE', /client identity expired/);
  });

  // Fabric verifies a certificate as of its own first second, and its expiry check does not look at the beginning.
  it('are accepted before their validity begins, which Fabric does not look at', async () => {
    const validity = { notBefore: minutesFromNow(60), notAfter: minutesFromNow(120) };
    const early = alphaWith(await enrolled(stage.network, 'alpha', { validity }));
    const key = freshKey();
    await early.submit('put', key, 'early');
    assert.equal(await early.evaluate('get', key), 'early');
  });

  it('may be certified while the network runs', async () => {
    const validity = { notBefore: minutesFromNow(-4), notAfter: minutesFromNow(60) };
    const visitor = alphaWith(await enrolled(stage.network, 'alpha', { validity }));
    const key = freshKey();
    await visitor.submit('put', key, 'welcome');
    assert.equal(await mspIdSeenBy(visitor), 'AlphaMSP');
  });

  it('of a member work through any member’s gateway', async () => {
    const guest = stage.connect('beta', { credentials: alphasOwn() });
    const key = freshKey();
    await guest.submit('put', key, 'through beta');
    assert.equal(await mspIdSeenBy(guest), 'AlphaMSP');
  });

  describe('and their signatures', () => {
    it('are refused with a high S, in a proposal', async () => {
      const { identity, signer } = alphasOwn();
      const application = alphaWith({ identity, signer: highS(signer) });
      await refusedEverywhere(application, 'FAILED_PRECONDITION', NOT_SIGNED_BY_ALPHA);
    });

    for (const [what, change] of [
      ['by another key', () => otherSigner()],
      ['with a high S', () => highS(alphasOwn().signer)],
    ] as const) {
      it(`are refused by the orderers ${what}, in a transaction`, async () => {
        const { gateway } = stage.as('alpha');
        const key = freshKey();
        const transaction = await stage
          .as('alpha')
          .contract()
          .newProposal('put', { arguments: [key, 'value'] })
          .endorse();
        const signature = await change()(transaction.getDigest());
        const failure = await failureOf(gateway.newSignedTransaction(transaction.getBytes(), signature).submit());
        assert.equal(failure.name, 'SubmitError');
        assert.match(failure.text, /status=FORBIDDEN/);
        assert.equal(await stage.as('alpha').evaluate('get', key), '');
      });
    }

    it('are refused when they are no signature at all', async () => {
      const application = alphaWith({
        identity: alphasOwn().identity,
        signer: () => Promise.resolve(Buffer.from('nothing')),
      });
      await refusedEverywhere(application, 'FAILED_PRECONDITION', NOT_SIGNED_BY_ALPHA);
    });

    it('are refused on an identity that is good, by somebody who is good', async () => {
      const beta = credentialsOf(stage.network, 'beta');
      const application = alphaWith({ identity: alphasOwn().identity, signer: beta.signer });
      await refusedEverywhere(application, 'FAILED_PRECONDITION', NOT_SIGNED_BY_ALPHA);
    });

    it('guard the commit status as well', async () => {
      const submitted = await stage
        .as('alpha')
        .contract()
        .submitAsync('put', { arguments: [freshKey(), 'value'] });
      await submitted.getStatus();
      const stranger = { identity: alphasOwn().identity, signer: otherSigner() };
      const commit = alphaWith(stranger).gateway.newCommit(withoutSignature(submitted));
      const failure = await failureOf(commit.getStatus());
      assert.equal(failure.name, 'CommitStatusError');
      assert.equal(failure.code, 'PERMISSION_DENIED');
    });
  });

  describe('and their clocks', () => {
    for (const minutes of [-16, 16]) {
      it(`are refused ${minutes < 0 ? 'sixteen minutes late' : 'sixteen minutes early'}`, async () => {
        const proposal = proposalAt(stage.as('alpha'), minutesFromNow(minutes), 'put', {
          arguments: [freshKey(), 'value'],
        });
        const endorsed = await failureOf(proposal.endorse());
        assert.equal(endorsed.code, 'ABORTED');
        assert.match(endorsed.text, /request unauthorized due to incorrect timestamp/);
        const evaluated = await failureOf(proposal.evaluate());
        assert.equal(evaluated.code, 'UNAVAILABLE');
        assert.match(evaluated.text, /request unauthorized due to incorrect timestamp/);
      });
    }

    it('may differ by less than fifteen minutes', async () => {
      for (const minutes of [-14, 14]) {
        const arguments_ = [freshKey(), 'value'];
        const proposal = proposalAt(stage.as('alpha'), minutesFromNow(minutes), 'put', { arguments: arguments_ });
        const submitted = await (await proposal.endorse()).submit();
        assert.equal((await submitted.getStatus()).successful, true);
      }
    });
  });

  describe('of a Reader', () => {
    it('may evaluate', async () => {
      const key = freshKey();
      await stage.as('alpha').submit('put', key, 'to be seen');
      assert.equal(
        await stage.connect('alpha', { credentials: credentialsOf(stage.network, 'delta') }).evaluate('get', key),
        'to be seen',
      );
    });

    it('may not submit: the orderers refuse what was endorsed', async () => {
      const key = freshKey();
      const failure = await failureOf(stage.as('delta').submit('put', key, 'written up'));
      assert.equal(failure.name, 'SubmitError');
      assert.match(failure.text, /status=FORBIDDEN/);
      assert.equal(await stage.as('alpha').evaluate('get', key), '');
    });
  });

  it('of a member of one channel only are nobody on another', async () => {
    const away = stage.connect('delta', { credentials: alphasOwn() }).contract(OWN_KV, OWN);
    const failure = await failureOf(away.evaluateTransaction('get', 'key'));
    assert.equal(failure.code, 'FAILED_PRECONDITION');
    assert.match(failure.text, /access denied: channel \[measurement\] creator org unknown/);
  });
});
