import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import assert from 'node:assert/strict';
import type { common } from '@hyperledger/fabric-protos';
import { Application, connectionArguments } from '../support/application.js';
import { checkChain, numberOf } from '../support/blocks.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { FaultNetwork, killed, started } from '../support/faultNetwork.js';
import { HistoryWriter, ledgerOf } from '../support/historyWriter.js';
import { printedSeed, Random } from '../support/random.js';
import { RepeatingClient } from '../support/repeatingClient.js';
import type { MemberId } from '../support/scenarioConsortium.js';

const MEMBERS: readonly MemberId[] = ['alpha', 'beta', 'gamma'];
/** So many acknowledgements after a fault count as issuing that goes on. */
const GOES_ON = 5;
/** A change of the leader takes seconds, and one that follows upon another longer. */
const PATIENCE_MS = 110_000;

describe('Real Fabric under faults', function () {
  this.timeout(240_000);

  let network: FaultNetwork;
  let random: Random;
  let writers: readonly HistoryWriter[];

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    random = new Random(printedSeed());
    network = await FaultNetwork.start();
    writers = MEMBERS.map((member) => new HistoryWriter(`counter-of-${member}`, network, member));
  });

  after(async () => {
    for (const writer of (writers as typeof writers | undefined) ?? []) writer.close();
    await (network as FaultNetwork | undefined)?.stop();
  });

  /** Runs the writers from before the fault until after its end. */
  async function underLoad(faults: () => Promise<void>): Promise<void> {
    await network.level();
    for (const writer of writers) writer.work();
    try {
      await issuingGoesOn();
      await faults();
    } finally {
      await Promise.all(writers.map((writer) => writer.rest()));
    }
  }

  async function issuingGoesOn(who: readonly HistoryWriter[] = writers): Promise<void> {
    const wanted = new Map(who.map((writer) => [writer, writer.acknowledged.size + GOES_ON]));
    await eventually(() => {
      const stuck = who.find((writer) => writer.acknowledged.size < wanted.get(writer)!);
      if (stuck === undefined) return Promise.resolve();
      return Promise.reject(new Error(`${stuck.key} is stuck: ${JSON.stringify([...stuck.failures])}`));
    }, PATIENCE_MS);
  }

  async function someOrderer({ leading }: { readonly leading: boolean }) {
    const leader = await network.leader();
    const others = network.orderers.filter((orderer) => orderer !== leader);
    return leading ? leader : others[random.between(0, others.length - 1)]!;
  }

  for (const leading of [false, true]) {
    const which = leading ? 'the leader of the orderers' : 'one of four orderers that follows';

    it(`goes on issuing when ${which} is killed, and takes it back`, () =>
      underLoad(async () => {
        const orderer = await someOrderer({ leading });
        await killed(orderer);
        await issuingGoesOn();
        await started(orderer);
        await issuingGoesOn();
      }));

    it(`goes on issuing when ${which} is paused, and takes it back`, () =>
      underLoad(async () => {
        const orderer = await someOrderer({ leading });
        orderer.kill('SIGSTOP');
        try {
          await issuingGoesOn();
        } finally {
          orderer.kill('SIGCONT');
        }
        await issuingGoesOn();
      }));
  }

  it('issues nothing while two of four orderers are dead, and goes on when they are back', () =>
    underLoad(async () => {
      const first = random.between(0, 3);
      const dead = [network.orderers[first]!, network.orderers[(first + random.between(1, 3)) % 4]!];
      await killed(...dead);
      // What was ordered before the second one died is still being told.
      await pause(1000);
      const before = writers.map(({ acknowledged }) => acknowledged.size);
      await pause(3000);
      assert.deepEqual(
        writers.map(({ acknowledged }) => acknowledged.size),
        before,
      );
      await started(...dead);
      await issuingGoesOn();
    }));

  it("goes on through the other organisations' peers when one is killed under load, which catches up", () =>
    underLoad(async () => {
      const peer = network.peerOf('beta');
      await killed(peer);
      await issuingGoesOn(writers.filter(({ key }) => !key.endsWith('beta')));
      await started(peer);
      await issuingGoesOn();
    }));

  it('goes on when the chaincode server was killed and is back', () =>
    underLoad(async () => {
      await killed(network.chaincode);
      await pause(random.between(0, 500));
      await started(network.chaincode);
      await issuingGoesOn();
    }));

  it('tells a client that was killed before it heard of the commit how its transaction ended', async () => {
    const txId = await killedClient('killed-after', 'submitted');
    const application = new Application(network, 'alpha');
    const outcome = await ledgerOf(application, { resolveMs: 20_000 }).outcome(txId);
    assert.equal(outcome.state, 'committed');
    assert.equal(await eventuallyOne(application, 'killed-after'), '1');
    application.close();
  });

  it('knows nothing of a transaction whose client was killed before it sent it', async () => {
    const txId = await killedClient('killed-before', 'endorsed');
    const application = new Application(network, 'alpha');
    const outcome = await ledgerOf(application).outcome(txId, 2000);
    assert.equal(outcome.state, 'unknown');
    assert.equal(await application.evaluate('get', 'killed-before'), '');
    application.close();
  });

  it('has the SDK find out that a submission committed which the orderers refused as known already', async function () {
    const client = new RepeatingClient(...connectionArguments(network, 'alpha'));
    const application = new Application(network, 'alpha', { client });
    await network.level();
    const ledger = ledgerOf(application);
    const committed: string[] = [];
    // Whether the orderers still remember a transaction when it comes again is a matter of moments: until they do.
    for (let attempt = 0; client.refusals.length === 0 && attempt < 50; attempt += 1) {
      const { txId } = await ledger.submit('increment', { arguments: ['twice'] });
      committed.push(txId);
    }
    if (client.refusals.length === 0) {
      console.warn(`    skipped: the orderers took ${committed.length} transactions twice without refusing one.`);
      this.skip();
    }
    assert.match(client.refusals.join(), /insufficient number of orderers/);
    const history = JSON.parse(await application.evaluate('history', 'twice')) as { txId: string }[];
    assert.deepEqual(history.map((change) => change.txId).reverse(), committed);
    application.close();
  });

  it('comes back when all its processes are killed at once', () =>
    underLoad(async () => {
      const all = network.processes;
      await killed(...all);
      await started(...all);
      await network.ready();
      await issuingGoesOn();
    }));

  describe('has at the end', () => {
    it('lost nothing that it acknowledged, and applied nothing twice, by the word of every peer', async () => {
      await Promise.all(writers.map((writer) => writer.settle()));
      for (const member of MEMBERS) {
        const application = new Application(network, member);
        for (const writer of writers) await eventually(() => writer.check(application));
        application.close();
      }
      const told = writers.map(({ key, acknowledged, unknown }) => `${key}: ${acknowledged.size}+${unknown.size}`);
      console.log(`      acknowledged + unknown: ${told.join(', ')}`);
    });

    it('one chain of blocks, which every peer has', async () => {
      const [first, ...others] = await Promise.all(MEMBERS.map(chainOf));
      checkChain(first!);
      for (const chain of others) {
        checkChain(chain);
        const shared = Math.min(chain.length, first!.length) - 1;
        assert.deepEqual(chain[shared]!.getHeader()!.toObject(), first![shared]!.getHeader()!.toObject());
      }
    });
  });

  async function chainOf(member: MemberId): Promise<common.Block[]> {
    const application = new Application(network, member);
    const last = await application.contract().submitAsync('put', { arguments: [`end-${member}`, 'x'] });
    const { blockNumber } = await last.getStatus();
    const found: common.Block[] = [];
    const stream = await application.network().getBlockEvents({ startBlock: 0n });
    for await (const block of stream) {
      found.push(block);
      if (numberOf(block) === Number(blockNumber)) break;
    }
    stream.close();
    application.close();
    return found;
  }

  /** The id of the transaction that a client was killed in. */
  async function killedClient(key: string, until: 'submitted' | 'endorsed'): Promise<string> {
    const { organisations, cryptoDir } = network;
    const place = JSON.stringify({ organisations, cryptoDir });
    const client = fork(join(__dirname, '..', 'support', 'impatientClient.js'), [place, key, until]);
    const exit = once(client, 'exit');
    const [txId] = (await once(client, 'message')) as [string];
    assert.deepEqual(await exit, [null, 'SIGKILL']);
    return txId;
  }

  async function eventuallyOne(application: Application, key: string): Promise<string> {
    return eventually(async () => {
      const value = await application.evaluate('get', key);
      if (value === '') throw new Error(`${key} is not there yet`);
      return value;
    });
  }
});
