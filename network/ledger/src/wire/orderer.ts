import { bytes, string, uint32, uint64 } from './fields.js';
import { message, type Message } from './message.js';

export interface BatchSize {
  readonly maxMessageCount: number;
  readonly absoluteMaxBytes: number;
  readonly preferredMaxBytes: number;
}
export const BatchSize: Message<BatchSize> = message<BatchSize>({
  maxMessageCount: uint32(1),
  absoluteMaxBytes: uint32(2),
  preferredMaxBytes: uint32(3),
});

export interface BatchTimeout {
  readonly timeout: string;
}
export const BatchTimeout: Message<BatchTimeout> = message<BatchTimeout>({ timeout: string(1) });

export interface ConsensusType {
  readonly type: string;
  readonly metadata: Uint8Array;
}
export const ConsensusType: Message<ConsensusType> = message<ConsensusType>({ type: string(1), metadata: bytes(2) });

/** `smartbftprotos.ViewMetadata`, which orderers sign with a block: the block's position in the consensus protocol. */
export interface ViewMetadata {
  readonly viewId: number;
  readonly latestSequence: number;
  readonly decisionsInView: number;
}
export const ViewMetadata: Message<ViewMetadata> = message<ViewMetadata>({
  viewId: uint64(1),
  latestSequence: uint64(2),
  decisionsInView: uint64(3),
});
