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
  /** It writes a key as well, so that it changes something if it is valid. */
  const marked = (name: string, sets: readonly OddSet[], code?: number, more?: Partial<OddTransaction>) => {
    const [only] = sets.filter(({ namespace }) => namespace === undefined);
    const others = sets.filter(({ namespace }) => namespace !== undefined);
    return transaction(name, [{ ...only, writes: [[key(name), 'seen']] }, ...others], code, more);
  };
  const keys = ['a', 'b', 'c', 'd', 'e'].map((letter) => key(`range-${letter}`));
  const [first = '', , third = '', , last = ''] = keys;
  const hashes = keys.map((each) => `h-${each}`);
  const nul = ['', 'x', 'y'].map((name) => key(`nul\0${name}`));
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
            writes: [...keys, ...nul].map((each) => [each, 'a value'] as const),
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
        sets: [{ writes: [[key('illegal'), 'first']] }, { writes: [[key('illegal'), 'second']] }],
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
      marked('another version', [], VALID, { version: '9.9' }),
      marked('no version', [], TX_CODE.INVALID_CHAINCODE, { version: '' }),
    ],
    (committed) => {
      const at = committed('keys');
      const seen = (names: readonly string[]) => names.map((name) => [name, at] as const);
      const [h0 = '', , h2 = '', , h4 = ''] = hashes;
      const read = (name: string, set: OddSet, code?: number) => marked(name, [set], code);
      const ranged = (name: string, range: RangeQueryInfo, code?: number) => read(name, { ranges: [range] }, code);
      const hashed = (name: string, range: RangeQueryInfo, code?: number) =>
        read(name, { namespace: HASHES, ranges: [range] }, code);
      const inNul = (name: string, set: OddSet) => read(name, { ...set, namespace: `${KV}\0${key('nul')}` });
      return [
        ranged('an open range', range(first, '', false), PHANTOM_READ_CONFLICT),
        ranged('an open range of nothing', range('\u{10ffff}', '', false)),
        ranged('a range to its last key', range(first, third, false, seen(keys.slice(0, 3)))),
        ranged(
          'a range without its last key',
          range(first, third, false, seen(keys.slice(0, 2))),
          PHANTOM_READ_CONFLICT,
        ),
        ranged('a range of one key', range(first, first, false, seen([first]))),
        ranged('a range to a key that is not there', range(first, `${third}x`, false, seen(keys.slice(0, 3)))),
        ranged('a read range', range(first, third, true, seen(keys.slice(0, 2)))),
        ranged('a summed range', summed(first, last, true, seen(keys.slice(0, 4)))),
        ranged('a summed range to its last key', summed(first, last, false, seen(keys))),
        ranged(
          'a summed range without its last key',
          summed(first, last, false, seen(keys.slice(0, 4))),
          PHANTOM_READ_CONFLICT,
        ),
        read('a hash', { namespace: HASHES, reads: seen(hashes.slice(0, 2)) }),
        read('a hash that should not be there', { namespace: HASHES, reads: [[h0, undefined]] }, MVCC_READ_CONFLICT),
        hashed('a range of hashes', range(h0, h2, false, seen(hashes.slice(0, 3)))),
        hashed('a summed range of hashes', summed(h0, h4, true, seen(hashes.slice(0, 4)))),
        hashed('a range of hashes, as if there were none', range(h0, h2, true), PHANTOM_READ_CONFLICT),
        inNul('a key behind a NUL', { reads: [['x', at]] }),
        inNul('keys behind a NUL', { ranges: [range('x', '', true, seen(nul.slice(1)))] }),
        // The key without a name is the first of them, and as the end of the range it is the last one again.
        inNul('an open range with an empty key', { ranges: [range('', '', false, seen([...nul, '']))] }),
        read('a private value that nobody has', { namespace: `${KV}$$p${OWN}`, reads: [[h0, undefined]] }),
        read('a hash in no collection', { namespace: `${KV}$$h`, reads: [[first, undefined]] }),
        read('a collection without a name', { collections: [{ name: '', reads: [[first, undefined]] }] }),
        read('a collection that nobody defined', { collections: [{ name: 'nothing', reads: [[first, undefined]] }] }),
        read('no namespace', { namespace: '', reads: [[first, undefined]] }),
        read('written as a namespace', { namespace: HASHES, writes: [[h0, 'a value']] }, TX_CODE.INVALID_CHAINCODE),
      ];
    },
  ];
}

/**
 * What peers judge as here as long as the keys are in memory. If they are in a file of their database, it is an error, and they stop: not
 * for a network on which anything else is tried.
 */
export function reversedRanges(prefix: string): OddStep {
  const [low, high] = [`${prefix}-range-b`, `${prefix}-range-d`];
  return (committed) => [
    transaction('a reversed range of nothing', [{ ranges: [range(high, low, true)], writes: [['reversed', '1']] }]),
    transaction('a reversed range to its last key', [
      { ranges: [range(high, low, false, [[low, committed('keys')]])], writes: [['reversed', '2']] },
    ]),
    transaction(
      'a reversed range without its last key',
      [{ ranges: [range(high, low, false)], writes: [['reversed', '3']] }],
      PHANTOM_READ_CONFLICT,
    ),
  ];
}

function transaction(
  name: string,
  sets: readonly OddSet[],
  code: number = VALID,
  more: Partial<OddTransaction> = {},
): OddTransaction {
  return { name, code, endorsers: BOTH, sets, ...more };
}
