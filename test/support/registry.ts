import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { RegistryContract } from '@tracecal/chaincode';
import type { EpochDigestAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { RegistryErrorCode } from '@tracecal/core/model';
import { AS_OF, mspIdOf, readSigned, transactionOf } from './hierarchy.js';
import type { Hierarchy, Item } from './hierarchy.js';
import { MemoryLedger } from './memoryLedger.js';
import type { MemoryCaller, Simulation } from './memoryLedger.js';

/** An institute, that submits for all others. */
export const RELAY: MemoryCaller = { mspId: mspIdOf('nmi-north') };

/** A registry in memory that holds a hierarchy, at noon of the day on which it was sealed. */
export async function registryOf(hierarchy: Hierarchy): Promise<MemoryLedger> {
  const ledger = emptyRegistryOf(hierarchy);
  await replayed(hierarchy, ledger, 0, new Past(ledger.channel, hierarchy.foundingDigest));
  ledger.now = AS_OF;
  return ledger;
}

/** A registry in memory that was started for the founding of a hierarchy, and holds nothing yet. */
export function emptyRegistryOf(hierarchy: Hierarchy): MemoryLedger {
  return new MemoryLedger(new RegistryContract({ founding: hierarchy.foundingDigest }), hierarchy.channel);
}

/** Submits what was built since `from`, a number of steps. Returns what that did. */
export function replay(hierarchy: Hierarchy, ledger: MemoryLedger, from = 0): Promise<readonly Simulation[]> {
  return replayed(hierarchy, ledger, from);
}

async function replayed(
  hierarchy: Hierarchy,
  ledger: MemoryLedger,
  from: number,
  past?: Past,
): Promise<readonly Simulation[]> {
  const done: Simulation[] = [];
  for (const { transaction, argument, at, kind, item } of hierarchy.submissions(from)) {
    ledger.now = from === 0 || at > ledger.now ? at : ledger.now;
    const again =
      kind === 'heartbeat' ? JSON.stringify({ items: [await recomputed(hierarchy, ledger, item)] }) : argument;
    const [institute = ''] = hierarchy.institutes;
    const call = [callerOf(institute), transaction, again] as const;
    const known = past?.then(ledger.now, ...call);
    if (known) {
      ledger.repeat(known);
    }
    const simulation = known ?? (await ledger.submit(...call));
    past?.remember(simulation);
    done.push(simulation);
  }
  return done;
}

const simulations = new Map<string, Simulation>();
/** Some hundreds of small hierarchies; the oldest are forgotten. */
const MOST_SIMULATIONS = 8_192;

/**
 * All that was submitted to a registry since it was empty. It determines what the next transaction does, so tests that build the
 * same hierarchy, or begin with the same, have each transaction simulated once.
 */
class Past {
  #digest: string;

  constructor(...beginning: readonly string[]) {
    this.#digest = JSON.stringify(beginning);
  }

  /** What the next call does, if it was made before. */
  then(now: string, { mspId, roles = '' }: MemoryCaller, ...call: readonly string[]): Simulation | undefined {
    const parts = [this.#digest, now, mspId, roles, ...call];
    this.#digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
    return simulations.get(this.#digest);
  }

  remember(simulation: Simulation): void {
    simulations.delete(this.#digest);
    simulations.set(this.#digest, simulation);
    const [oldest = ''] = simulations.keys();
    if (simulations.size > MOST_SIMULATIONS) {
      simulations.delete(oldest);
    }
  }
}

/** A heartbeat over what this ledger holds: only the ledger knows the digest of its epoch. */
async function recomputed(hierarchy: Hierarchy, ledger: MemoryLedger, { statement }: Item): Promise<Item> {
  const { author, number } = readSigned(statement);
  const { digest } = await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', String(number));
  const jws = hierarchy.changed(statement, { body: { digest } });
  const heard = hierarchy.heartbeats.get(author);
  if (heard?.statement.jws === statement) {
    hierarchy.heartbeats.set(author, { ...heard, statement: { ...heard.statement, jws } });
  }
  return { statement: jws };
}

/** A client of an organisation with the roles given, by default none. */
export function callerOf(organisation: string, roles = ''): MemoryCaller {
  return { mspId: mspIdOf(organisation), roles };
}

/** Asserts that the registry refuses with this code, and says why in a sentence that holds these words. */
export async function refuses(attempt: Promise<unknown>, code: RegistryErrorCode, words: RegExp): Promise<void> {
  await assert.rejects(attempt, (error: Error) => {
    assert.equal(error.message.split(':')[0], code, error.message);
    assert.match(error.message, words);
    assert.match(error.message, /^[A-Z_]+: .+\.$/s);
    return true;
  });
}

/** The answer of an evaluation that is JSON. */
export async function ask<T>(ledger: MemoryLedger, transaction: string, ...args: readonly unknown[]): Promise<T> {
  const texts = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
  return JSON.parse(await ledger.evaluate(transaction, ...texts)) as T;
}

/** Submits items together, with the transaction that takes the first of them. */
export function submit(ledger: MemoryLedger, ...items: readonly Item[]): Promise<Simulation> {
  const [first] = items;
  const transaction = first ? transactionOf(readSigned(first.statement)) : 'submitStatements';
  return submitAs(ledger, transaction, ...items);
}

/** Submits items with a transaction of this name. */
export function submitAs(ledger: MemoryLedger, transaction: string, ...items: readonly Item[]): Promise<Simulation> {
  return ledger.submit(RELAY, transaction, JSON.stringify({ items }));
}

/** A record of a ledger, by its key. */
export function storedIn({ state }: MemoryLedger, key: string): unknown {
  return (JSON.parse(String(state.get(key))) as { readonly record: unknown }).record;
}

/** Puts something in the place of a record, as only a broken or malicious registry could. */
export function store({ state }: MemoryLedger, key: string, record: unknown): void {
  state.set(key, Buffer.from(canonicalJson({ record, version: 1 })));
}
