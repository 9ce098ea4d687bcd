import { hostOf } from '../../../pki/index.js';
import { portTaken, whyTaken } from '../../../system/ports.js';
import { FabricError } from '../errors.js';
import type { Placement } from './placement.js';

/**
 * Checks that these nodes can listen on their ports.
 * @throws FabricError `PORT_TAKEN`, naming node and port.
 */
export async function checkPorts(placement: Placement, nodes: readonly { readonly name: string }[]): Promise<void> {
  const names = new Set(nodes.map(({ name }) => name));
  const starting = [...listeners(placement)].filter(([name]) => names.has(name));
  await Promise.all(starting.map(([name, port]) => checkPort(name, port, !placement.isNew)));
}

/** Every port of loopback on which the nodes of a network listen, with the name of the node. */
export function* listeners({ consortium, operations }: Placement): Generator<readonly [string, number]> {
  for (const organisation of consortium.organisations) {
    for (const peer of organisation.peers) yield [hostOf(peer, organisation), peer.port];
  }
  for (const orderer of consortium.orderers) {
    yield [hostOf(orderer, orderer), orderer.listenPort ?? orderer.port];
    yield [hostOf(orderer, orderer), orderer.adminPort];
  }
  yield* operations;
}

/**
 * Checks that nothing listens on a port of loopback yet.
 * @throws FabricError `PORT_TAKEN`
 */
export async function checkPort(name: string, port: number, areFixed = false): Promise<void> {
  const cause = await whyTaken(port);
  if (cause === undefined) return;
  throw new FabricError('PORT_TAKEN', portTaken(name, port, areFixed), { cause });
}
