/** What one process may take of its machine. */
export interface Limits {
  readonly memoryMib: number;
  readonly tasks: number;
  readonly openFiles: number;
}

/**
 * Bounds that a process in order stays below: they keep one that runs wild from taking the machine. Operators set others in a drop-in of
 * systemd or in an override of Compose.
 */
export const LIMITS: Readonly<Record<'peer' | 'orderer' | 'chaincode', Limits>> = {
  peer: { memoryMib: 4096, tasks: 1024, openFiles: 65_536 },
  orderer: { memoryMib: 2048, tasks: 1024, openFiles: 65_536 },
  chaincode: { memoryMib: 1024, tasks: 256, openFiles: 16_384 },
};

/** How long a process may take to end: a peer closes its ledgers. */
export const STOP_SECONDS = 60;
/** Between the end of a process and its next start. */
export const RESTART_SECONDS = 5;
/** How often a process is asked whether it is healthy. */
export const HEALTH_SECONDS = 30;
