/**
 * Why a step with a proposal is refused:
 * - `NO_CHANGE`: the channel is as the proposal would have it.
 * - `NOT_PROPOSABLE`: the description changes something that no proposal can carry yet.
 * - `UNKNOWN_CHANNEL`: the description has no such channel.
 * - `FILE_INVALID`: a file is damaged, too large, or of another format.
 * - `SIGNATURE_INVALID`: a signature in a file does not hold.
 * - `NOT_ADMINISTRATOR`: a signature in a file is not by an administrator of the channel.
 * - `NOT_NEEDED`: nobody asks for the signature of this member.
 * - `NOT_SHOWN`: the proposal changes something that this release cannot show in full.
 * - `OTHER_PROPOSAL`: files carry different changes.
 * - `STALE`: the channel's configuration has changed since the proposal was made.
 * - `NOT_WRITER`: this member cannot send anything to the channel.
 */
export type ProposalErrorCode =
  | 'NO_CHANGE'
  | 'NOT_PROPOSABLE'
  | 'UNKNOWN_CHANNEL'
  | 'FILE_INVALID'
  | 'SIGNATURE_INVALID'
  | 'NOT_ADMINISTRATOR'
  | 'NOT_NEEDED'
  | 'NOT_SHOWN'
  | 'OTHER_PROPOSAL'
  | 'STALE'
  | 'NOT_WRITER';

/** A step with a proposal is refused. The message is one sentence that says what to do. */
export class ProposalError extends Error {
  override readonly name = 'ProposalError';

  constructor(
    readonly code: ProposalErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
