import type { Seal } from '@tracecal/gateway-client/dcc';

/** The states of a seal, for people. */
export const SEAL_WORDS: Readonly<Record<Seal['state'], string>> = {
  verified: 'verified',
  'not-verified': 'not verified',
  indeterminate: 'not proven',
  absent: 'not signed',
};
