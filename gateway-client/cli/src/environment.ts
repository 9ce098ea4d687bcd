/** Environment variables that stand in for options, for the help. */
export const ENVIRONMENT_WORDS = {
  TRACECAL_DATA: 'directory of the network and your keys (--data)',
  TRACECAL_PROFILE: 'connection profile of a network elsewhere (--profile)',
  TRACECAL_AS: 'organisation to act as (--as)',
  TRACECAL_TIMEOUT: 'how long the network may take to answer (--timeout)',
  TRACECAL_ASCII: 'print ASCII only: 1 always, 0 never (default: by locale)',
} as const;

/** A variable that is set to something. */
export function given(environment: NodeJS.ProcessEnv, name: keyof typeof ENVIRONMENT_WORDS): string | undefined {
  const value = environment[name];
  return value === '' ? undefined : value;
}
