import { hexText } from '@tracecal/core/platform';
import {
  ChangedPolicies,
  commitHash,
  agreedDefinition,
  committedResults,
  decodeReadWriteSet,
  readsPrivateValues,
  validateBlock,
  type CommittedState,
  type DefinedChaincode,
  type ValidatedBlock,
} from '@tracecal/ledger/validation';
import { Metadata, sameBytes, TX_CODE } from '@tracecal/ledger/wire';
import type { Block } from '@tracecal/ledger/wire';
import { clientError } from '../client/errors.js';
import { metadataOf } from './blockSource.js';
import type { Received } from './blockSource.js';
import type { OrderedBlock, Rules } from './chain.js';
import { hashBytes } from './place.js';

/** What a replica has to know for judging the transactions of a block. */
export interface Grounds {
  readonly rules: Rules;
  readonly committed: CommittedState;
  readonly isKnown: (txId: string) => boolean;
  /** Definitions that the asker vouches for, of chaincodes on which members have not agreed in the channel. */
  readonly given: ReadonlyMap<string, DefinedChaincode>;
}

/** Which transactions of a block are valid, found out again: signatures, endorsements, policies, reads. */
export function judged(number: number, { examined }: OrderedBlock, grounds: Grounds): Promise<ValidatedBlock> {
  const { rules, committed, isKnown, given } = grounds;
  const known = new Map<string, DefinedChaincode | undefined>();
  const definition = (name: string): DefinedChaincode | undefined => {
    if (!known.has(name)) known.set(name, agreedDefinition(name, committed) ?? given.get(name));
    return known.get(name);
  };
  const context = { access: rules.access, definition, committed, changed: new ChangedPolicies() };
  return validateBlock(number, examined, isKnown, context);
}

/**
 * Compares what a peer says of a block's transactions with what was found, and returns the hash over all changes of the state. Nobody
 * signs either. Why a transaction is invalid does not matter: only that it is.
 *
 * @param commitHashBefore What it came to with this peer's words so far; undefined if this peer did not send the block before.
 * @throws TraceCalError `VALIDITY_DIFFERS` or `STATE_DIFFERS`
 */
export function asThePeerSays(
  { peer, block }: Received,
  { codes, updates }: ValidatedBlock,
  commitHashBefore: string | undefined,
): string {
  const number = block.header?.number ?? 0;
  const said = metadataOf(block, 'transactionsFilter');
  const differing = codes.findIndex((code, index) => isValid(code) !== isValid(said[index]));
  if (differing >= 0 || said.length !== codes.length) {
    const [ours, theirs] = [codes[differing], said[differing]].map(named);
    throw clientError(
      'VALIDITY_DIFFERS',
      `Transaction ${differing} of block ${number} is ${ours ?? ''}; the peer of ${peer} says ${theirs ?? ''}.${excuse(block, differing)}`,
    );
  }
  const stated = commitHashIn(metadataOf(block, 'commitHash'));
  const found = commitHashBefore === undefined ? stated : commitHash([...said], updates, hashBytes(commitHashBefore));
  if (!sameBytes(found, stated)) {
    throw clientError('STATE_DIFFERS', `After block ${number} the peer of ${peer} has another state.`);
  }
  return hexText(found);
}

/** What can make an honest peer differ. */
function excuse({ data }: Block, transaction: number): string {
  try {
    const results = committedResults(data?.data[transaction] ?? new Uint8Array())?.results;
    const isExcused = decodeReadWriteSet(results ?? new Uint8Array()).some(readsPrivateValues);
    return isExcused
      ? ' It reads private values as if they were public: this does not prove a lie, because peers that have these values judge it otherwise than all others, and have another state from then on.'
      : '';
  } catch {
    return '';
  }
}

function isValid(code: number | undefined): boolean {
  return code === TX_CODE.VALID;
}

function named(code: number | undefined): string {
  return Object.entries(TX_CODE).find(([, each]) => each === code)?.[0] ?? `of the unknown code ${code ?? 'none'}`;
}

function commitHashIn(metadata: Uint8Array): Uint8Array {
  try {
    return Metadata.decode(metadata).value;
  } catch {
    return new Uint8Array();
  }
}
