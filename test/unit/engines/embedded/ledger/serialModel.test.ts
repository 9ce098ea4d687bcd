import { peer } from '@hyperledger/fabric-protos';
import type { TxSimulator } from '@tracecal/network/embedded';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { bytes, LedgerFixture, text } from '../../../../support/ledgerFixture.js';
import { asyncProperty } from '../../../../support/property.js';
import type { BuiltTransaction } from '../../../../support/transactionBuilder.js';

const Code = peer.TxValidationCode;

type Operation =
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'range'; readonly start: string; readonly end: string; readonly limit: number };

type Step =
  | { readonly kind: 'propose'; readonly operations: readonly Operation[] }
  /** Commits so many of the waiting transactions, the newest first or the oldest. */
  | { readonly kind: 'commit'; readonly count: number; readonly newestFirst: boolean };

const key = fc.constantFrom('', 'a', 'ab', 'b', 'c', '\uFF5E', '\u{1F600}').filter((name) => name !== '');
const bound = fc.constantFrom('', 'a', 'aa', 'b', 'bb', 'd', '\uFF5E', '\u{1F600}');
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('put' as const), key, value: fc.constantFrom('1', '2', '') }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('range' as const), start: bound, end: bound, limit: fc.integer({ min: 1, max: 8 }) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('propose' as const), operations: fc.array(operation, { maxLength: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      count: fc.integer({ min: 1, max: 6 }),
      newestFirst: fc.boolean(),
    }),
  },
);

interface ModelValue {
  readonly value: string;
  readonly version: string;
}
interface ModelTransaction {
  readonly reads: ReadonlyMap<string, string | undefined>;
  readonly ranges: readonly {
    readonly start: string;
    readonly end: string;
    readonly limit: number;
    readonly seen: string;
  }[];
  readonly writes: ReadonlyMap<string, string>;
}

/** The rules again, written to be obvious: a map, and every transaction checked by doing its reads over. */
class SerialModel {
  readonly state = new Map<string, ModelValue>();

  propose(operations: readonly Operation[]): ModelTransaction {
    const reads = new Map<string, string | undefined>();
    const ranges: { start: string; end: string; limit: number; seen: string }[] = [];
    const writes = new Map<string, string>();
    for (const each of operations) {
      if (each.kind === 'get') reads.set(each.key, this.state.get(each.key)?.version);
      else if (each.kind === 'range') ranges.push({ ...each, seen: this.#scan(each.start, each.end, each.limit) });
      else writes.set(each.key, each.kind === 'put' ? each.value : '');
    }
    return { reads, ranges, writes };
  }

  commit(block: number, transactions: readonly ModelTransaction[]): number[] {
    const touched = new Set<string>();
    return transactions.map((transaction, position) => {
      const stale = [...transaction.reads].some(
        ([name, version]) => touched.has(name) || this.state.get(name)?.version !== version,
      );
      if (stale) return Code.MVCC_READ_CONFLICT;
      const changed = transaction.ranges.some(
        ({ start, end, limit, seen }) => this.#rescan(start, end, limit, seen) !== seen,
      );
      if (changed) return Code.PHANTOM_READ_CONFLICT;
      for (const [name, value] of transaction.writes) {
        touched.add(name);
        if (value === '') this.state.delete(name);
        else this.state.set(name, { value, version: `${block}.${position}` });
      }
      return Code.VALID;
    });
  }

  /** Keys and versions up to a limit; `end` marks that the range held no more. */
  #scan(start: string, end: string, limit: number): string {
    const found = this.#inRange(start, end);
    const seen = found.slice(0, limit).map(([name, { version }]) => `${name}@${version}`);
    return [...seen, ...(found.length < limit ? ['end'] : [])].join();
  }

  /** A reader that stopped early is only held to what it saw: whatever lies between its first and last key. */
  #rescan(start: string, end: string, limit: number, seen: string): string {
    return seen.endsWith('end') ? this.#scan(start, end, Infinity).concat() : this.#scan(start, end, limit);
  }

  #inRange(start: string, end: string): [string, ModelValue][] {
    const order = (name: string) => Buffer.from(name).toString('hex');
    return [...this.state]
      .filter(([name]) => order(name) >= order(start) && (end === '' || order(name) < order(end)))
      .sort(([left], [right]) => (order(left) < order(right) ? -1 : 1));
  }
}

async function execute(simulator: TxSimulator, operations: readonly Operation[]): Promise<void> {
  for (const each of operations) {
    if (each.kind === 'get') await simulator.getState('registry', each.key);
    else if (each.kind === 'put') simulator.putState('registry', each.key, bytes(each.value));
    else if (each.kind === 'delete') simulator.deleteState('registry', each.key);
    else {
      const range = simulator.getRange('registry', each.start, each.end);
      for (let count = 0; count < each.limit && (await range.next()).done !== true; count++);
      await range.return?.();
    }
  }
}

describe('a ledger beside a serial model of the rules', () => {
  it('gives the same validation codes and the same state for any interleaving', async () => {
    await asyncProperty(
      fc.array(step, { maxLength: 40 }),
      async (steps) => {
        const fixture = await LedgerFixture.open();
        try {
          const model = new SerialModel();
          const waiting: { built: BuiltTransaction; modelled: ModelTransaction }[] = [];
          for (const each of [...steps, { kind: 'commit', count: 100, newestFirst: false } as const]) {
            if (each.kind === 'propose') {
              const built = await fixture.propose((simulator) => execute(simulator, each.operations));
              waiting.push({ built, modelled: model.propose(each.operations) });
              continue;
            }
            const count = Math.min(each.count, waiting.length);
            const block = each.newestFirst ? waiting.splice(-count, count).reverse() : waiting.splice(0, count);
            if (block.length > 0) {
              const expected = model.commit(
                Number(fixture.ledger.height),
                block.map(({ modelled }) => modelled),
              );
              assert.deepEqual(await fixture.commit(...block.map(({ built }) => built)), expected);
            }
          }
          assert.deepEqual(
            await wholeState(fixture),
            [...model.state].map(([name, { value }]) => [name, value]).sort(),
          );
          await fixture.ledger.verifyChain();
        } finally {
          await fixture.end();
        }
      },
      60,
    );
  });
});

function wholeState(fixture: LedgerFixture): Promise<(string | undefined)[][]> {
  return fixture.look(async (simulator) => {
    const found = [];
    for await (const entry of simulator.getRange('registry', '', '')) {
      found.push([entry.key, text(entry.value)]);
    }
    return found.sort();
  });
}
