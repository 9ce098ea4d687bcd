import assert from 'node:assert/strict';
import * as block from '@tracecal/ledger/block';
import type { SignedData } from '@tracecal/ledger/identity';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import * as validation from '@tracecal/ledger/validation';
import { ApplicationPolicy, KvRwSet, sameBytes, TX_CODE, TxReadWriteSet, WireError } from '@tracecal/ledger/wire';
import type * as wire from '@tracecal/ledger/wire';
import { hexText } from '@tracecal/core/platform';
import { inBrowser } from '../../support/browser.js';
import { buildTransaction, newTransactionId, type Signatories } from '../../support/transactionBuilder.js';
import { TestChannel, TestOrganisation, type Person } from './testChannel.js';

type Block = typeof block;
type Validation = typeof validation;
type Wire = typeof wire;
type StateRecord = validation.StateRecord;

const library = (entry: string): unknown => inBrowser(`export * from '@tracecal/ledger/${entry}';`);

describe('A browser', () => {
  const organisations = new Map<string, TestOrganisation>();
  const people = new Map<string, Person>();
  let configBlock: Uint8Array;

  before(async () => {
    for (const mspId of ['NorthMSP', 'SouthMSP', 'StrangerMSP']) {
      const organisation = await TestOrganisation.make(mspId);
      organisations.set(mspId, organisation);
      people.set(mspId, await organisation.person('peer'));
    }
    const members = ['NorthMSP', 'SouthMSP'].map((mspId) => organisations.get(mspId)!);
    configBlock = (await TestChannel.make()).block(members).serializeBinary();
  });

  it('reads every entry of the library for ledgers, without Node', () => {
    for (const entry of ['wire', 'crypto', 'identity', 'policy', 'config', 'block', 'validation']) {
      assert.equal(typeof library(entry), 'object', entry);
    }
  });

  it('says who acts on a channel', async () => {
    const { accessFromBlock } = library('block') as Block;
    const access = accessFromBlock(configBlock);
    const signed: SignedData = (await organisations.get('NorthMSP')!.person('admin')).signs();
    assert.equal(access.authenticate(signed).role, 'admin');
    assert.throws(() => access.authenticate({ ...signed, data: Buffer.from('another') }), { code: 'BAD_SIGNATURE' });
    const unknown = people.get('StrangerMSP')!.signs();
    assert.throws(() => access.authenticate(unknown), { code: 'UNKNOWN_MSP' });
  });

  it('reads the same messages as Node and refuses the same bytes', () => {
    const browser = library('wire') as Wire;
    const bytes = results({ writes: [write('grüße', 'ein Wert')] });
    const read = (theirs: Wire) => JSON.stringify(theirs.TxReadWriteSet.decodeExact(bytes));
    assert.equal(read(browser), read({ ...browser, TxReadWriteSet }));
    assert.throws(() => browser.TxReadWriteSet.decode(bytes.subarray(0, -1)), { name: WireError.name });
  });

  it('finds of every transaction of a block what a peer finds, and the same state after it', async () => {
    const signatories: Signatories = {
      identity: (mspId) => people.get(mspId)!.serialized,
      sign: (mspId, data) => people.get(mspId)!.sign(data),
    };
    const transaction = (set: Partial<KvRwSet>, endorsers = ['NorthMSP', 'SouthMSP']): Uint8Array => {
      const creator = 'NorthMSP';
      const { nonce } = newTransactionId(creator, undefined, signatories);
      const all = { channelId: 'test-channel', chaincode: 'registry', version: '1', endorsers, creator, nonce };
      return buildTransaction({ ...all, results: results(set) }, {}, signatories).envelope;
    };
    const range = { startKey: 'a', endKey: 'z', itrExhausted: true, readsMerkleHashes: undefined };
    const envelopes = [
      transaction({ reads: [{ key: 'known', version: { blockNum: 3, txNum: 0 } }], writes: [write('grüße', 'one')] }),
      transaction({ reads: [{ key: 'known', version: { blockNum: 2, txNum: 0 } }], writes: [write('x', 'two')] }),
      transaction({ rangeQueriesInfo: [{ ...range, rawReads: { kvReads: [] } }], writes: [write('x', 'three')] }),
      transaction({ writes: [write('x', 'four')] }, ['NorthMSP']),
      transaction({ writes: [write('x', 'five')] }, ['NorthMSP', 'StrangerMSP']),
      transaction({ metadataWrites: [{ key: 'known', entries: [] }], writes: [write('b', '')] }),
      Buffer.from('no envelope'),
    ];
    const expected = await judged(validation, block.accessFromBlock(configBlock), envelopes);
    assert.deepEqual(expected.codes, [
      TX_CODE.VALID,
      TX_CODE.MVCC_READ_CONFLICT,
      TX_CODE.PHANTOM_READ_CONFLICT,
      TX_CODE.ENDORSEMENT_POLICY_FAILURE,
      TX_CODE.ENDORSEMENT_POLICY_FAILURE,
      TX_CODE.VALID,
      TX_CODE.INVALID_OTHER_REASON,
    ]);
    const both = inBrowser(`
      export * as validation from '@tracecal/ledger/validation';
      export * as block from '@tracecal/ledger/block';
    `) as { readonly validation: Validation; readonly block: Block };
    assert.deepEqual(await judged(both.validation, both.block.accessFromBlock(configBlock), envelopes), expected);
  });
});

/** A block over a small state, as plain data. */
async function judged(rules: Validation, access: ChannelAccess, envelopes: readonly Uint8Array[]) {
  const committed = stateOf(
    rules.stateKey('registry', 'known'),
    rules.stateKey('registry', 'öther'),
    rules.stateKey('another', 'known'),
  );
  const policy = ApplicationPolicy.encode({ channelConfigPolicyReference: '/Channel/Application/Endorsement' });
  const definition = { name: 'registry', version: '1', sequence: 1, endorsementPolicy: policy, collections: [] };
  const found = await rules.validateBlock(
    4,
    envelopes.map((envelope) => rules.examine(envelope, access)),
    () => false,
    {
      access,
      committed,
      changed: new rules.ChangedPolicies(),
      definition: (name) => (name === definition.name ? definition : undefined),
    },
  );
  // Arrays of this world: assertions tell those of a browser apart.
  const written = [...found.updates.sorted()].map(({ place, record }) => [
    hexText(place),
    record && hexText(record.value),
  ]);
  const hash = hexText(rules.commitHash(found.codes, found.updates, new Uint8Array(32)));
  return { codes: [...found.codes], written, hash };
}

/** Keys that block 3 wrote. */
function stateOf(...places: readonly Uint8Array[]): validation.CommittedState {
  const record: StateRecord = {
    version: { block: 3, transaction: 0 },
    value: Buffer.from('value'),
    metadata: new Uint8Array(),
  };
  const inOrder = [...places].sort((left, right) => Buffer.compare(left, right));
  return {
    record: (place) => (places.some((known) => sameBytes(known, place)) ? record : undefined),
    records: async function* ({ gte, lt }) {
      for (const place of inOrder) {
        if (Buffer.compare(place, gte) >= 0 && Buffer.compare(place, lt) < 0) yield [place, record] as const;
      }
      await Promise.resolve();
    },
  };
}

function write(key: string, value: string) {
  return { key, isDelete: value === '', value: Buffer.from(value) };
}

function results(set: Partial<KvRwSet>): Uint8Array {
  const rwset = KvRwSet.encode(set);
  return TxReadWriteSet.encode({
    dataModel: 0,
    nsRwset: [{ namespace: 'registry', rwset, collectionHashedRwset: [] }],
  });
}
