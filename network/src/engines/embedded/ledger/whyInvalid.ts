import {
  attempt,
  committedResults,
  decodeReadWriteSet,
  describeVersion,
  fromMessage,
  hashKey,
  keyPolicy,
  sameVersion,
  stateKey,
  type ChaincodeDefinition,
  type CommittedState,
  type Examined,
  type NamespaceReadWriteSet,
  type ValidatedBlock,
} from '@tracecal/ledger/validation';
import { TX_CODE } from '@tracecal/ledger/wire';
import { msp } from '@hyperledger/fabric-protos';
import { printApplicationPolicy } from '../../../channel/index.js';

/** A validated block, with everything needed to explain its invalid transactions. */
export interface Judged {
  readonly envelopes: readonly Uint8Array[];
  readonly examined: readonly Examined[];
  readonly validated: ValidatedBlock;
  /** The state before the block. */
  readonly committed: CommittedState;
  readonly definition: (chaincode: string) => ChaincodeDefinition | undefined;
}

/** A line for each invalid transaction: its id, the code, and the failed check with its keys and policies. It never contains values. */
export function invalidTransactions(judged: Judged): readonly string[] {
  return judged.validated.codes.flatMap((code, index) => {
    if (code === TX_CODE.VALID) return [];
    const { txId } = judged.examined[index] ?? { txId: '' };
    // An error in the explanation must not prevent the commit of the block.
    const why = attempt(() => whyInvalid(code, index, judged)) ?? '';
    return [`transaction ${shown(txId)} is invalid: ${nameOf(code)}${why === '' ? '' : `, ${why}`}`];
  });
}

function nameOf(code: number): string {
  return Object.entries(TX_CODE).find(([, value]) => value === code)?.[0] ?? String(code);
}

function whyInvalid(code: number, index: number, judged: Judged): string {
  const results = committedResults(judged.envelopes[index] ?? new Uint8Array())?.results;
  const sets = results ? decodeReadWriteSet(results) : [];
  switch (code) {
    case TX_CODE.MVCC_READ_CONFLICT:
      return staleRead(sets, index, judged) ?? 'it was endorsed by another version of its chaincode';
    case TX_CODE.PHANTOM_READ_CONFLICT:
      return `one of the ranges that it read has changed: ${sets.flatMap(rangesOf).join('; ')}`;
    case TX_CODE.ENDORSEMENT_POLICY_FAILURE:
      return `endorsed by ${endorsers(judged.examined[index]).join(', ') || 'nobody'}; ${sets.flatMap((set) => asked(set, judged)).join('; ')}`;
    default:
      return '';
  }
}

/** Keys that everybody sees first: of a private one only that it has changed can be told. */
function staleRead(sets: readonly NamespaceReadWriteSet[], index: number, judged: Judged): string | undefined {
  for (const { namespace, state } of sets) {
    const [stale] = state.reads.flatMap((read) => staleKey(namespace, read, index, judged) ?? []);
    if (stale !== undefined) return stale;
  }
  return stalePrivateRead(sets, judged);
}

function stalePrivateRead(sets: readonly NamespaceReadWriteSet[], { committed }: Judged): string | undefined {
  const read = sets.flatMap(({ namespace, collections }) =>
    collections.flatMap(({ collection, hashes }) =>
      hashes.hashedReads.map(({ keyHash, version }) => {
        const now = committed.record(hashKey(namespace, collection, keyHash))?.version;
        return { of: `collection ${collection} of ${namespace}`, isStale: !sameVersion(fromMessage(version), now) };
      }),
    ),
  );
  const stale = read.find(({ isStale }) => isStale);
  if (stale) return `a private key of ${stale.of} has changed since it was read`;
  // A transaction before it in the block wrote one.
  const [first] = read;
  return (
    first &&
    `a private key may have changed since it was read, of ${[...new Set(read.map(({ of }) => of))].join(' or ')}`
  );
}

type Read = NamespaceReadWriteSet['state']['reads'][number];

function staleKey(namespace: string, { key, version }: Read, index: number, judged: Judged): string | undefined {
  const then = fromMessage(version);
  const now = judged.committed.record(stateKey(namespace, key))?.version;
  const what = `key ${shown(key)} of ${namespace} was read at ${describeVersion(then)}`;
  if (!sameVersion(then, now)) return `${what} and is at ${describeVersion(now)}`;
  const writer = earlierWriter(namespace, key, index, judged);
  return writer === undefined ? undefined : `${what} and was written by transaction ${shown(writer)} of the same block`;
}

function earlierWriter(namespace: string, key: string, index: number, { validated, examined }: Judged) {
  const [found] = [...validated.valid].find(
    ([at, sets]) =>
      at < index &&
      sets.some((set) => set.namespace === namespace && set.state.writes.some((write) => write.key === key)),
  ) ?? [undefined];
  return found === undefined ? undefined : examined[found]?.txId;
}

function rangesOf({ namespace, state }: NamespaceReadWriteSet): readonly string[] {
  return state.rangeQueriesInfo.map(({ startKey, endKey }) => `${shown(startKey)} to ${shown(endKey)} of ${namespace}`);
}

function endorsers(examined: Examined | undefined): readonly string[] {
  const endorsements = examined?.bound?.action.endorsed.endorsements ?? [];
  return endorsements.map(
    ({ endorser }) => attempt(() => msp.SerializedIdentity.deserializeBinary(endorser).getMspid()) ?? 'a stranger',
  );
}

/** The policy of a written chaincode, and the keys that have their own. */
function asked({ namespace, state }: NamespaceReadWriteSet, { definition, committed }: Judged): readonly string[] {
  const policy = definition(namespace)?.endorsementPolicy;
  const own = state.writes.filter(({ key }) => keyPolicy(committed.record(stateKey(namespace, key))) !== undefined);
  if (policy === undefined || state.writes.length === 0) return [];
  const keys =
    own.length === 0 ? '' : `, and keys with policies of their own: ${own.map(({ key }) => shown(key)).join(', ')}`;
  const told = attempt(() => printApplicationPolicy(policy)) ?? 'its policy';
  return [`${namespace} asks for ${told}${keys}`];
}

const MOST = 120;

/** The text is untrusted: keep it on one line, and no longer than an id. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, MOST));
}
