import type { OrdererNode } from '../topology/index.js';
import { LOOPBACK } from '../ports.js';
import type { Layout } from './layout.js';

/** What nodes see of the world: this machine's paths and loopback, or the inside of a container. */
export interface Surroundings {
  readonly layout: Layout;
  /** The address on which they listen. */
  readonly listenOn: string;
  /** The port on which an orderer listens: others may come to it by a detour. */
  readonly listenPortOf: (orderer: OrdererNode) => number;
  /** The host by which other nodes reach one. */
  readonly hostOf: (node: { readonly name: string; readonly domain: string }) => string;
  /** The port of a node's operations endpoint, which is this one from outside. */
  readonly operationsPort: (outside: number) => number;
}

export function onThisMachine(layout: Layout): Surroundings {
  return {
    layout,
    listenOn: LOOPBACK,
    listenPortOf: ({ port, listenPort }) => listenPort ?? port,
    hostOf: () => LOOPBACK,
    operationsPort: (outside) => outside,
  };
}
