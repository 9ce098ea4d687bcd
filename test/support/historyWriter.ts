import { GatewayError } from '@hyperledger/fabric-gateway';
import { Deadline, Ledger, TraceCalError, type ClientLimits } from '@tracecal/gateway-client';
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Application, type ApplicationNetwork } from './application.js';
import { KV, SHARED, type MemberId } from './scenarioConsortium.js';

/** Short, so that a writer does not wait for a dead network longer than the fault lasts. */
const LIMITS: ClientLimits = {
  timeoutMs: 15_000,
  conflictRetries: 3,
  endorseRetries: 5,
};

/** A ledger of the SDK, through an organisation's own peer. */
export function ledgerOf(application: Application, limits: Partial<ClientLimits> = {}): Ledger {
  return new Ledger(application.gateway, { channel: SHARED, chaincode: KV }, { ...LIMITS, ...limits });
}

/**
 * A user of the SDK who counts up a key of his own, and keeps a history of what he was told: nothing else about the ledger is
 * known to him.
 */
export class HistoryWriter {
  readonly key: string;
  /** Told to be committed. */
  readonly acknowledged = new Set<string>();
  /** Told that nobody knows. */
  readonly unknown = new Set<string>();
  /** How often each code was told instead. */
  readonly failures = new Map<string, number>();
  /** What stood behind the last one, by every node that was asked. */
  lastCause = '';
  readonly #application: Application;
  readonly #ledger: Ledger;
  #working: Promise<void> | undefined;
  #resting = false;

  constructor(key: string, network: ApplicationNetwork, member: MemberId) {
    this.key = key;
    this.#application = new Application(network, member);
    this.#ledger = ledgerOf(this.#application);
  }

  /** Counts until {@link rest}. */
  work(): void {
    this.#resting = false;
    this.#working = this.#loop();
  }

  async rest(): Promise<void> {
    this.#resting = true;
    await this.#working;
  }

  /** Asks how the transactions ended of which nobody knew it. */
  async settle(): Promise<void> {
    for (const txId of this.unknown) {
      const { state } = await this.#ledger.outcome(txId, new Deadline(5000));
      if (state === 'unknown') continue;
      this.unknown.delete(txId);
      if (state === 'committed') this.acknowledged.add(txId);
    }
  }

  /** Holds the ledger's history of his key against what he was told: nothing acknowledged is lost, nothing is applied twice. */
  async check(application: Application = this.#application): Promise<void> {
    const { key, acknowledged, unknown } = this;
    const history = JSON.parse(await application.evaluate('history', key)) as { txId: string }[];
    const applied = history.map(({ txId }) => txId);
    assert.equal(new Set(applied).size, applied.length, `${key}: none is applied twice`);
    assert.equal(await application.evaluate('get', key), String(applied.length), `${key} counts what was applied`);
    const present = new Set(applied);
    assert.deepEqual(
      [...acknowledged].filter((txId) => !present.has(txId)),
      [],
      `${key}: nothing acknowledged is lost`,
    );
    assert.deepEqual(
      applied.filter((txId) => !acknowledged.has(txId) && !unknown.has(txId)),
      [],
      `${key}: nothing is there that was told to have failed`,
    );
  }

  close(): void {
    this.#application.close();
  }

  async #loop(): Promise<void> {
    while (!this.#resting) {
      try {
        this.acknowledged.add((await this.#ledger.submit('increment', { arguments: [this.key] })).txId);
      } catch (error) {
        if (!(error instanceof TraceCalError)) throw error;
        if (error.code === 'OUTCOME_UNKNOWN') this.unknown.add(error.txId!);
        this.failures.set(error.code, (this.failures.get(error.code) ?? 0) + 1);
        this.lastCause = causeOf(error);
        await pause(100);
      }
    }
  }
}

function causeOf({ cause }: TraceCalError): string {
  if (!(cause instanceof GatewayError)) return String(cause);
  return [cause.message, ...cause.details.map(({ address, message }) => `${address}: ${message}`)].join('; ');
}
