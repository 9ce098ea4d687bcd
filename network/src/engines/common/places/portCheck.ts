import { hostOf } from '../../../pki/index.js';
import { LOOPBACK, portTaken, whyTaken } from '../../../system/ports.js';
import { listensOn } from '../../../topology/index.js';
import { FabricError } from '../errors.js';
import type { Placement } from './placement.js';

/**
 * Checks that these nodes can listen on their ports.
 * @throws FabricError `PORT_TAKEN`, naming node and port.
 */
export async function checkPorts(placement: Placement, nodes: readonly { readonly name: string }[]): Promise<void> {
  const names = new Set(nodes.map(({ name }) => name));
  const starting = [...listeners(placement)].filter(([name]) => names.has(name));
  await Promise.all(starting.map(([name, port, host]) => checkPort(name, port, !placement.isNew, host)));
}

/** Every port on which the nodes of a network listen, with the name of the node and the address. */
export function* listeners({ here, operations }: Placement): Generator<readonly [string, number, string]> {
  for (const organisation of here.organisations) {
    for (const peer of organisation.peers) yield [hostOf(peer, organisation), peer.port, listensOn(peer)];
  }
  for (const orderer of here.orderers) {
    yield [hostOf(orderer, orderer), orderer.listenPort ?? orderer.port, listensOn(orderer)];
    yield [hostOf(orderer, orderer), orderer.adminPort, LOOPBACK];
  }
  for (const [name, { port, listen }] of operations) yield [name, port, listen];
}

/** No such address here, or no such name anywhere. */
const NOT_HERE: readonly string[] = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Checks that a node can listen on a port.
 * @throws FabricError `PORT_TAKEN`, or `NOT_HERE` for an address that this machine does not have
 */
export async function checkPort(name: string, port: number, areFixed = false, host = LOOPBACK): Promise<void> {
  const cause = await whyTaken(port, host);
  if (cause === undefined) return;
  if (NOT_HERE.includes((cause as NodeJS.ErrnoException).code ?? '')) {
    throw new FabricError(
      'NOT_HERE',
      `${name} must listen on ${host}, which is no address of this machine: start it where it is, or correct its host or listen in the description.`,
      { cause },
    );
  }
  throw new FabricError('PORT_TAKEN', portTaken(name, { port, host }, areFixed), { cause });
}
