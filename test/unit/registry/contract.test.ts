import 'reflect-metadata';
import assert from 'node:assert/strict';
import { contracts, RegistryContract } from '@tracecal/chaincode';
import { EVENTS } from '@tracecal/chaincode/registry';
import sinon from 'sinon';
import { twoCountries } from '../../support/hierarchy.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { MemoryStub } from '../../support/memoryStub.js';
import { callerOf, refuses, registryOf } from '../../support/registry.js';

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
    assert.deepEqual(writing.sort(), [
      'amendReport',
      'createOrganisation',
      'createReport',
      'createTechnician',
      'grantScopes',
      'heartbeat',
      'reduceScopes',
      'registerDevice',
      'reinstate',
      'revoke',
      'suspend',
    ]);
  });

  it('tells a caller nothing about its own faults', async () => {
    const ledger = new MemoryLedger(new RegistryContract());
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

  it('writes and answers the same bytes wherever it runs', async () => {
    const [one, two] = [await registryOf(await twoCountries()), await registryOf(await twoCountries())];
    // ECDSA signatures differ between the two, nothing else may: the keys of the state are the same.
    assert.deepEqual([...one.state.keys()].sort(), [...two.state.keys()].sort());
    const again = new MemoryLedger(new RegistryContract());
    const hierarchy = await twoCountries();
    const other = new MemoryLedger(new RegistryContract());
    for (const { transaction, argument, by } of hierarchy.submissions()) {
      const here = await again.submit(callerOf(by), transaction, argument);
      const there = await other.submit(callerOf(by), transaction, argument);
      assert.deepEqual(here, there);
    }
  });

  it('emits one named event a transaction, without personal data', async () => {
    const ledger = new MemoryLedger(new RegistryContract());
    const hierarchy = await twoCountries();
    const names = new Set<string>(Object.values(EVENTS));
    for (const { transaction, argument, by } of hierarchy.submissions()) {
      const { event, answer } = await ledger.submit(callerOf(by), transaction, argument);
      assert.ok(names.has(event?.name ?? ''), transaction);
      assert.deepEqual(event?.payload, JSON.parse(answer));
      assert.ok(answer.length < 200);
    }
  });

  it('answers a ping', async () => {
    assert.equal(await new MemoryLedger(new RegistryContract()).evaluate('ping'), 'pong');
  });
});
