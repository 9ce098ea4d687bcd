import type { Consortium, OrdererNode, PeerNode } from './consortium.js';
import type { Finding, Path } from './document.js';

interface Claim {
  readonly path: Path;
  readonly value: string | number;
}

/** Checks that ids, MSPs, domains and ports are unique, and that no member runs two orderers. */
export function checkOrganisations(consortium: Consortium): Finding[] {
  const { organisations, orderers } = consortium;
  const ofOrganisations = (key: 'id' | 'name' | 'mspId' | 'domain') => claims('organisations', organisations, key);
  const ofOrderers = (key: 'name' | 'mspId' | 'domain' | 'consenterId' | 'runBy') => claims('orderers', orderers, key);
  return [
    ...duplicates(ofOrganisations('id'), 'organisation id'),
    ...duplicates(ofOrganisations('name'), 'organisation name'),
    ...duplicates([...ofOrganisations('mspId'), ...ofOrderers('mspId')], 'MSP id'),
    ...duplicates([...ofOrganisations('domain'), ...ofOrderers('domain')], 'domain'),
    ...duplicates(ports(consortium), 'port'),
    ...checkHosts(consortium),
    ...duplicates(ofOrderers('name'), 'orderer name'),
    ...duplicates(ofOrderers('consenterId'), 'consenter id'),
    ...organisations.flatMap(({ peers, users }, index) => [
      ...duplicates(claims(['organisations', index, 'peers'], peers, 'name'), 'peer name'),
      ...duplicates(claims(['organisations', index, 'users'], users, 'name'), 'user name'),
    ]),
    ...checkOperators(consortium),
  ];
}

/** Values of a list that occur more than once, with the place of the second occurrence. */
export function duplicates(all: readonly Claim[], what: string): Finding[] {
  const seen = new Set<string | number>();
  return all.flatMap(({ path, value }) => {
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ path, reason: `${what} ${JSON.stringify(value)} is taken already.` }];
  });
}

/** The values of a key in all entries of a list, with their places. */
export function claims<K extends string>(
  list: string | Path,
  entries: readonly Readonly<Record<K, string | number>>[],
  key: K,
): Claim[] {
  const base = typeof list === 'string' ? [list] : list;
  return entries.map((entry, index) => ({ path: [...base, index, key], value: entry[key] }));
}

/** On one machine, where nodes have no hosts, a port is taken once; otherwise once on each host. */
function ports({ organisations, orderers }: Consortium): Claim[] {
  return nodesWithPlaces({ organisations, orderers }).flatMap(({ path, node }) =>
    PORTS.flatMap((key) => {
      const port = node[key];
      if (port === undefined) return [];
      return [{ path: [...path, key], value: node.host === undefined ? port : `${node.host}:${port}` }];
    }),
  );
}

const PORTS = ['port', 'adminPort', 'listenPort', 'operationsPort'] as const;

type PlacedNode = PeerNode & Partial<Pick<OrdererNode, 'adminPort' | 'listenPort'>>;

function nodesWithPlaces({
  organisations,
  orderers,
}: Pick<Consortium, 'organisations' | 'orderers'>): readonly { readonly path: Path; readonly node: PlacedNode }[] {
  const peers = organisations.flatMap(({ peers: own }, index) =>
    own.map((node, place) => ({ path: ['organisations', index, 'peers', place], node })),
  );
  return [...peers, ...orderers.map((node, index) => ({ path: ['orderers', index], node }))];
}

/** A node on the loopback of one machine reaches none on another, and is reached by none. */
function checkHosts(consortium: Consortium): Finding[] {
  const all = nodesWithPlaces(consortium);
  const isPlaced = all.some(({ node }) => node.host !== undefined);
  return all.flatMap(({ path, node: { name, host, listen } }) => {
    if (isPlaced && host === undefined) {
      return [{ path, reason: `node "${name}" has no host, and others have one: give each node its host, or none.` }];
    }
    return listen !== undefined && host === undefined
      ? [{ path: [...path, 'listen'], reason: `node "${name}" needs a host under which others reach it.` }]
      : [];
  });
}

/** Byzantine fault tolerance counts members, not machines: a member with two orderers would count twice. */
function checkOperators({ organisations, orderers }: Consortium): Finding[] {
  const known = new Set(organisations.map(({ id }) => id));
  const running = new Set<string>();
  return orderers.flatMap(({ name, runBy, formerMember = false }, index) => {
    const path = ['orderers', index, 'runBy'];
    if (known.has(runBy) === formerMember) {
      const reason = formerMember
        ? `organisation "${runBy}" is a member: remove formerMember from its orderer "${name}".`
        : `organisation "${runBy}" runs orderer "${name}" but is not defined.`;
      return [{ path, reason }];
    }
    if (running.has(runBy))
      return [{ path, reason: `organisation "${runBy}" runs a second orderer, "${name}"; give it to another member.` }];
    running.add(runBy);
    return [];
  });
}
