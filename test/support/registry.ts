import assert from 'node:assert/strict';
import { RegistryContract } from '@tracecal/chaincode';
import type { RegistryErrorCode } from '@tracecal/chaincode/model';
import { mspIdOf } from './hierarchy.js';
import type { Hierarchy } from './hierarchy.js';
import { MemoryLedger } from './memoryLedger.js';
import type { MemoryCaller, Simulation } from './memoryLedger.js';

/** A registry in memory that holds a hierarchy. */
export async function registryOf(hierarchy: Hierarchy): Promise<MemoryLedger> {
  const ledger = new MemoryLedger(new RegistryContract(), hierarchy.registry);
  await replay(hierarchy, ledger);
  return ledger;
}

/** Submits what was built since `from`, a number of steps. */
export async function replay(hierarchy: Hierarchy, ledger: MemoryLedger, from = 0): Promise<void> {
  const before = new Set(hierarchy.steps.slice(0, from).map(({ argument }) => argument));
  for (const { transaction, argument, by } of hierarchy.submissions()) {
    if (!before.has(argument)) {
      await ledger.submit(callerOf(by), transaction, argument);
    }
  }
}

/** A client of an organisation with the roles given, by default all. */
export function callerOf(organisation: string, roles = 'issuer,registrar'): MemoryCaller {
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

/** Submits a document for an organisation. */
export function submit(
  ledger: MemoryLedger,
  organisation: string,
  transaction: string,
  document: unknown,
): Promise<Simulation> {
  return ledger.submit(callerOf(organisation), transaction, JSON.stringify(document));
}
