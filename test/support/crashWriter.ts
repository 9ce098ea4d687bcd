import type { Transaction } from '@hyperledger/fabric-gateway';
import { setTimeout as pause } from 'node:timers/promises';
import { Application, text } from './application.js';
import type { EngineNetwork } from './engine.js';
import type { Random } from './random.js';
import type { MemberId } from './scenarioConsortium.js';

/** What one writer knows of its transactions, by id: nothing that it was not told. */
export interface Witness {
  /** Acknowledged as committed and valid. */
  readonly acknowledged: ReadonlySet<string>;
  /** Everything that was ever handed in. */
  readonly handedIn: ReadonlySet<string>;
}

/**
 * A client that counts up a key of its own while its network is killed under it. It never sends a transaction anew before it
 * knows how the last one ended: it asks, and hands in the very same envelope again when nobody knows of it.
 */
export class CrashWriter implements Witness {
  readonly key: string;
  readonly acknowledged = new Set<string>();
  readonly handedIn = new Set<string>();
  readonly #member: MemberId;
  readonly #random: Random;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Handed in, and not yet known how it ended; survives the network. */
  #open: { readonly bytes: Uint8Array; readonly txId: string } | undefined;

  constructor(key: string, member: MemberId, random: Random) {
    this.key = key;
    this.#member = member;
    this.#random = random;
  }

  /** Works on a running network until {@link rest}; also settles what a crash has left open. */
  work(network: EngineNetwork): void {
    this.#stopped = false;
    const application = new Application(network, this.#member);
    this.#running = this.#loop(application).finally(() => {
      application.close();
    });
  }

  /** Ends the work after the call under way, which a dead network answers at once. */
  async rest(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  /** Finds out how the last transaction ended. */
  async settle(network: EngineNetwork): Promise<void> {
    const application = new Application(network, this.#member);
    await this.#settleOpen(application);
    application.close();
  }

  async #loop(application: Application): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#settleOpen(application);
        await this.#increment(application);
      } catch {
        // The network was killed, or is not quite back: what was handed in stays open.
        await pause(20);
      }
    }
  }

  async #increment(application: Application): Promise<void> {
    const proposal = application.contract().newProposal('increment', { arguments: [this.key] });
    await this.#handIn(await proposal.endorse());
  }

  async #handIn(transaction: Transaction): Promise<void> {
    const txId = transaction.getTransactionId();
    this.#open = { bytes: transaction.getBytes(), txId };
    this.handedIn.add(txId);
    const status = await (await transaction.submit()).getStatus();
    if (status.successful) this.acknowledged.add(txId);
    this.#open = undefined;
  }

  async #settleOpen(application: Application): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    // Half of the time it asks first, half of the time it just sends the same bytes again: both must be safe.
    if (this.#random.chance(0.5) && (await this.#isCommitted(application, open.txId))) return;
    await this.#handIn(application.gateway.newTransaction(open.bytes));
  }

  async #isCommitted(application: Application, txId: string): Promise<boolean> {
    const found = text(await application.contract().evaluateTransaction('history', this.key));
    if (!(JSON.parse(found) as { readonly txId: string }[]).some((change) => change.txId === txId)) return false;
    this.acknowledged.add(txId);
    this.#open = undefined;
    return true;
  }
}
