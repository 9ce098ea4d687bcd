import { orderer } from '@hyperledger/fabric-protos';

/** The blocks that a seek asks for. */
export interface SeekRange {
  readonly start: bigint;
  /** Last block, inclusive. */
  readonly stop: bigint;
}

type Position = orderer.SeekPosition;

function specified(position: Position): bigint {
  return BigInt(position.getSpecified()?.getNumber() ?? 0);
}

function startOf(position: Position, height: bigint): bigint | undefined {
  const types = orderer.SeekPosition.TypeCase;
  switch (position.getTypeCase()) {
    case types.OLDEST:
      return 0n;
    case types.NEWEST:
      return height - 1n;
    case types.NEXT_COMMIT:
      return height;
    case types.SPECIFIED:
      return specified(position);
    default:
      return undefined;
  }
}

function stopOf(position: Position, start: bigint, height: bigint, startsAtNewest: boolean): bigint | undefined {
  const types = orderer.SeekPosition.TypeCase;
  switch (position.getTypeCase()) {
    case types.OLDEST:
      return start;
    case types.NEWEST:
      // From newest to newest is one block, even if others were committed meanwhile.
      return startsAtNewest ? start : height - 1n;
    case types.SPECIFIED:
      return specified(position);
    default:
      return undefined;
  }
}

/** The range of a seek at a ledger height; undefined if it is invalid (missing, unknown or reversed positions). */
export function seekRange(seek: orderer.SeekInfo, height: bigint): SeekRange | undefined {
  const [from, to] = [seek.getStart(), seek.getStop()];
  if (!from || !to) return undefined;
  const start = startOf(from, height);
  if (start === undefined) return undefined;
  const startsAtNewest = from.getTypeCase() === orderer.SeekPosition.TypeCase.NEWEST;
  const stop = stopOf(to, start, height, startsAtNewest);
  return stop === undefined || stop < start ? undefined : { start, stop };
}
