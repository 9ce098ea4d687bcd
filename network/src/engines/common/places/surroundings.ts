import type { OrdererNode } from '../../../topology/index.js';
import { LOOPBACK } from '../../../system/ports.js';
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
  /** Where a node serves its health and metrics, and whether only who asks from within the node itself comes there. */
  readonly operations: (port: number) => { readonly address: string; readonly isPrivate: boolean };
}

export function onThisMachine(layout: Layout): Surroundings {
  return {
    layout,
    listenOn: LOOPBACK,
    listenPortOf: ({ port, listenPort }) => listenPort ?? port,
    hostOf: () => LOOPBACK,
    operations: (port) => ({ address: `${LOOPBACK}:${port}`, isPrivate: false }),
  };
}
