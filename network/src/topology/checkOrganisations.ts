import type { Consortium } from './consortium.js';
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

function ports({ organisations, orderers }: Consortium): Claim[] {
  return [
    ...organisations.flatMap(({ peers }, index) => claims(['organisations', index, 'peers'], peers, 'port')),
    ...claims('orderers', orderers, 'port'),
    ...claims('orderers', orderers, 'adminPort'),
    ...orderers.flatMap(({ listenPort }, index) =>
      listenPort === undefined ? [] : [{ path: ['orderers', index, 'listenPort'], value: listenPort }],
    ),
  ];
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
