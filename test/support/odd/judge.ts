import { hexText } from '@tracecal/core/platform';
import { accessFromBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import {
  agreedDefinition,
  ChangedPolicies,
  commitHash,
  examine,
  validateBlock,
  type CommittedState,
  type DefinedChaincode,
  type Examined,
  type StateRecord,
  type ValidatedBlock,
} from '@tracecal/ledger/validation';
import { Block, compareBytes, keyOf, METADATA, Metadata } from '@tracecal/ledger/wire';
import { isConfigBlock } from '../fabricBlocks.js';

/** The state of a channel, in memory. */
export class MemoryState implements CommittedState {
  readonly #records = new Map<string, readonly [place: Uint8Array, record: StateRecord]>();

  record(place: Uint8Array): StateRecord | undefined {
    return this.#records.get(keyOf(place))?.[1];
  }

  async *records({ gte, lt }: { readonly gte: Uint8Array; readonly lt: Uint8Array }) {
    const within = [...this.#records.values()].filter(
      ([place]) => compareBytes(place, gte) >= 0 && compareBytes(place, lt) < 0,
    );
    yield* await Promise.resolve(within.sort(([left], [right]) => compareBytes(left, right)));
  }

  apply({ updates }: ValidatedBlock): void {
    for (const { place, record } of updates.sorted()) {
      if (record === undefined) this.#records.delete(keyOf(place));
      else this.#records.set(keyOf(place), [place, record]);
    }
  }
}

/** Judges transactions against a state, which then has what the valid ones wrote. */
export async function judgeBlock(
  number: number,
  examined: readonly Examined[],
  committed: MemoryState,
  access: ChannelAccess,
  definition: (name: string) => DefinedChaincode | undefined,
): Promise<ValidatedBlock> {
  const context = { access, committed, definition, changed: new ChangedPolicies() };
  const found = await validateBlock(number, examined, () => false, context);
  committed.apply(found);
  return found;
}

export interface JudgedBlock {
  /** As its peer has it. */
  readonly said: { readonly codes: readonly number[]; readonly commitHash: string };
  /** As these rules have it; the commit hash from that of the peer's block before. */
  readonly found: { readonly codes: readonly number[]; readonly commitHash: string };
}

/**
 * Judges a chain from its first block.
 *
 * @param outside Definitions that are not in the channel.
 */
export async function judgeChain(
  chain: readonly Uint8Array[],
  outside: readonly DefinedChaincode[],
): Promise<readonly JudgedBlock[]> {
  const state = new MemoryState();
  const definition = (name: string): DefinedChaincode | undefined =>
    agreedDefinition(name, state) ?? outside.find((each) => each.name === name);
  let access: ChannelAccess | undefined;
  let before: Uint8Array = new Uint8Array();
  const judged: JudgedBlock[] = [];
  for (const [number, bytes] of chain.entries()) {
    const { data, metadata } = Block.decode(bytes);
    const codes = [...(metadata?.metadata[METADATA.transactionsFilter] ?? [])];
    const stated = Metadata.decode(metadata?.metadata[METADATA.commitHash] ?? new Uint8Array()).value;
    access ??= accessFromBlock(bytes);
    const rules = access;
    const examined = number === 0 ? [] : data!.data.map((envelope) => examine(envelope, rules));
    const { codes: found, updates } = await judgeBlock(number, examined, state, rules, definition);
    const ours =
      number === 0
        ? { codes, commitHash: hexText(stated) }
        : { codes: found, commitHash: hexText(commitHash(codes, updates, before)) };
    judged.push({ said: { codes, commitHash: hexText(stated) }, found: ours });
    if (isConfigBlock(bytes)) access = accessFromBlock(bytes);
    before = stated;
  }
  return judged;
}
