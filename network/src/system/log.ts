/**
 * One line, of a level: `debug` what clients were refused and why, `info` what the network does next, which those hear who wait for
 * it. Never given keys, signatures or transient data.
 */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
