import assert from 'node:assert/strict';
import { peer, type common } from '@hyperledger/fabric-protos';
import { withoutOrganisation } from '@tracecal/network/topology';
import type { Application } from '../support/application.js';
import { asMember, credentialsOf, text, type ApplicationOptions } from '../support/application.js';
import { policiesOf, type FoundPolicy } from '../support/channelPolicies.js';
import { presentConfig, updateConfig } from '../support/configUpdates.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { invalidityOf } from '../support/failure.js';
import { epsilon, SHARED, sharedChannelAlone } from '../support/scenarioConsortium.js';
import { StolenKeys } from '../support/stolenKeys.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
/** What a majority of the NMIs decides, and by whose signatures. */
const DECISIONS = [
  ['/Channel/Application/Endorsement', 'peer'],
  ['/Channel/Application/LifecycleEndorsement', 'peer'],
  ['/Channel/Application/Admins', 'admin'],
  ['/Channel/Orderer/Admins', 'admin'],
] as const;

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

  async function parts(): Promise<Readonly<Record<string, common.ConfigGroup>>> {
    const config = await as('alpha', (application) => presentConfig(application, SHARED));
    return Object.fromEntries([...config.getChannelGroup()!.getGroupsMap().entries()]);
  }

  /** Has gamma's administrator add a policy of this name to gamma's own part, until the channel has it. */
  async function changedByGamma(name: string): Promise<void> {
    const policiesIn = (application: common.ConfigGroup) =>
      application.getGroupsMap().get('GammaMSP')!.getPoliciesMap();
    const admin = new StolenKeys(network).signer('gamma/admin');
    await eventually(async () => {
      if (policiesIn((await parts())['Application']!).has(name)) return;
      await as('gamma', (application) =>
        updateConfig(
          application,
          SHARED,
          (root) => {
            const own = policiesIn(root.getGroupsMap().get('Application')!);
            own.set(name, own.get('Readers')!.clone());
            own.get(name)!.setVersion(0);
          },
          [admin],
        ),
      );
      assert.fail('The channel may have it when it is asked again.');
    });
  }

  /** What a majority of the channel's NMIs is needed for, by path, as its newest configuration says. */
  async function decisions(): Promise<Readonly<Record<string, FoundPolicy>>> {
    const found = policiesOf(await as('alpha', (application) => presentConfig(application, SHARED)));
    return Object.fromEntries(DECISIONS.map(([path]) => [path, found.get(path)!]));
  }

  function majorityOf(...mspIds: readonly string[]): Readonly<Record<string, FoundPolicy>> {
    const required = Math.floor(mspIds.length / 2) + 1;
    return Object.fromEntries(
      DECISIONS.map(([path, role]) => [path, { required, of: mspIds.map((mspId) => `${mspId}.${role}`).sort() }]),
    );
  }

  /** A transaction of alpha's that these have endorsed, to be submitted some day. */
  function endorsed(key: string, endorsers: readonly string[]): Promise<Uint8Array> {
    return as('alpha', async (application) => {
      const put = { arguments: [key, 'held'], endorsingOrganizations: [...endorsers] };
      return (await application.contract().newProposal('put', put).endorse()).getBytes();
    });
  }

  function submitHeld(transaction: Uint8Array): Promise<number> {
    return as('alpha', async ({ gateway }) => {
      const commit = await gateway.newTransaction(transaction).submit();
      return (await commit.getStatus()).code;
    });
  }

  it('are at first three NMIs, of which two decide', async () => {
    assert.deepEqual(await decisions(), majorityOf('AlphaMSP', 'BetaMSP', 'GammaMSP'));
  });

  describe('when an NMI is admitted', () => {
    /** Endorsed before it was a member, and kept. */
    let byTwo: Uint8Array;
    let byThree: Uint8Array;

    before(async () => {
      byTwo = await endorsed('held by two', ['AlphaMSP', 'BetaMSP']);
      byThree = await endorsed('held by three', ['AlphaMSP', 'BetaMSP', 'GammaMSP']);
      await network.changeMembers({ join: epsilon });
    });

    it('leaves what two of three had endorsed before too weak, and what all three had is a majority still', async () => {
      assert.equal(await submitHeld(byTwo), ENDORSEMENT_POLICY_FAILURE);
      assert.equal(await submitHeld(byThree), VALID);
    });

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

    it('counts at once in all that a majority of the NMIs decides: three of four', async () => {
      assert.deepEqual(await decisions(), majorityOf('AlphaMSP', 'BetaMSP', 'EpsilonMSP', 'GammaMSP'));
    });

    it('endorses, and two of the others are too few without it, whatever they were before', async () => {
      await as('epsilon', (application) => put(application, 'endorsed', ['EpsilonMSP', 'AlphaMSP', 'BetaMSP']));
      assert.equal(await as('epsilon', (application) => application.evaluate('get', 'endorsed')), 'here');
      const code = await as('epsilon', (application) =>
        invalidityOf(put(application, 'too few', ['AlphaMSP', 'BetaMSP'])),
      );
      assert.equal(code, ENDORSEMENT_POLICY_FAILURE);
    });

    it('is still a member after a restart', async () => {
      await network.restart();
      await as('epsilon', (application) =>
        put(application, 'after the restart', ['EpsilonMSP', 'BetaMSP', 'GammaMSP']),
      );
    });
  });

  describe('when an NMI falls', () => {
    let former: NonNullable<ApplicationOptions['credentials']>;
    /** Endorsed while it was a member, and kept. */
    let withIt: Uint8Array;
    let withoutIt: Uint8Array;

    before(async () => {
      former = credentialsOf(network, 'epsilon');
      withIt = await endorsed('held with epsilon', ['EpsilonMSP', 'AlphaMSP']);
      withoutIt = await endorsed('held without epsilon', ['AlphaMSP', 'BetaMSP']);
      await changedByGamma('Before');
      await Promise.all([network.changeMembers({ leave: 'epsilon', endorsement: {} }), changedByGamma('Meanwhile')]);
    });

    it('falls although another member changes its own part meanwhile, which stays as that made it', async () => {
      const application = (await parts())['Application']!;
      const gamma = application.getGroupsMap().get('GammaMSP')!.getPoliciesMap();
      assert.deepEqual([...gamma.keys()].filter((name) => /Before|Meanwhile/.test(name)).sort(), [
        'Before',
        'Meanwhile',
      ]);
      assert.ok(!application.getGroupsMap().has('EpsilonMSP'));
    });

    it('has what it wrote stay', async () => {
      assert.equal(await as('alpha', (application) => application.evaluate('get', 'from epsilon')), 'hello');
    });

    it('counts nowhere any more: two of three decide', async () => {
      assert.deepEqual(await decisions(), majorityOf('AlphaMSP', 'BetaMSP', 'GammaMSP'));
    });

    it('does not count as an endorser of what was endorsed before either', async () => {
      assert.equal(await submitHeld(withIt), ENDORSEMENT_POLICY_FAILURE);
      assert.equal(await submitHeld(withoutIt), VALID);
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

    it('is no longer asked for endorsements, and the others continue', async () => {
      await as('beta', async (application) => {
        await assert.rejects(put(application, 'refused', ['EpsilonMSP', 'BetaMSP']));
        await put(application, 'accepted', ['AlphaMSP', 'GammaMSP']);
        assert.equal(text(await application.contract().evaluateTransaction('get', 'accepted')), 'here');
      });
    });
  });

  describe('when an NMI falls that runs an orderer', () => {
    before(() => network.changeMembers({ leave: 'gamma', endorsement: {} }));

    it('keeps its orderer running, while its administrators no longer decide anything', async () => {
      assert.deepEqual(await decisions(), majorityOf('AlphaMSP', 'BetaMSP'));
      await as('beta', (application) => put(application, 'of two', ['AlphaMSP', 'BetaMSP']));
    });

    it('is the same after a restart', async () => {
      await network.restart();
      await as('alpha', (application) => put(application, 'of the same two', ['AlphaMSP', 'BetaMSP']));
    });
  });

  it('are refused whole when the new description lacks an organisation that a collection needs', () => {
    assert.throws(() => withoutOrganisation(network.consortium, 'beta'), { code: 'CONSORTIUM_INVALID' });
  });
});
