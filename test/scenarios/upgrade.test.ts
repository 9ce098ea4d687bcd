import assert from 'node:assert/strict';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { join } from 'node:path';
import type { ChaincodeDeployment } from '@tracecal/network/topology';
import { Application, asMember } from '../support/application.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { HistoryWriter } from '../support/historyWriter.js';
import { OPEN_COLLECTION, sharedChannelAlone, type MemberId } from '../support/scenarioConsortium.js';

const NEXT_PACKAGE = join(__dirname, '..', '..', 'support', 'chaincode-kv-next');

describe(`A chaincode that is upgraded [${engineName}]`, function () {
  this.timeout(240_000);

  let network: EngineNetwork;
  /** The last sequence that was agreed upon. */
  let sequence = 1;

  before(async () => {
    network = await (await selectedEngine()).start(sharedChannelAlone());
    await as('alpha', (alpha) => alpha.submit('put', 'before', 'upgrades'));
  });

  after(async () => {
    await (network as EngineNetwork | undefined)?.stop();
  });

  function as<T>(member: MemberId, act: (application: Application) => Promise<T>) {
    return asMember(network, member, act);
  }

  function kv(changes: Partial<ChaincodeDeployment> = {}): ChaincodeDeployment {
    const [now] = network.consortium.chaincodes;
    return { ...now!, ...changes };
  }

  function put(application: Application, key: string, endorsers: readonly string[]): Promise<Uint8Array> {
    const endorsingOrganizations = [...endorsers];
    return application.contract().submit('put', { arguments: [key, 'here'], endorsingOrganizations });
  }

  it('is unchanged when nothing in the definition differs', async () => {
    const { changed, deployment, packageIds } = await network.upgrade(kv());
    assert.deepEqual([changed, deployment.sequence], [false, 1]);
    assert.deepEqual(Object.keys(packageIds).sort(), ['alpha', 'beta', 'delta', 'gamma']);
    for (const id of Object.values(packageIds)) assert.match(id, /^kv_1\.0:[0-9a-f]{64}$/);
  });

  it('is refused if the code differs under the same version', async () => {
    await assert.rejects(network.upgrade(kv({ service: { package: NEXT_PACKAGE } })), /version is still 1\.0/);
  });

  it('is refused if the sequence is not the next one', async () => {
    await assert.rejects(network.upgrade(kv({ version: '2.0', sequence: 5 })), /stands at sequence 1.* says 5/);
  });

  it('is refused if the channels differ', async () => {
    await assert.rejects(network.upgrade(kv({ channels: ['elsewhere'] })));
  });

  it('is refused by its name when no chaincode has that name', async () => {
    await assert.rejects(network.upgrade(kv({ name: 'nobody' })), /no chaincode nobody: it has kv/);
  });

  it('is refused a policy of its own, since the NMIs of the calibration level could be passed by', async () => {
    for (const endorsement of ["OutOf(1, 'AlphaMSP.peer', 'BetaMSP.peer')", "AND('AlphaMSP.peer', 'BetaMSP.peer')"]) {
      await assert.rejects(
        network.upgrade(kv({ endorsement })),
        /a majority of the NMIs must endorse every transaction/,
      );
    }
    await as('alpha', async (application) => {
      await assert.rejects(put(application, 'alone', ['AlphaMSP']));
      await put(application, 'two', ['AlphaMSP', 'BetaMSP']);
    });
  });

  it('is refused if the new code cannot be started, and runs on unchanged', async () => {
    const broken = { version: '2.0', service: { package: join(__dirname, '..', '..', 'support', 'nowhere') } };
    await assert.rejects(network.upgrade(kv(broken)));
    await as('beta', (beta) => beta.submit('put', 'after the refusal', 'goes on'));
  });

  describe('to new code, while members write,', () => {
    const writers: HistoryWriter[] = [];
    let holder: Application;
    let held: Transaction;

    before(async () => {
      holder = new Application(network, 'alpha');
      held = await holder
        .contract()
        .newProposal('put', { arguments: ['held', 'by the old code'] })
        .endorse();
      for (const [index, member] of (['alpha', 'beta', 'gamma'] as const).entries()) {
        writers.push(new HistoryWriter(`counter ${index}`, network, member));
      }
      for (const writer of writers) writer.work();
      const { changed, deployment } = await network.upgrade(kv({ version: '2.0', service: { package: NEXT_PACKAGE } }));
      sequence += 1;
      assert.deepEqual([changed, deployment.version, deployment.sequence], [true, '2.0', sequence]);
      const then = writers.map(({ acknowledged }) => acknowledged.size);
      await eventually(() => {
        for (const [index, { acknowledged, failures }] of writers.entries()) {
          const told = JSON.stringify([...failures]);
          assert.ok(acknowledged.size > then[index]! + 2, `writer ${index} goes on with the new version: ${told}`);
        }
        return Promise.resolve();
      }).finally(() => Promise.all(writers.map((writer) => writer.rest())));
    });

    after(() => {
      for (const writer of writers) writer.close();
      (holder as Application | undefined)?.close();
    });

    it('takes what the old code had been endorsed for as it was signed, or not at all', async () => {
      const commit = await held.submit();
      const { successful } = await commit.getStatus();
      const value = await holder.evaluate('get', 'held');
      assert.equal(value, successful ? 'by the old code' : '');
      await assert.rejects(async () => {
        const again = await held.submit();
        assert.ok((await again.getStatus()).successful);
      });
    });

    it('loses nothing that it has acknowledged, and does nothing twice', async () => {
      for (const writer of writers) {
        await writer.settle();
        await writer.check();
      }
    });

    it('runs the new code on the old state, for every member', async () => {
      for (const member of ['alpha', 'beta', 'gamma', 'delta'] as const) {
        assert.equal(await as(member, (application) => application.evaluate('length:of', 'before')), '8', member);
      }
    });
  });

  describe('to another collection with the same code', () => {
    const ADDED = 'added';
    const putPrivate = (application: Application): Promise<Uint8Array> =>
      application.contract().submit('putPrivate', { arguments: [ADDED, 'key'], transientData: { value: 'kept' } });

    before(async () => {
      await as('alpha', (application) => assert.rejects(putPrivate(application)));
      const collections = kv().collections!;
      const added = { ...collections.find(({ name }) => name === OPEN_COLLECTION)!, name: ADDED };
      const { changed, packageIds } = await network.upgrade(kv({ collections: [...collections, added] }));
      sequence += 1;
      assert.ok(changed);
      assert.match(packageIds['alpha']!, /^kv_2\.0:/);
    });

    it('keeps in it what members put there', async () => {
      await as('alpha', async (application) => {
        await putPrivate(application);
        assert.equal(await application.evaluate('getPrivate', ADDED, 'key'), 'kept');
      });
    });
  });

  describe('and then restarted', () => {
    before(() => network.restart());

    it('is unchanged', async () => {
      assert.equal(await as('gamma', (gamma) => gamma.evaluate('length:of', 'before')), '8');
      await as('gamma', (gamma) => gamma.submit('put', 'after the restart', 'here'));
      const { changed, deployment } = await network.upgrade(kv());
      assert.deepEqual([changed, deployment.sequence], [false, sequence]);
    });
  });
});
