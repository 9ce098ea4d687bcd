import assert from 'node:assert/strict';
import { withoutOrganisation } from '@tracecal/network/topology';
import type { Application } from '../support/application.js';
import { asMember, credentialsOf, text, type ApplicationOptions } from '../support/application.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { epsilon, KV, sharedChannelAlone, WITHOUT_EPSILON } from '../support/scenarioConsortium.js';

describe(`Members that come and go [${engineName}]`, function () {
  this.timeout(240_000);

  let network: EngineNetwork;

  before(async () => {
    network = await (await selectedEngine()).start(sharedChannelAlone());
    await as('alpha', (alpha) => alpha.submit('put', 'before', 'epsilon'));
  });

  after(async () => {
    await (network as EngineNetwork | undefined)?.stop();
  });

  function as<T>(member: string, act: (application: Application) => Promise<T>, options?: ApplicationOptions) {
    return asMember(network, member, act, options);
  }

  /** Submits with the endorsements of these organisations and no others. */
  function put(application: Application, key: string, endorsers: readonly string[]): Promise<Uint8Array> {
    const endorsingOrganizations = [...endorsers];
    return application.contract().submit('put', { arguments: [key, 'here'], endorsingOrganizations });
  }

  describe('when an organisation joins', () => {
    before(() => network.changeMembers({ join: epsilon }));

    it('has on its peer what was written before', async () => {
      assert.equal(await as('epsilon', (application) => application.evaluate('get', 'before')), 'epsilon');
    });

    it('writes, and all the others read it', async () => {
      await as('epsilon', (application) => application.submit('put', 'from epsilon', 'hello'));
      for (const member of ['alpha', 'beta', 'gamma', 'delta']) {
        await as(member, (application) =>
          eventually(async () => {
            assert.equal(await application.evaluate('get', 'from epsilon'), 'hello', member);
          }),
        );
      }
    });

    it('endorses by the new policy of the chaincode', async () => {
      await as('epsilon', (application) => put(application, 'endorsed', ['EpsilonMSP', 'AlphaMSP']));
      assert.equal(await as('epsilon', (application) => application.evaluate('get', 'endorsed')), 'here');
    });

    it('is still a member after a restart', async () => {
      await network.restart();
      await as('epsilon', (application) => put(application, 'after the restart', ['EpsilonMSP', 'BetaMSP']));
    });
  });

  describe('when it leaves', () => {
    let former: NonNullable<ApplicationOptions['credentials']>;

    before(async () => {
      former = credentialsOf(network, 'epsilon');
      await network.changeMembers({ leave: 'epsilon', endorsement: { [KV]: WITHOUT_EPSILON } });
    });

    it('has what it wrote stay', async () => {
      assert.equal(await as('alpha', (application) => application.evaluate('get', 'from epsilon')), 'hello');
    });

    it('can neither read nor write through anybody', async () => {
      await as(
        'alpha',
        async (application) => {
          await assert.rejects(application.evaluate('get', 'before'));
          await assert.rejects(application.submit('put', 'before', 'gone'), { name: 'EndorseError' });
        },
        { credentials: former },
      );
    });

    it('does not count as an endorser any more, and the others go on', async () => {
      await as('beta', async (application) => {
        await assert.rejects(put(application, 'refused', ['EpsilonMSP', 'BetaMSP']));
        await put(application, 'accepted', ['AlphaMSP', 'GammaMSP']);
        assert.equal(text(await application.contract().evaluateTransaction('get', 'accepted')), 'here');
      });
    });
  });

  it('is refused whole when the new description lacks an organisation that a policy needs', () => {
    assert.throws(() => withoutOrganisation(network.consortium, 'beta'), { code: 'CONSORTIUM_INVALID' });
  });
});
