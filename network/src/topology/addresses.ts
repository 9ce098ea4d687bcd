import { LOOPBACK } from '../system/ports.js';

/** Where a node is. Without a host, all nodes run on one machine and use its loopback. */
export interface NodeLocation {
  /** The IPv4 address or DNS name under which others reach it; channel configurations and its TLS certificate contain it. */
  readonly host?: string;
  /** The IPv4 address on which it listens, if that differs from the host: `0.0.0.0` behind a translated address. */
  readonly listen?: string;
  /**
   * The port on which native Fabric serves its health and metrics, where it listens for others. Without one, any free port of loopback.
   */
  readonly operationsPort?: number;
}

export function reachedAt({ host }: NodeLocation): string {
  return host ?? LOOPBACK;
}

export function listensOn({ host, listen }: NodeLocation): string {
  return listen ?? host ?? LOOPBACK;
}
