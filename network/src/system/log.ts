/** One line of diagnosis. Never given keys, signatures or transient data. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
