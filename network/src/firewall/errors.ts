/**
 * Why a firewall cannot be generated or explained:
 * - `NO_HOSTS`: the nodes of the description are on one machine, where all traffic is loopback.
 * - `HOST_UNKNOWN`: no machine of the description has this name.
 * - `NAME_UNRESOLVED`: a DNS name of the description has no IPv4 address, or two names have the same.
 * - `END_UNKNOWN`: what is to be explained is neither an address nor a name in the description.
 */
export type FirewallErrorCode = 'NO_HOSTS' | 'HOST_UNKNOWN' | 'NAME_UNRESOLVED' | 'END_UNKNOWN';

/** A firewall cannot be generated or explained: one sentence that says what to do. */
export class FirewallError extends Error {
  override readonly name = 'FirewallError';

  constructor(
    readonly code: FirewallErrorCode,
    message: string,
  ) {
    super(message);
  }
}
