/** Why something is refused. The codes never change meaning. */
export const REFUSALS = {
  KEY_INVALID: 'Only Ed25519 and P-256 keys are accepted: make such a key.',
  SIGNATURE_INVALID: 'The signature does not hold: sign it with the key that it names.',
  CONTENT_INVALID: 'The signed content has not the form that is expected.',
  OTHER_MONITOR: 'It was signed for a different monitor: sign it for this one.',
  NOT_DELEGATED: 'The signer holds nothing that could be delegated: ask an officer of the operator.',
  CHAIN_BROKEN: 'A link of the chain does not follow from the link above: send the links from the officer down.',
  TOO_DEEP: 'The chain of delegations is too long: ask somebody nearer to the officer.',
  WIDER: 'A delegation gives more than its giver has: narrow it.',
  EXPIRED: 'A delegation is over: ask its giver for a new one.',
  NOT_YET: 'A delegation has not begun: wait, or look at the clock.',
  TOO_LONG: 'A delegation lasts for too long: end it earlier.',
  REVOKED: 'A delegation was revoked: ask its giver for a new one.',
  NOT_ALLOWED: 'The slice has not the right to this: ask its giver.',
  NOT_FOUND: 'The slice has no such thing.',
  QUOTA_SPENT: 'The quota of this UTC day is spent: wait until tomorrow, or ask for more.',
  PROBE_TOO_SOON: 'The device was probed too short a time ago: wait.',
  OUTPUT_TOO_LARGE: 'The value is larger than probes of this slice may set: give a smaller one.',
  TIME_WRONG: 'The signed time is not near the time of this monitor: look at the clock, and sign again.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Something that a user may not do, or not now. The message is one sentence, and has no token and nothing outside of the user's slice. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, sentence: string = REFUSALS[code]) {
    super(sentence);
    this.code = code;
  }
}
