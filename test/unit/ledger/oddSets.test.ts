import { hexBytes, hexText } from '@tracecal/core/platform';
import { accessFromBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { commitHash, examine, type DefinedChaincode } from '@tracecal/ledger/validation';
import { ApplicationPolicy, TX_CODE } from '@tracecal/ledger/wire';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { judgeBlock, MemoryState } from '../../support/odd/judge.js';
import { oddSteps, reversedRanges, type OddTransaction } from '../../support/odd/cases.js';
import { PREFIX, readRecording, type RecordedBlock } from '../../support/odd/recording.js';
import { resultsOf } from '../../support/odd/sets.js';
import { KV, mspIdOf, type MemberId } from '../../support/scenarioConsortium.js';
import { buildTransaction, type Signatories } from '../../support/transactionBuilder.js';
import { TestChannel, TestOrganisation, type Person } from './testChannel.js';

const DEFINITION: DefinedChaincode = {
  name: KV,
  endorsementPolicy: ApplicationPolicy.encode({ channelConfigPolicyReference: '/Channel/Application/Endorsement' }),
  collections: [],
};

const nameOf = (code: number | undefined) => Object.entries(TX_CODE).find(([, each]) => each === code)?.[0] ?? code;

describe('As on Fabric 3.1.5, the transactions of a recorded channel', () => {
  const people = new Map<string, Person>();
  let access: ChannelAccess;

  before(async () => {
    const members: TestOrganisation[] = [];
    for (const id of ['alpha', 'beta', 'gamma'] as const satisfies readonly MemberId[]) {
      const member = await TestOrganisation.make(mspIdOf(id));
      people.set(id, await member.person('peer'));
      members.push(member);
    }
    access = accessFromBlock((await TestChannel.make()).block(members).serializeBinary());
  });

  const signatories: Signatories = {
    identity: (id) => people.get(id)!.serialized,
    sign: (id, data) => people.get(id)!.sign(data),
  };

  const envelopeOf = ({ endorsers = ['alpha'], version = '1.0', sets }: OddTransaction): Uint8Array =>
    buildTransaction(
      {
        channelId: access.channelId,
        chaincode: KV,
        version,
        results: resultsOf(sets),
        endorsers,
        creator: 'alpha',
        nonce: randomBytes(24),
      },
      {},
      signatories,
    ).envelope;

  it('are valid or not, and leave the same state', async () => {
    const state = new MemoryState();
    const { before, blocks } = readRecording();
    const made = transactionsOf(blocks);
    let hash = hexBytes(before)!;
    for (const { number, transactions, commitHash: stated } of blocks) {
      const examined = transactions.map(({ name }) => examine(envelopeOf(made.get(name)!), access));
      const definition = (name: string) => (name === KV ? DEFINITION : undefined);
      const { codes, updates } = await judgeBlock(number, examined, state, access, definition);
      assert.deepEqual(
        transactions.map(({ name }, index) => `${name}: ${nameOf(codes[index])}`),
        transactions.map(({ name, code }) => `${name}: ${nameOf(code)}`),
      );
      hash = commitHash(codes, updates, hash);
      assert.equal(hexText(hash), stated, `the state after ${transactions.map(({ name }) => name).join(', ')}`);
    }
  });
});

/** The recorded transactions by name, with the versions that the recorded channel gave them. */
function transactionsOf(blocks: readonly RecordedBlock[]): ReadonlyMap<string, OddTransaction> {
  const versions = new Map(
    blocks.flatMap(({ number: block, transactions }) =>
      transactions.map(({ name }, transaction) => [name, { block, transaction }] as const),
    ),
  );
  const steps = [...oddSteps(PREFIX), reversedRanges(PREFIX)];
  return new Map(steps.flatMap((step) => step((name) => versions.get(name)!)).map((each) => [each.name, each]));
}
