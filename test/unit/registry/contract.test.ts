import 'reflect-metadata';
import assert from 'node:assert/strict';
import { contracts, RegistryContract } from '@tracecal/chaincode';
import { EVENTS } from '@tracecal/core/contracts';
import type { Announcement } from '@tracecal/core/contracts';
import sinon from 'sinon';
import { twoCountries } from '../../support/hierarchy.js';
import { TRANSACTIONS } from '../../support/hierarchy/transactions.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { MemoryStub } from '../../support/memoryStub.js';
import { callerOf, emptyRegistryOf, refuses, RELAY, replay } from '../../support/registry.js';

interface TransactionMetadata {
  readonly name: string;
  readonly tag: readonly string[];
  readonly parameters: readonly { readonly schema: { readonly type: string } }[];
}

describe('The registry as a chaincode', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('is the first contract of its package, and so the default one', () => {
    assert.equal(contracts[0], RegistryContract);
    assert.equal(new RegistryContract().getName(), 'registry');
  });

  it('takes text only, and says which transactions do not write', () => {
    const transactions = Reflect.getMetadata('fabric:transactions', new RegistryContract()) as TransactionMetadata[];
    const types = transactions.flatMap(({ parameters }) => parameters.map(({ schema }) => schema.type));
    assert.deepEqual([...new Set(types)], ['string']);
    const writing = transactions.filter(({ tag }) => tag.includes('submitTx')).map(({ name }) => name);
    const all: readonly string[] = [
      ...Object.values(TRANSACTIONS),
      'amendReport',
      'anchor',
      'anchorProofs',
      'placeDevices',
      'submitStatements',
    ];
    assert.deepEqual(writing.sort(), all.toSorted());
  });

  it('tells a caller nothing about its own faults', async () => {
    const ledger = emptyRegistryOf(await twoCountries());
    sinon.stub(MemoryStub.prototype, 'getState').rejects(new Error('leveldb: /var/hyperledger/secret'));
    await refuses(
      ledger.evaluate('getDevice', 'x'),
      'INTERNAL',
      /^INTERNAL: the registry contract could not process .*\.$/,
    );
  });

  it('names an unknown transaction', async () => {
    const stub = new MemoryStub(new MemoryLedger(new RegistryContract()), 'tx', callerOf('oem-a'), 'dropTables', []);
    const attempt = new RegistryContract().unknownTransaction({ stub } as never);
    await refuses(attempt, 'NOT_FOUND', /no transaction "dropTables"/);
  });

  it('reads, writes and answers the same bytes wherever it runs', async () => {
    const hierarchy = await twoCountries();
    const [one, other] = [emptyRegistryOf(hierarchy), emptyRegistryOf(hierarchy)];
    for (const { transaction, argument, at, kind } of hierarchy.submissions()) {
      if (kind === 'heartbeat') continue;
      one.now = other.now = at;
      const here = await one.submit(RELAY, transaction, argument);
      // By now the signatures are remembered: what is read depends on that as little as what is written.
      assert.deepEqual(await other.submit(RELAY, transaction, argument), here);
    }
  });

  it('emits one named event a transaction, with ids and digests alone', async () => {
    const hierarchy = await twoCountries();
    const ledger = emptyRegistryOf(hierarchy);
    const names = new Set<string>(Object.values(EVENTS));
    const fields = new Set<string>();
    for (const { event, answer } of await replay(hierarchy, ledger)) {
      assert.ok(names.has(event?.name ?? ''), event?.name);
      const announcement = JSON.parse(answer) as Announcement;
      assert.deepEqual(event?.payload, announcement);
      announcement.items.forEach((item) => Object.keys(item).forEach((field) => fields.add(field)));
    }
    const known = ['accepted', 'author', 'device', 'digest', 'id', 'kind', 'number', 'type'];
    assert.deepEqual([...fields].sort(), known);
  });

  it('answers a ping', async () => {
    assert.equal(await new MemoryLedger(new RegistryContract()).evaluate('ping'), 'pong');
  });
});
