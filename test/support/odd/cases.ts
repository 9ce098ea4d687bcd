import { parsePolicy } from '@tracecal/ledger/policy';
import { RangeReads, type Version } from '@tracecal/ledger/validation';
import { SignaturePolicyEnvelope, TX_CODE, type RangeQueryInfo } from '@tracecal/ledger/wire';
import { KV } from '../scenarioConsortium.js';
import type { OddSet } from './sets.js';

/** A transaction that no library would make. */
export interface OddTransaction {
  readonly name: string;
  /** What Fabric 3.1.5 says of it. */
  readonly code: number;
  /** Those whose peers endorse it: alpha alone unless it is said. */
  readonly endorsers?: readonly string[];
  /** The version of the chaincode that it says was executed. */
  readonly version?: string;
  readonly sets: readonly OddSet[];
}

/** Transactions that are handed in together, after those before are committed and have a version by their names. */
export type OddStep = (committed: (name: string) => Version) => readonly OddTransaction[];

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = TX_CODE;
const BOTH = ['alpha', 'beta'];
/** Alpha alone endorses what is written here. */
const OWN = '_implicit_org_AlphaMSP';
/** The namespace in which Fabric keeps the hashes of {@link OWN}. */
const HASHES = `${KV}$$h${OWN}`;
const OF_BETA: Uint8Array = SignaturePolicyEnvelope.encode(parsePolicy("OR('BetaMSP.peer')"));

/** How often a key is written in one set: values, policies, removals of policies, deletions. */
type Counts = readonly [values: number, policies: number, removals: number, deletions: number];

const SOME: readonly number[] = [0, 1, 2, 3];
const FEW: readonly number[] = [0, 1, 2];
const COUNTS: readonly Counts[] = SOME.flatMap((values) =>
  FEW.flatMap((policies) =>
    FEW.flatMap((removals) => FEW.map((deletions): Counts => [values, policies, removals, deletions])),
  ),
).filter((counts) => counts.some((count) => count > 0));
/** Around the end of the byte in which Fabric adds up what is written. */
const MANY: readonly Counts[] = [8, 9, 255, 256, 257, 258].map((values): Counts => [values, 0, 0, 0]);

/** Whether a key that had a policy has one afterwards; of those that stay. */
const POLICY_AFTER: readonly (readonly [counts: Counts, has: boolean])[] = [
  [[1, 0, 0, 0], true],
  [[2, 0, 0, 0], false],
  [[3, 0, 0, 0], false],
  [[0, 1, 0, 0], true],
  [[0, 2, 0, 0], true],
  [[0, 0, 1, 0], false],
  [[0, 1, 1, 0], true],
  [[1, 1, 0, 0], true],
  [[1, 0, 1, 0], false],
  [[2, 1, 0, 0], true],
  [[2, 0, 1, 0], false],
  [[3, 1, 0, 0], true],
  [[3, 0, 1, 0], false],
  [[0, 0, 0, 2], false],
  [[1, 0, 0, 2], false],
];

const nameOf = (prefix: string, counts: Counts): string => `${prefix}-${counts.join('.')}`;

function written(prefix: string, all: readonly Counts[]): OddSet {
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const writes = all.flatMap((counts) => [
    ...times(counts[0], (index) => [nameOf(prefix, counts), `value ${index}`] as const),
    ...times(counts[3], () => [nameOf(prefix, counts), undefined] as const),
  ]);
  const policies = all.flatMap((counts) => [
    ...times(counts[1], () => [nameOf(prefix, counts), OF_BETA] as const),
    ...times(counts[2], () => [nameOf(prefix, counts), undefined] as const),
  ]);
  return { writes, policies };
}

function present(prefix: string): OddSet {
  return {
    writes: COUNTS.map((counts) => [nameOf(prefix, counts), 'a value'] as const),
    policies: COUNTS.map((counts) => [nameOf(prefix, counts), OF_BETA] as const),
  };
}

/** A key that alpha writes, so that the transaction changes something if it is valid. */
const marked = (key: string): Pick<OddSet, 'collections'> => ({
  collections: [{ name: OWN, writes: [[key, 'seen']] }],
});

const range = (
  startKey: string,
  endKey: string,
  itrExhausted: boolean,
  reads: readonly (readonly [string, Version])[] = [],
): RangeQueryInfo => ({
  startKey,
  endKey,
  itrExhausted,
  rawReads:
    reads.length === 0
      ? undefined
      : {
          kvReads: reads.map(([key, { block, transaction }]) => ({
            key,
            version: { blockNum: block, txNum: transaction },
          })),
        },
  readsMerkleHashes: undefined,
});

function summed(
  startKey: string,
  endKey: string,
  itrExhausted: boolean,
  reads: readonly (readonly [string, Version])[],
) {
  const all = new RangeReads(2);
  for (const [key, version] of reads) all.add(key, version);
  const result = all.finish();
  return {
    ...range(startKey, endKey, itrExhausted),
    readsMerkleHashes: 'summary' in result ? result.summary : undefined,
  };
}

/** Every key has the prefix, so that a network can judge them several times. */
export function oddSteps(prefix: string): readonly OddStep[] {
  const key = (name: string): string => `${prefix}-${name}`;
  const own = (name: string, writes: OddSet, more: Partial<OddTransaction> = {}): OddTransaction => ({
    name,
    code: VALID,
    sets: [{ collections: [{ name: OWN, ...writes }] }],
    ...more,
  });
  const keys = ['a', 'b', 'c', 'd', 'e'].map((letter) => key(`range-${letter}`));
  const [first = '', , third = '', , last = ''] = keys;
  const hashes = keys.map((each) => `h-${each}`);
  return [
    () => [
      own('present hashes', present(key('present'))),
      { name: 'present keys', code: VALID, endorsers: BOTH, sets: [present(key('present'))] },
      {
        name: 'keys',
        code: VALID,
        endorsers: BOTH,
        sets: [
          {
            writes: [...keys, key('nul\0x'), key('nul\0y')].map((each) => [each, 'a value'] as const),
            collections: [{ name: OWN, writes: hashes.map((each) => [each, 'a hash'] as const) }],
          },
        ],
      },
    ],
    () => [
      own('hashes', written(key('present'), COUNTS), { endorsers: BOTH }),
      own('new hashes', written(key('absent'), [...COUNTS, ...MANY]), { endorsers: BOTH }),
      { name: 'public', code: VALID, endorsers: BOTH, sets: [written(key('present'), COUNTS)] },
      { name: 'new public', code: VALID, endorsers: BOTH, sets: [written(key('absent'), [...COUNTS, ...MANY])] },
      own('one, and then', { writes: [[key('pair'), 'first']] }),
      own('two at once', {
        writes: [
          [key('pair'), 'second'],
          [key('pair'), 'third'],
        ],
      }),
      own('one, deleted', { writes: [[key('gone'), 'first']] }),
      own('deleted', { writes: [[key('gone'), undefined]] }),
      own('again', { writes: [[key('gone'), 'second']] }),
      {
        name: 'a collection twice',
        code: VALID,
        sets: [
          {
            collections: [
              { name: OWN, writes: [[key('twice'), 'first']] },
              { name: OWN, writes: [[key('twice'), 'second']] },
            ],
          },
        ],
      },
      {
        name: 'a namespace twice',
        code: TX_CODE.ILLEGAL_WRITESET,
        sets: [marked(key('illegal')), marked(key('illegal'))],
      },
    ],
    () =>
      POLICY_AFTER.map(([counts, has]) =>
        own(
          `the policy after ${counts.join('.')}`,
          { writes: [[nameOf(key('present'), counts), 'by alpha alone']] },
          { code: has ? ENDORSEMENT_POLICY_FAILURE : VALID },
        ),
      ),
    () => [
      own('another version', marked(key('version')).collections?.[0] ?? {}, { version: '9.9' }),
      own('no version', marked(key('no version')).collections?.[0] ?? {}, {
        version: '',
        code: TX_CODE.INVALID_CHAINCODE,
      }),
    ],
    (committed) => {
      const at = committed('keys');
      const reads = (name: string, set: OddSet, code: number = VALID): OddTransaction => ({
        name,
        code,
        sets: [marked(key(name)), ...(set.namespace === undefined ? [] : [set])],
        ...(set.namespace === undefined && { sets: [{ ...marked(key(name)), ...set }] }),
      });
      const seen = (names: readonly string[]) => names.map((name) => [name, at] as const);
      const nul = [key('nul\0x'), key('nul\0y')] as const;
      const inNul = { namespace: `${KV}\0${key('nul')}` };
      return [
        reads('an open range', { ranges: [range(first, '', false)] }, PHANTOM_READ_CONFLICT),
        reads('an open range of nothing', { ranges: [range('\u{10ffff}', '', false)] }),
        reads('a range to its last key', { ranges: [range(first, third, false, seen(keys.slice(0, 3)))] }),
        reads(
          'a range without its last key',
          { ranges: [range(first, third, false, seen(keys.slice(0, 2)))] },
          PHANTOM_READ_CONFLICT,
        ),
        reads('a range of one key', { ranges: [range(first, first, false, seen([first]))] }),
        reads('a range to a key that is not there', {
          ranges: [range(first, `${third}x`, false, seen(keys.slice(0, 3)))],
        }),
        reads('a read range', { ranges: [range(first, third, true, seen(keys.slice(0, 2)))] }),
        reads('a summed range', { ranges: [summed(first, last, true, seen(keys.slice(0, 4)))] }),
        reads('a summed range to its last key', { ranges: [summed(first, last, false, seen(keys))] }),
        reads(
          'a summed range without its last key',
          { ranges: [summed(first, last, false, seen(keys.slice(0, 4)))] },
          PHANTOM_READ_CONFLICT,
        ),
        reads('a hash', { namespace: HASHES, reads: seen(hashes.slice(0, 2)) }),
        reads(
          'a hash that should not be there',
          { namespace: HASHES, reads: [[hashes[0] ?? '', undefined]] },
          MVCC_READ_CONFLICT,
        ),
        reads('a range of hashes', {
          namespace: HASHES,
          ranges: [range(hashes[0] ?? '', hashes[2] ?? '', false, seen(hashes.slice(0, 3)))],
        }),
        reads('a summed range of hashes', {
          namespace: HASHES,
          ranges: [summed(hashes[0] ?? '', hashes[4] ?? '', true, seen(hashes.slice(0, 4)))],
        }),
        reads(
          'a range of hashes, as if there were none',
          { namespace: HASHES, ranges: [range(hashes[0] ?? '', hashes[2] ?? '', true)] },
          PHANTOM_READ_CONFLICT,
        ),
        reads('a key behind a NUL', { ...inNul, reads: [['x', at]] }),
        reads('keys behind a NUL', { ...inNul, ranges: [range('', '', true, seen(nul))] }),
        reads('a private value that nobody has', {
          namespace: `${KV}$$p${OWN}`,
          reads: [[hashes[0] ?? '', undefined]],
        }),
        reads('a hash in no collection', { namespace: `${KV}$$h`, reads: [[first, undefined]] }),
        reads('a collection without a name', {
          collections: [...(marked(key('unnamed')).collections ?? []), { name: '', reads: [[first, undefined]] }],
        }),
        reads('a collection that nobody defined', {
          collections: [
            ...(marked(key('unknown')).collections ?? []),
            { name: 'nothing', reads: [[first, undefined]] },
          ],
        }),
        reads('no namespace', { namespace: '', reads: [[first, undefined]] }),
        {
          name: 'written as a namespace',
          code: TX_CODE.INVALID_CHAINCODE,
          endorsers: BOTH,
          sets: [marked(key('namespace')), { namespace: HASHES, writes: [[hashes[0] ?? '', 'a value']] }],
        },
        own('a hash and then', { writes: [[hashes[3] ?? '', 'another']] }),
      ];
    },
  ];
}
