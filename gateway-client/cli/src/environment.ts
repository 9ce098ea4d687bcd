/** Environment variables that stand in for options, for the help. */
export const ENVIRONMENT_WORDS = {
  TRACECAL_DATA: 'directory of the network and your keys (--data)',
  TRACECAL_PROFILE: 'connection profile of a network elsewhere (--profile)',
  TRACECAL_AS: 'organisation to act as (--as)',
  TRACECAL_TIMEOUT: 'how long the network may take to answer (--timeout)',
  TRACECAL_PIN: 'PIN of the token that --key names (docs/keys.md)',
  TRACECAL_PKCS11_MODULE: 'PKCS #11 library of the token that --key names',
  TRACECAL_PKCS11JS: 'where the package pkcs11js is, compiled',
  TRACECAL_ASCII: 'print ASCII only: 1 always, 0 never',
} as const;

/** A variable that is set to something. */
export function given(environment: NodeJS.ProcessEnv, name: keyof typeof ENVIRONMENT_WORDS): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}
