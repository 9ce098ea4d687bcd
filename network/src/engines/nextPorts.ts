/** The ports of loopback on which the next start of a network listens, as far as they are known before. */
export interface NextPorts {
  readonly ports: readonly number[];
  /** Whether they cannot change any more, because the configurations of the channels contain them. */
  readonly areFixed: boolean;
}
