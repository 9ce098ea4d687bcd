import { setTimeout as pause } from 'node:timers/promises';
import { CLIENT_ERRORS, TraceCalError } from '@tracecal/gateway-client';
import type { TraceCal } from '@tracecal/gateway-client';
import { payloadDigest } from '@tracecal/core/signing';
import { readSigned, transactionOf } from './hierarchy.js';
import type { Item } from './hierarchy.js';
import { submit } from './submit.js';

/** What peers say of a record that another member's peer may have already, or whose transaction is still under way. */
const LATER = ['NOT_FOUND'];
/** So often the same refusal is the registry's answer, and not that of a peer that is behind. */
const MOST_REFUSALS = 5;
/** Faults end, and then the network answers. A busy machine is killed again and again before it has answered everybody. */
const PATIENCE_MS = 1_800_000;

/** A member's program that registers statements while nodes die under it, and notes what it was told of each. */
export class RegistryWriter {
  /** Digests of the statements that it was told to be registered. */
  readonly acknowledged = new Set<string>();
  /** Digests of the statements that the registry refused, with the sentence. */
  readonly refused = new Map<string, string>();
  readonly #connect: () => Promise<TraceCal>;
  readonly #patience: () => Promise<void>;

  /** @param patience Resolves when another attempt may be worth it. */
  constructor(connect: () => Promise<TraceCal>, patience: () => Promise<void> = () => pause(200)) {
    this.#connect = connect;
    this.#patience = patience;
  }

  /** Registers a statement, and repeats that until it is decided: a statement is registered once, however often it is sent. */
  async register(item: Item): Promise<void> {
    const digest = payloadDigest(item.statement);
    const end = Date.now() + PATIENCE_MS;
    let isOpen = false;
    for (let refusals = 0; ;) {
      const answer = await this.#attempt(item);
      if (answer === undefined) {
        this.acknowledged.add(digest);
        return;
      }
      const { code } = answer;
      if (code === 'OUTCOME_UNKNOWN') {
        isOpen = true;
      } else if (isRefusal(answer) && (!LATER.includes(code) || (refusals += 1) > MOST_REFUSALS)) {
        // The attempt whose outcome nobody could tell may have been the one that registered it.
        if (isOpen && code === 'ALREADY_EXISTS') this.acknowledged.add(digest);
        if (!isOpen) this.refused.set(digest, answer.message);
        return;
      }
      if (Date.now() > end) {
        throw new Error(`Whether a statement is registered was not decided in time: ${answer.message}`, {
          cause: answer,
        });
      }
      await this.#patience();
    }
  }

  async #attempt(item: Item): Promise<TraceCalError | undefined> {
    try {
      await submit(await this.#connect(), transactionOf(readSigned(item.statement)), item);
      return undefined;
    } catch (error) {
      if (error instanceof TraceCalError) return error;
      throw error;
    }
  }
}

function isRefusal({ code }: TraceCalError): boolean {
  return !Object.hasOwn(CLIENT_ERRORS, code);
}
