import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { z } from 'zod';
import { hostOf } from '../pki/index.js';
import type { ChaincodeDeployment, Consortium } from '../topology/index.js';
import { FabricError } from './errors.js';
import type { Layout } from './layout.js';

/** Every node of the native network listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/** The ports of a network, kept in its data directory: channel configuration and chaincode packages contain them. */
export interface Placement {
  readonly consortium: Consortium;
  /** Port by full name of peer or orderer. */
  readonly operations: ReadonlyMap<string, number>;
  /** Port by chaincode name, of the services that the engine starts itself. */
  readonly services: ReadonlyMap<string, number>;
}

const saved = z.strictObject({
  description: z.string(),
  nodes: z.record(z.string(), z.strictObject({ port: z.int(), adminPort: z.int().optional(), operations: z.int() })),
  services: z.record(z.string(), z.int()),
});
type Saved = z.infer<typeof saved>;

/**
 * The ports of the network in this data directory, chosen (and written down) when it has none yet.
 *
 * @throws FabricError `OTHER_CONSORTIUM` when the directory was made for other organisations, orderers or channels.
 */
export async function place(layout: Layout, consortium: Consortium, ports: 'configured' | 'free'): Promise<Placement> {
  const before = await readSaved(layout);
  if (before !== undefined && before.description !== digest(consortium)) {
    throw new FabricError(
      'OTHER_CONSORTIUM',
      `The network in ${layout.root} was made for other organisations, orderers or channels: reset it, or use another data directory.`,
    );
  }
  await mkdir(layout.root, { recursive: true });
  const now = await complete(before ?? (await choose(consortium, ports)), consortium.chaincodes);
  await writeFile(layout.placement, `${JSON.stringify(now, undefined, 2)}\n`);
  return apply(now, consortium);
}

/** The names of the processes that a network in this data directory consists of; empty when there is none. */
export async function placedNames(layout: Layout): Promise<readonly string[]> {
  const before = await readSaved(layout);
  return before === undefined ? [] : [...Object.keys(before.nodes), ...Object.keys(before.services)];
}

async function readSaved(layout: Layout): Promise<Saved | undefined> {
  const text = await readFile(layout.placement, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : saved.parse(JSON.parse(text));
}

/** Chaincodes may come and go; the rest is written into genesis blocks and certificates. */
function digest({ organisations, orderers, channels }: Consortium): string {
  return createHash('sha256').update(JSON.stringify({ organisations, orderers, channels })).digest('hex');
}

async function choose(consortium: Consortium, ports: 'configured' | 'free'): Promise<Saved> {
  const peers = consortium.organisations.flatMap((organisation) =>
    organisation.peers.map((peer) => ({ name: hostOf(peer, organisation), port: peer.port })),
  );
  const free = await freePorts(2 * peers.length + 3 * consortium.orderers.length);
  const next = (): number => free.pop() ?? 0;
  const port = (configured: number): number => (ports === 'configured' ? configured : next());
  const nodes = [
    ...peers.map((peer) => [peer.name, { port: port(peer.port), operations: next() }] as const),
    ...consortium.orderers.map(
      (orderer) =>
        [
          hostOf(orderer, orderer),
          { port: port(orderer.port), adminPort: port(orderer.adminPort), operations: next() },
        ] as const,
    ),
  ];
  return { description: digest(consortium), nodes: Object.fromEntries(nodes), services: {} };
}

async function complete(before: Saved, chaincodes: readonly ChaincodeDeployment[]): Promise<Saved> {
  const missing = chaincodes.filter(({ name, service }) => 'package' in service && !(name in before.services));
  const free = await freePorts(missing.length);
  const added = missing.map(({ name }, index) => [name, free[index] ?? 0] as const);
  return { ...before, services: { ...before.services, ...Object.fromEntries(added) } };
}

function apply({ nodes, services }: Saved, consortium: Consortium): Placement {
  const organisations = consortium.organisations.map((organisation) => ({
    ...organisation,
    peers: organisation.peers.map((peer) => ({
      ...peer,
      port: nodes[hostOf(peer, organisation)]?.port ?? peer.port,
    })),
  }));
  const orderers = consortium.orderers.map((orderer) => {
    const node = nodes[hostOf(orderer, orderer)];
    return { ...orderer, port: node?.port ?? orderer.port, adminPort: node?.adminPort ?? orderer.adminPort };
  });
  return {
    consortium: { ...consortium, organisations, orderers },
    operations: new Map(Object.entries(nodes).map(([name, node]) => [name, node.operations])),
    services: new Map(Object.entries(services)),
  };
}

/** Ports that nobody listens on at this moment. All are held open together, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, LOOPBACK, () => {
      resolve(server);
    });
  });
}
