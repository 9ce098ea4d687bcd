import { MessageBudget } from '@tracecal/network/embedded/rpc';
import { Deadline, DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Application } from '../../../support/application.js';
import { eventually } from '../../../support/eventually.js';
import { kvConsortium, KvNetwork } from '../../../support/kvNetwork.js';

/** Longer than the test. */
const LONG_MS = 25_000;
const FUTURE = 1_000_000n;

/** Tells when a message has come in. */
class CountingBudget extends MessageBudget {
  entered = 0;

  override enter(...args: Parameters<MessageBudget['enter']>): boolean {
    this.entered++;
    return super.enter(...args);
  }
}

describe('A call of a member that stays open', function () {
  this.timeout(60_000);
  let budget: CountingBudget;
  let network: KvNetwork;
  let application: Application;

  before(async () => {
    budget = new CountingBudget();
    network = await KvNetwork.start({ budget });
    const { organisations, cryptoDir } = network.network;
    application = new Application({ consortium: kvConsortium(), organisations, cryptoDir }, 'nmi-north');
  });

  after(async () => {
    application.close();
    await network.end();
  });

  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'waits for blocks': async () => {
      const blocks = await application.network().getBlockEvents();
      return blocks[Symbol.asyncIterator]().next();
    },
    'waits for events': async () => {
      const events = await application.network().getChaincodeEvents('kv', { startBlock: FUTURE });
      return events[Symbol.asyncIterator]().next();
    },
    'waits for a transaction': () => {
      const ledger = new Ledger(application.gateway, { channel: 'calibration', chaincode: 'kv' }, DEFAULT_LIMITS);
      return ledger.outcome(randomBytes(32).toString('hex'), new Deadline(LONG_MS));
    },
    'evaluates for long': () => application.contract().evaluateTransaction('sleep', String(LONG_MS)),
    'endorses for long': () =>
      application
        .contract()
        .newProposal('sleep', { arguments: [String(LONG_MS)] })
        .endorse(),
  };

  for (const [what, call] of Object.entries(calls)) {
    it(`takes no room from strangers while it ${what}`, async () => {
      const before = budget.entered;
      let over = false;
      const ended = (): void => {
        over = true;
      };
      call().then(ended, ended);
      await eventually(() => {
        assert.ok(budget.entered > before, 'its message has come in');
        return Promise.resolve();
      });
      await pause(100);
      assert.deepEqual({ over, used: budget.used }, { over: false, used: 0 });
    });
  }
});
