import assert from 'node:assert/strict';
import { RegistryContract } from '@tracecal/chaincode';
import { isKind, kindOf } from '@tracecal/core/model';
import type { Statement, Subject } from '@tracecal/core/model';
import { readStatement } from '@tracecal/core/open';
import { TraceCal } from '@tracecal/gateway-client';
import { golden } from '../../golden/fixtures.js';
import { statementsIn } from '../../golden/statements.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { RELAY } from '../../support/registry.js';

/** Epochs number these, not their authors. */
const isOfEpoch = (statement: Statement) => isKind(statement, 'seal') || isKind(statement, 'heartbeat');

/** Each type of statement is in the golden ledger, so a record that a new type brings cannot be forgotten here. */
describe('Every type of statement that the registry holds', () => {
  let tracecal: TraceCal;
  let statements: readonly Statement[];

  before(() => {
    const { founding, state, transactions } = golden();
    const ledger = new MemoryLedger(new RegistryContract({ founding }));
    state.forEach((value, key) => ledger.state.set(key, Buffer.from(value)));
    ledger.now = transactions.at(-1)?.time ?? '';
    tracecal = new TraceCal(ledgerOf(ledger, RELAY), 'registry', () => undefined);
    const all = transactions.flatMap(statementsIn).map(readStatement);
    statements = all.filter((statement) => !isOfEpoch(statement));
  });

  it('is counted when the next statement is numbered: see entriesAbout.ts', async () => {
    const next = new Map<string, number>();
    const uncounted: string[] = [];
    for (const statement of statements) {
      const { author, subject, number } = statement;
      const key = JSON.stringify([author, subject]);
      const following = next.get(key) ?? (await tracecal.nextNumber(author, subject));
      next.set(key, following);
      if (following <= number) {
        uncounted.push(`${kindOf(statement)} ${number} of ${author} about ${subject.id}`);
      }
    }
    assert.deepEqual(uncounted, []);
  });

  it('is in the history of its subject: see history.ts', async () => {
    const shown = new Map<string, ReadonlySet<string>>();
    const missing: string[] = [];
    for (const statement of statements) {
      const { subject } = statement;
      const key = JSON.stringify(subject);
      const changes = shown.get(key) ?? (await changesOf(subject));
      shown.set(key, changes);
      const kind = kindOf(statement);
      // A standing consent is shown with the reports that it accepts, in the histories of their devices.
      if (kind !== 'consent' && !changes.has(kind)) {
        missing.push(`${kind} about ${subject.kind} ${subject.id}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  async function changesOf(subject: Subject): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for await (const { changes } of tracecal.history(subject)) {
      changes.forEach(({ what }) => found.add(what));
    }
    return found;
  }
});
