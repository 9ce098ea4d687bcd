import type { TxSimulator } from '@tracecal/network/embedded';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { bytes, LedgerFixture, text } from '../../../../support/ledgerFixture.js';
import { asyncProperty } from '../../../../support/property.js';

type Values = ReadonlyMap<string, string>;

interface Read {
  /** Which of the open simulations reads, counted from the newest. */
  readonly age: number;
  readonly key: string;
}

type Step =
  | { readonly kind: 'open' }
  | { readonly kind: 'read'; readonly read: Read }
  /** Writes a key; reads while its block is on the way to the disk. An empty value deletes. */
  | {
      readonly kind: 'write';
      readonly key: string;
      readonly value: string;
      readonly meanwhile: readonly Read[];
    };

const keys = fc.constantFrom('a', 'b', 'c');
const reads: fc.Arbitrary<Read> = fc.record({ age: fc.nat(5), key: keys });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const) }),
  fc.record({ kind: fc.constant('read' as const), read: reads }),
  fc.record({
    kind: fc.constant('write' as const),
    key: keys,
    value: fc.constantFrom('1', '2', ''),
    meanwhile: fc.array(reads, { maxLength: 3 }),
  }),
);

/** Simulations of different ages, each with what the ledger held when it began. */
class OpenSimulations {
  readonly #open: { readonly simulator: TxSimulator; readonly holds: Values }[] = [];

  add(simulator: TxSimulator, holds: Values): void {
    this.#open.unshift({ simulator, holds });
  }

  async check({ age, key: name }: Read): Promise<void> {
    const found = this.#open[Math.min(age, this.#open.length - 1)];
    if (found) {
      assert.equal(text(await found.simulator.getState('registry', name)), found.holds.get(name));
    }
  }

  /** Has all of them read, the oldest first. */
  async end(): Promise<void> {
    for (const name of ['a', 'b', 'c']) {
      for (let age = this.#open.length - 1; age >= 0; age -= 1) await this.check({ age, key: name });
    }
    this.#open.forEach(({ simulator }) => {
      simulator.discard();
    });
  }
}

interface Run {
  readonly fixture: LedgerFixture;
  readonly simulations: OpenSimulations;
  /** What the ledger holds now. */
  readonly state: Map<string, string>;
}

async function take(step: Step, { fixture, simulations, state }: Run): Promise<void> {
  switch (step.kind) {
    case 'open':
      simulations.add(await fixture.ledger.simulate('tx'), new Map(state));
      return;
    case 'read':
      await simulations.check(step.read);
      return;
    case 'write': {
      const written = write(fixture, step.key, step.value);
      for (const read of step.meanwhile) await simulations.check(read);
      await written;
      state.set(step.key, step.value);
      if (step.value === '') state.delete(step.key);
    }
  }
}

describe('simulations that began at different blocks', () => {
  it('leave the newer ones what they read, even after many blocks', async () => {
    const fixture = await LedgerFixture.open();
    try {
      const old = await fixture.ledger.simulate('old');
      await write(fixture, 'a', '1');
      for (let block = 0; block < 50; block += 1) await write(fixture, 'b', String(block));
      assert.equal(await old.getState('registry', 'a'), undefined);
      assert.equal(await fixture.state('a'), '1');
      old.discard();
    } finally {
      await fixture.end();
    }
  });

  it('each read what the ledger held then, whoever else reads and writes', async () => {
    await asyncProperty(
      fc.array(steps, { maxLength: 25 }),
      async (taken) => {
        const fixture = await LedgerFixture.open();
        const simulations = new OpenSimulations();
        const state = new Map<string, string>();
        try {
          for (const each of taken) await take(each, { fixture, simulations, state });
          simulations.add(await fixture.ledger.simulate('newest'), new Map(state));
          await simulations.end();
        } finally {
          await fixture.end();
        }
      },
      30,
    );
  });
});

async function write(fixture: LedgerFixture, key: string, value: string): Promise<void> {
  const built = await fixture.propose((simulator) => {
    simulator.putState('registry', key, bytes(value));
  });
  assert.deepEqual(await fixture.commit(built), [0]);
}
