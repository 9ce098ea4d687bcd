import type { Finding } from '../model/index.js';

/** The name of findings that rest on observations of users. */
export const OBSERVED_BY_USERS = 'observed-by-users';

/** No other action can be proposed: the type says so, and whoever has only such findings may isolate nobody. */
export interface ObservedByUsers extends Finding {
  readonly name: typeof OBSERVED_BY_USERS;
  readonly proposes: { readonly action: 'measure'; readonly devices: readonly [string] };
}

/** Whether something besides observations of users speaks for isolating a device. */
export function mayIsolate(findings: readonly Finding[]): boolean {
  return findings.some(({ name }) => name !== OBSERVED_BY_USERS);
}
