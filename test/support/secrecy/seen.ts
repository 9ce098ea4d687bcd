import { engineName } from '../engine.js';
import { HIDDEN } from './hidden.js';
import type { Cell, PseudonymColumn, ReportColumn } from './matrix.js';
import { MEMBERS } from './members.js';
import { Search } from './search.js';
import type { Haystack } from './search.js';
import type { Sought } from './secrets.js';
import { idsOf, TWINS } from './twins.js';
import type { Twin } from './twins.js';
import type { Pieces, SecretWorld } from './world.js';

/** All that somebody has. */
interface Having {
  readonly haystack: Haystack;
  /** Nothing that is public has to be found there. */
  readonly isPart?: true;
}

/** By who, or where. */
export type Seen = ReadonlyMap<string, Having>;

/** What is told of one twin and of the other, in the same order. */
export type OfTwins = Readonly<Record<Twin, readonly string[]>>;

/** What everybody has of the secrets of a world, by the columns of the tables. */
export interface AllSeen {
  readonly ofReports: Readonly<Record<ReportColumn, Seen>>;
  readonly ofPseudonyms: Readonly<Record<PseudonymColumn, Seen>>;
  /** By who was told. */
  readonly twins: ReadonlyMap<string, OfTwins>;
}

/** Asks as everybody, and reads all that there is. */
export async function seenIn(world: SecretWorld): Promise<AllSeen> {
  const search = new Search();
  const twins = new Map<string, OfTwins>();
  const members = new Map<string, Pieces>();
  await Promise.all(
    MEMBERS.map(async (member) => {
      const about = { few: await world.aboutTwin(member, 'few'), lot: await world.aboutTwin(member, 'lot') };
      twins.set(member, about);
      const others = [...(await world.aboutHidden(member)), ...(await world.eventsOf(member))];
      members.set(member, [...about.few, ...about.lot, ...others, ...(await world.blocksOf(member))]);
    }),
  );
  const { verdicts, wire } = await world.readBy('lab-beta');
  twins.set('a reader of a disclosure', {
    few: [JSON.stringify(world.disclosed('few')), verdicts.few],
    lot: [JSON.stringify(world.disclosed('lot')), verdicts.lot],
  });
  const published = await world.published(...TWINS.map((twin) => idsOf(twin).device), HIDDEN.probe);
  const one = (name: string, ...pieces: Pieces): Seen => new Map([[name, { haystack: search.through(...pieces) }]]);
  const having = (name: string, ...own: readonly unknown[]) =>
    one(name, ...(members.get(name) ?? []), ...own.map((piece) => JSON.stringify(piece)));
  const node = nodes(search, await blocks(world), world.filesByNode(), wire);
  const ofAll = {
    member: new Map<string, Having>(
      [...members].map(([name, pieces]) => [name, { haystack: search.through(...pieces) }]),
    )
      // Of some subjects only.
      .set('audits of an observer', { haystack: search.through(...(await world.auditsBy('regulator'))), isPart: true }),
    outsider: one('whoever has what is published', ...published),
    node,
  };
  return {
    ofReports: {
      ...ofAll,
      issuer: having(
        'nmi-north',
        TWINS.map((twin) => world.kept(twin)),
      ),
      reader: having(
        'lab-beta',
        verdicts,
        TWINS.map((twin) => world.disclosed(twin)),
      ),
    },
    ofPseudonyms: {
      ...ofAll,
      certifier: having('nmi-north', world.hidden.gold),
      reader: having('lab-beta', world.opening()),
    },
    twins,
  };
}

async function blocks(world: SecretWorld): Promise<ReadonlyMap<string, Pieces>> {
  const members = world.proven.registry.network.consortium.organisations.filter(({ shared }) => !shared);
  const found = members.map(async ({ id }) => [`blocks of the peer of ${id}`, await world.blocksOf(id)] as const);
  return new Map(await Promise.all(found));
}

function nodes(
  search: Search,
  delivered: ReadonlyMap<string, Pieces>,
  files: ReadonlyMap<string, Pieces>,
  wire: Pieces,
): Seen {
  const seen = new Map<string, Having>();
  for (const [name, pieces] of delivered) seen.set(name, { haystack: search.through(...pieces) });
  for (const [name, pieces] of files) {
    const hasLedger = name !== 'other files' || engineName === 'embedded';
    seen.set(name, { haystack: search.through(...pieces), ...(!hasLedger && { isPart: true }) });
  }
  return seen.set('the wire to a peer that a reader with a disclosure asks', {
    haystack: search.through(...wire),
    isPart: true,
  });
}

/** What is there and must not be, and what must be there and is not. */
export function faultsOf({ finds }: Cell, { given, kept }: Sought, { haystack, isPart }: Having): readonly string[] {
  const all = [...given, ...kept];
  const absent = { all: [], none: all, some: kept }[finds];
  const present = { all, none: [], some: given }[finds];
  return [
    ...absent.filter((secret) => haystack.holds(secret)).map((secret) => `holds ${secret}`),
    ...(isPart ? [] : present.filter((secret) => !haystack.holds(secret)).map((secret) => `lacks ${secret}`)),
  ];
}
