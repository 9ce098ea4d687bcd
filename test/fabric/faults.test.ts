import type { Context } from 'mocha';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import assert from 'node:assert/strict';
import type { common } from '@hyperledger/fabric-protos';
import { Deadline } from '@tracecal/gateway-client';
import { Application, connectionArguments } from '../support/application.js';
import { blocksOf, checkChain } from '../support/blocks.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { FaultNetwork, killed, started } from '../support/faultNetwork.js';
import { CAN_PARTITION } from '../support/partition.js';
import { HistoryWriter, ledgerOf } from '../support/historyWriter.js';
import { Random } from '../support/random.js';
import { runSeed } from '../support/seed.js';
import { RepeatingClient } from '../support/repeatingClient.js';
import type { MemberId } from '../support/scenarioConsortium.js';

const MEMBERS: readonly MemberId[] = ['alpha', 'beta', 'gamma'];
/** So many acknowledgements after a fault count as issuing that goes on. */
const GOES_ON = 5;
/** A change of the leader takes seconds; an orderer that has come to a stop is started again after more than a minute. */
const PATIENCE_MS = 240_000;
/** After a fault, what was ordered before it is still being told. */
const SILENCE_MS = 1000;

describe('Real Fabric under faults', function () {
  this.timeout(1_200_000);

  let network: FaultNetwork;
  let random: Random;
  let writers: readonly HistoryWriter[];

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    random = new Random(runSeed);
    network = await FaultNetwork.start();
    writers = MEMBERS.map((member) => new HistoryWriter(`counter-of-${member}`, network, member));
  });

  after(async () => {
    for (const writer of (writers as typeof writers | undefined) ?? []) writer.close();
    await (network as FaultNetwork | undefined)?.stop();
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    for (const orderer of await network.condition()) console.log(`      ${orderer}`);
  });

  /**
   * Runs the writers from before the faults until after their end, when all goes on as before: then what they were told is held
   * against what every peer has.
   */
  async function underLoad(faults: () => Promise<void>): Promise<void> {
    for (const writer of writers) writer.work();
    try {
      await issuingGoesOn();
      await allTakePart();
      await faults();
      await issuingGoesOn();
      await allTakePart();
    } finally {
      await Promise.all(writers.map((writer) => writer.rest()));
    }
    await Promise.all(writers.map((writer) => writer.settle()));
    for (const member of MEMBERS) await historyHolds(member);
  }

  /**
   * Resolves when all orderers agree on blocks together. Before that, one that was away does not count for the next fault: as long
   * as new blocks keep coming it fetches them from the others, and only in a pause can it become one of them again.
   */
  async function allTakePart(): Promise<void> {
    await eventually(async () => {
      await Promise.all(writers.map((writer) => writer.rest()));
      await network.level();
      for (const writer of writers) writer.work();
      await network.inStep();
    }, PATIENCE_MS);
  }

  async function issuingGoesOn(who: readonly HistoryWriter[] = writers): Promise<void> {
    const wanted = new Map(who.map((writer) => [writer, writer.acknowledged.size + GOES_ON]));
    await eventually(() => {
      const stuck = who.find((writer) => writer.acknowledged.size < wanted.get(writer)!);
      if (stuck === undefined) return Promise.resolve();
      return Promise.reject(
        new Error(`${stuck.key} is stuck: ${JSON.stringify([...stuck.failures])}, the last one by ${stuck.lastCause}`),
      );
    }, PATIENCE_MS);
  }

  async function someOrderer({ leading }: { readonly leading: boolean }) {
    const leader = await network.leader();
    const others = network.orderers.filter((orderer) => orderer !== leader);
    return leading ? leader : others[random.between(0, others.length - 1)]!;
  }

  function someTwo() {
    const first = random.between(0, 3);
    return [network.orderers[first]!, network.orderers[(first + random.between(1, 3)) % 4]!];
  }

  async function issuesNothing(): Promise<void> {
    await pause(SILENCE_MS);
    const before = writers.map(({ acknowledged }) => acknowledged.size);
    await pause(3000);
    assert.deepEqual(
      writers.map(({ acknowledged }) => acknowledged.size),
      before,
    );
  }

  for (const leading of [false, true]) {
    const which = leading ? 'the leader of the orderers' : 'one of four orderers that follows';

    it(`continues to issue when ${which} is killed, and accepts it again after a restart`, () =>
      underLoad(async () => {
        const orderer = await someOrderer({ leading });
        await killed(orderer);
        await issuingGoesOn();
        await started(orderer);
      }));

    it(`continues to issue when ${which} is paused, and accepts it again`, () =>
      underLoad(async () => {
        const orderer = await someOrderer({ leading });
        orderer.kill('SIGSTOP');
        try {
          await issuingGoesOn();
        } finally {
          orderer.kill('SIGCONT');
        }
      }));

    it(`continues to issue when ${which} is cut off from all others, and accepts it again`, async function () {
      needsPartitions(this);
      await underLoad(async () => {
        const orderer = await someOrderer({ leading });
        await network.cutOff(orderer);
        try {
          await pause(SILENCE_MS);
          const alone = await network.heightOf(orderer);
          await issuingGoesOn();
          assert.equal(await network.heightOf(orderer), alone, 'it hears of no block while it is cut off');
        } finally {
          network.heal();
        }
      });
    });
  }

  it('issues nothing while two of four orderers are dead, and continues when they are back', () =>
    underLoad(async () => {
      const dead = someTwo();
      await killed(...dead);
      await issuesNothing();
      await started(...dead);
    }));

  it('issues nothing while the orderers are split into two halves, and continues when they are reconnected', async function () {
    needsPartitions(this);
    await underLoad(async () => {
      await network.cutOff(...someTwo());
      try {
        await issuesNothing();
      } finally {
        network.heal();
      }
    });
  });

  it('starts an orderer again that has come to a stop while the others went on', async function () {
    needsPartitions(this);
    await underLoad(async () => {
      const orderer = await someOrderer({ leading: false });
      const { pid } = orderer;
      await network.cutOff(orderer);
      try {
        await eventually(() => {
          const again = orderer.running && orderer.pid !== pid;
          return again ? Promise.resolve() : Promise.reject(new Error(`${orderer.name} is not started again`));
        }, PATIENCE_MS);
      } finally {
        network.heal();
      }
    });
  });

  it("goes on through the other organisations' peers when one is killed under load, which catches up", () =>
    underLoad(async () => {
      const peer = network.peerOf('beta');
      await killed(peer);
      await issuingGoesOn(writers.filter(({ key }) => !key.endsWith('beta')));
      await started(peer);
    }));

  it("goes on when the members' chaincode servers were killed and are back", () =>
    underLoad(async () => {
      await killed(...network.chaincodes);
      await pause(random.between(0, 500));
      await started(...network.chaincodes);
    }));

  it('comes back when all its processes are killed at once', () =>
    underLoad(async () => {
      const all = network.processes;
      await killed(...all);
      await started(...all);
      await network.ready();
    }));

  it('tells a client that was killed before it heard of the commit how its transaction ended', async () => {
    const txId = await killedClient('killed-after', 'submitted');
    const application = new Application(network, 'alpha');
    const outcome = await ledgerOf(application, { timeoutMs: 20_000 }).outcome(txId);
    assert.equal(outcome.state, 'committed');
    assert.equal(await eventuallyOne(application, 'killed-after'), '1');
    application.close();
  });

  it('does not contain a transaction if its client was killed before sending it', async () => {
    const txId = await killedClient('killed-before', 'endorsed');
    const application = new Application(network, 'alpha');
    const outcome = await ledgerOf(application).outcome(txId, new Deadline(2000));
    assert.equal(outcome.state, 'unknown');
    assert.equal(await application.evaluate('get', 'killed-before'), '');
    application.close();
  });

  it('has the SDK find out that a submission committed which the orderers refused as known already', async () => {
    const client = new RepeatingClient(...connectionArguments(network, 'alpha'));
    const application = new Application(network, 'alpha', { client });
    const ledger = ledgerOf(application);
    const committed: string[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { txId } = await ledger.submit('increment', { arguments: ['twice'] });
      committed.push(txId);
    }
    assert.match(client.refusals.join(), /insufficient number of orderers/);
    const history = JSON.parse(await application.evaluate('history', 'twice')) as { txId: string }[];
    assert.deepEqual(history.map((change) => change.txId).reverse(), committed);
    application.close();
  });

  it('has at the end one chain of blocks, which every peer has', async () => {
    const [first, ...others] = await Promise.all(MEMBERS.map(chainOf));
    checkChain(first!);
    for (const chain of others) {
      checkChain(chain);
      const shared = Math.min(chain.length, first!.length) - 1;
      assert.deepEqual(chain[shared]!.getHeader()!.toObject(), first![shared]!.getHeader()!.toObject());
    }
    const told = writers.map(({ key, acknowledged, unknown }) => `${key}: ${acknowledged.size}+${unknown.size}`);
    console.log(`      acknowledged + unknown: ${told.join(', ')}`);
  });

  /** By the word of a member's peer: nothing acknowledged is lost, nothing is applied twice. */
  async function historyHolds(member: MemberId): Promise<void> {
    const application = new Application(network, member);
    try {
      // It may be a block behind the peer that told of the last commit.
      for (const writer of writers) await eventually(() => writer.check(application));
    } finally {
      application.close();
    }
  }

  async function chainOf(member: MemberId): Promise<readonly common.Block[]> {
    const application = new Application(network, member);
    const last = await application.contract().submitAsync('put', { arguments: [`end-${member}`, 'x'] });
    const { blockNumber } = await last.getStatus();
    const chain = await blocksOf(application.network(), 0, Number(blockNumber));
    application.close();
    return chain;
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

/** Skips the test, and says so, where nobody can tell who is at the other end of a connection. */
function needsPartitions(context: Context): void {
  if (CAN_PARTITION) return;
  console.warn('    skipped: without /proc/net/tcp an orderer cannot be cut off here');
  context.skip();
}
