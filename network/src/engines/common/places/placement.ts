import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { hostOf } from '../../../pki/index.js';
import { freePorts, LOOPBACK, type Ports } from '../../../system/ports.js';
import { listensOn, reachedAt, type Channel, type Consortium, type NodeLocation } from '../../../topology/index.js';
import { atomicWrite } from '../../../system/atomicWrite.js';
import { removeAll } from '../../../system/removeAll.js';
import { FabricError } from '../errors.js';
import type { Layout } from './layout.js';

/** Where a node serves its health and metrics. */
export interface OperationsPlace {
  readonly port: number;
  /** The address on which it listens. */
  readonly listen: string;
  /** The host under which it is reached. */
  readonly host: string;
}

/** Nodes and the organisations that they belong to. */
export type Nodes = Pick<Consortium, 'organisations' | 'orderers'>;

/** The ports of a network, kept in its data directory: channel configuration and chaincode packages contain them. */
export interface Placement {
  readonly consortium: Consortium;
  /** The member whose nodes alone run here; undefined where all do. */
  readonly member?: string | undefined;
  /** The nodes that run here, with their organisations: all, or those of the member. */
  readonly here: Nodes;
  /** The operations endpoint, by full name of peer or orderer. */
  readonly operations: ReadonlyMap<string, OperationsPlace>;
  /** Port of each chaincode service that has one, by the name of its process. */
  readonly services: ReadonlyMap<string, number>;
  /** Digest of the consortium description. */
  readonly description: string;
  /** True if the network has never been ready with these ports. */
  readonly isNew: boolean;
  /** Whether a change to this description, or away from it, was begun and is not finished. */
  readonly isChanging: boolean;
}

const saved = z.strictObject({
  description: z.string(),
  /** Target descriptions of unfinished changes: the channels may match any of them. */
  changingTo: z.array(z.string()).exactOptional(),
  isNew: z.literal(true).exactOptional(),
  nodes: z.record(z.string(), z.strictObject({ port: z.int(), adminPort: z.int().optional(), operations: z.int() })),
  services: z.record(z.string(), z.int()),
});
type Saved = z.infer<typeof saved>;

/**
 * The ports of the network in this data directory; chosen and saved if there are none yet. A first start that failed fixes nothing: the
 * files written for its ports are deleted.
 *
 * @param member - Places the nodes of this member alone.
 * @throws FabricError `OTHER_CONSORTIUM` when the directory was made for other organisations, orderers or channels.
 */
export async function place(layout: Layout, consortium: Consortium, ports: Ports, member?: string): Promise<Placement> {
  const before = await readFixed(layout);
  if (before !== undefined && ![before.description, ...(before.changingTo ?? [])].includes(digest(consortium))) {
    throw new FabricError(
      'OTHER_CONSORTIUM',
      `The network in ${layout.root} was made for other organisations, orderers or channels: describe those again, use another data directory, or reset this one, which deletes its ledgers and keys.`,
    );
  }
  await mkdir(layout.root, { recursive: true });
  if (before !== undefined) return apply(before, consortium, member);
  await removeAll(layout.placed);
  const first = { ...(await choose(consortium, ports, member)), isNew: true } as const;
  save(layout, first);
  return apply(first, consortium, member);
}

/** What {@link place} gives the next start, without choosing anything: a first start takes the description's ports, and any others that it needs. */
export async function nextPlacement(layout: Layout, consortium: Consortium): Promise<Placement> {
  const first: Saved = { description: digest(consortium), nodes: {}, services: {}, isNew: true };
  return apply((await readFixed(layout)) ?? first, consortium);
}

/**
 * The ports of a network whose description changes: remaining nodes keep theirs, and new ones get some. The directory counts as made for
 * both descriptions until {@link settlePlacement}.
 */
export async function placeAnew(
  layout: Layout,
  consortium: Consortium,
  ports: Ports,
  member?: string,
): Promise<Placement> {
  const chosen = await choose(consortium, ports, member);
  const before = (await readSaved(layout)) ?? chosen;
  const kept = Object.entries(before.nodes).filter(([name]) => chosen.nodes[name] !== undefined);
  const nodes = { ...chosen.nodes, ...Object.fromEntries(kept) };
  const changingTo = [...new Set([...(before.changingTo ?? []), chosen.description])];
  save(layout, { ...before, changingTo, nodes: { ...before.nodes, ...nodes } });
  return apply({ ...before, changingTo, nodes }, consortium, member);
}

/** Finishes a change: the directory belongs to this description only, and nodes that are not in it are dropped. */
export async function settlePlacement(layout: Layout, { consortium, description }: Placement): Promise<void> {
  const before = await readSaved(layout);
  if (before === undefined) return;
  const names = new Set(nodesOf(consortium).map(({ name }) => name));
  const nodes = Object.fromEntries(Object.entries(before.nodes).filter(([name]) => names.has(name)));
  save(layout, { description, nodes, services: before.services });
}

/** All nodes of a consortium, or those of one member. */
export function nodesHere({ organisations, orderers }: Nodes, member?: string): Nodes {
  if (member === undefined) return { organisations, orderers };
  return {
    organisations: organisations.filter(({ id }) => id === member),
    orderers: orderers.filter(({ runBy }) => runBy === member),
  };
}

/** Every node of a description, by its full name. */
export function nodesOf({
  organisations,
  orderers,
}: Nodes): readonly { readonly name: string; readonly kind: 'orderer' | 'peer' }[] {
  return [
    ...orderers.map((orderer) => ({ name: hostOf(orderer, orderer), kind: 'orderer' as const })),
    ...organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => ({ name: hostOf(peer, organisation), kind: 'peer' as const })),
    ),
  ];
}

/** The port of a chaincode service, by the name of its process. It stays the same at every start, because packages contain it. */
export async function placeService(layout: Layout, name: string): Promise<number> {
  const before = await readSaved(layout);
  const known = before?.services[name];
  if (before === undefined || known !== undefined) return known ?? 0;
  // Ports of other services may be reserved although nothing listens on them yet.
  const taken = new Set(Object.values(before.services));
  const port = (await freePorts(taken.size + 1)).find((free) => !taken.has(free)) ?? 0;
  save(layout, { ...before, services: { ...before.services, [name]: port } });
  return port;
}

/** Drops services that are no longer part of the network. */
export async function keepServices(layout: Layout, names: readonly string[]): Promise<void> {
  const before = await readSaved(layout);
  if (before === undefined) return;
  const kept = Object.entries(before.services).filter(([name]) => names.includes(name));
  save(layout, { ...before, services: Object.fromEntries(kept) });
}

/** The names of the processes that a network in this data directory consists of; empty when there is none. */
export async function placedNames(layout: Layout): Promise<readonly string[]> {
  const before = await readSaved(layout);
  return before === undefined ? [] : [...Object.keys(before.nodes), ...Object.keys(before.services)];
}

/** The saved ports, unless no start with them succeeded: those may still change. */
async function readFixed(layout: Layout): Promise<Saved | undefined> {
  const saved = await readSaved(layout);
  return saved?.isNew ? undefined : saved;
}

async function readSaved(layout: Layout): Promise<Saved | undefined> {
  const text = await readFile(layout.placement, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : saved.parse(JSON.parse(text));
}

/** Write atomically: a network with incomplete ports cannot be started again. */
function save(layout: Layout, content: Saved): void {
  atomicWrite(layout.placement, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Users, chaincodes, batches and ports of operations may change; everything else is in genesis blocks and certificates. */
function digest({ organisations, orderers, channels }: Consortium): string {
  const members = organisations.map(({ id, mspId, kind, domain, peers }) => ({
    id,
    mspId,
    kind,
    domain,
    peers: peers.map(withoutOperations),
  }));
  const fixed = { members, orderers: orderers.map(withoutOperations), channels: channels.map(withoutBatch) };
  return createHash('sha256').update(JSON.stringify(fixed)).digest('hex');
}

/** The same text as of a node that never had such a port: JSON leaves out what is undefined. */
function withoutOperations(node: NodeLocation): object {
  return { ...node, operationsPort: undefined };
}

/** Proposals change it. */
function withoutBatch(channel: Channel): object {
  return { ...channel, batch: undefined };
}

async function choose(consortium: Consortium, ports: Ports, member?: string): Promise<Saved> {
  const { organisations, orderers } = nodesHere(consortium, member);
  const peers = organisations.flatMap((organisation) =>
    organisation.peers.map((peer) => ({ name: hostOf(peer, organisation), port: peer.port })),
  );
  const free = await freePorts(2 * peers.length + 3 * orderers.length);
  const next = (): number => free.pop() ?? 0;
  const port = (configured: number): number => (ports === 'free' ? next() : configured);
  const nodes = [
    ...peers.map((peer) => [peer.name, { port: port(peer.port), operations: next() }] as const),
    ...orderers.map((orderer) => {
      const { port: known, listenPort, adminPort } = orderer;
      // A forwarder in front of an orderer already knows its ports.
      const ownPort = listenPort === undefined ? port(known) : known;
      return [hostOf(orderer, orderer), { port: ownPort, adminPort: port(adminPort), operations: next() }] as const;
    }),
  ];
  return { description: digest(consortium), nodes: Object.fromEntries(nodes), services: {} };
}

function apply({ nodes, services, changingTo, isNew }: Saved, consortium: Consortium, member?: string): Placement {
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
    member,
    here: nodesHere({ organisations, orderers }, member),
    operations: operationsOf(nodes, nodesHere(consortium, member)),
    services: new Map(Object.entries(services)),
    description: digest(consortium),
    isNew: isNew === true,
    isChanging: changingTo !== undefined,
  };
}

/**
 * A described port counts from the next start on, whatever was saved. Without one, or where the network has other ports than those of its
 * description (`free`), it is the saved port.
 */
function operationsOf(nodes: Saved['nodes'], { organisations, orderers }: Nodes): ReadonlyMap<string, OperationsPlace> {
  const all = [
    ...organisations.flatMap((organisation) =>
      organisation.peers.map((peer) => ({
        name: hostOf(peer, organisation),
        node: peer,
        isFree: (nodes[hostOf(peer, organisation)]?.port ?? peer.port) !== peer.port,
      })),
    ),
    ...orderers.map((orderer) => ({
      name: hostOf(orderer, orderer),
      node: orderer,
      isFree: (nodes[hostOf(orderer, orderer)]?.adminPort ?? orderer.adminPort) !== orderer.adminPort,
    })),
  ];
  return new Map(
    all.flatMap(({ name, node, isFree }): [string, OperationsPlace][] => {
      const { operationsPort: port } = node;
      if (port !== undefined && !isFree) return [[name, { port, listen: listensOn(node), host: reachedAt(node) }]];
      const saved = nodes[name]?.operations;
      return saved === undefined ? [] : [[name, { port: saved, listen: LOOPBACK, host: LOOPBACK }]];
    }),
  );
}
