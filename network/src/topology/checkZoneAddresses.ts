import type { Consortium } from './consortium.js';
import type { Finding, Path } from './document.js';
import type { Firewall, Zone } from './firewall.js';
import { overlaps } from './ipv4.js';

/** The lists of a zone that hold addresses. */
export const ADDRESS_KEYS = ['clients', 'administrators', 'gateways', 'instruments', 'collectors'] as const;

interface Place {
  readonly path: Path;
  readonly network: string;
  readonly owner: string;
  /** What shares no address with anything: instruments, and a gold standard's zone. */
  readonly isClosed: boolean;
}

/** Checks that an address belongs to one organisation, instruments share none, and exceptions touch no closed place. */
export function checkAddresses(consortium: Consortium, firewall: Firewall): Finding[] {
  const zones = firewall.zones.flatMap(placesOf);
  const all = [...nodes(consortium), ...zones];
  return [
    ...all.flatMap((place, index) => {
      const clash = all.slice(0, index).find((other) => clashes(place, other));
      return clash === undefined
        ? []
        : [
            {
              path: place.path,
              reason: `${place.network} overlaps with ${clash.network} of ${clash.owner}${why(place, clash)}`,
            },
          ];
    }),
    ...exceptionProblems(firewall, zones),
  ];
}

function placesOf(zone: Zone, index: number): Place[] {
  return ADDRESS_KEYS.flatMap((key) =>
    (zone[key] ?? []).map((network, place) => ({
      path: ['firewall', 'zones', index, key, place],
      network,
      owner: zone.organisation,
      isClosed: key === 'instruments' || zone.goldStandard === true,
    })),
  );
}

/** Nodes by address. Names are compared by whoever resolves them. */
function nodes({ organisations, orderers }: Consortium): Place[] {
  const peers = organisations.flatMap(({ id, peers: own }, index) =>
    own.map(({ host }, place) => ({ path: ['organisations', index, 'peers', place, 'host'], host, owner: id })),
  );
  const all = [
    ...peers,
    ...orderers.map(({ host, runBy }, index) => ({ path: ['orderers', index, 'host'], host, owner: runBy })),
  ];
  return all.flatMap(({ host, ...place }) =>
    host === undefined ? [] : [{ ...place, network: host, isClosed: false }],
  );
}

function clashes(one: Place, other: Place): boolean {
  if (!one.path.includes('firewall') && !other.path.includes('firewall')) return false;
  return overlaps(one.network, other.network) && (one.isClosed || other.isClosed || one.owner !== other.owner);
}

function why(one: Place, other: Place): string {
  return one.isClosed || other.isClosed
    ? ': instruments and the zone of a gold standard share no address with anything.'
    : ': an address belongs to one organisation.';
}

function exceptionProblems({ exceptions = [] }: Firewall, zones: readonly Place[]): Finding[] {
  return exceptions.flatMap((exception, index) =>
    (['from', 'to'] as const)
      .filter((key) => zones.some(({ isClosed, network }) => isClosed && overlaps(network, exception[key])))
      .map((key) => ({
        path: ['firewall', 'exceptions', index, key],
        reason: `${exception[key]} has instruments or a gold standard in it, for which there are no exceptions.`,
      })),
  );
}
