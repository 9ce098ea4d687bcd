import { listensOn, reachedAt } from '../../../topology/index.js';
import type { NodeLocation, OrdererNode } from '../../../topology/index.js';
import { LOOPBACK } from '../../../system/ports.js';
import type { Layout } from './layout.js';
import type { OperationsPlace } from './placement.js';

/** Paths and addresses as nodes see them: those of this machine and its loopback, or those inside a container. */
export interface NodeEnvironment {
  readonly layout: Layout;
  /** The address on which a node listens. */
  readonly listenOn: (node: NodeLocation) => string;
  /** The address on which an orderer listens for its administrators. */
  readonly adminOn: string;
  /** The port on which an orderer listens: other nodes may reach it through a forwarder. */
  readonly listenPortOf: (orderer: OrdererNode) => number;
  /** The host by which other nodes reach one. */
  readonly hostOf: (node: NodeLocation & { readonly name: string; readonly domain: string }) => string;
  /** Where a node serves its health and metrics, and whether only the node itself can reach that address. */
  readonly operations: (place?: OperationsPlace) => { readonly address: string; readonly isPrivate: boolean };
}

export function onThisMachine(layout: Layout): NodeEnvironment {
  return {
    layout,
    listenOn: listensOn,
    adminOn: LOOPBACK,
    listenPortOf: ({ port, listenPort }) => listenPort ?? port,
    hostOf: reachedAt,
    operations: ({ listen, port } = { listen: LOOPBACK, port: 0, host: LOOPBACK }) => ({
      address: `${listen}:${port}`,
      isPrivate: false,
    }),
  };
}
