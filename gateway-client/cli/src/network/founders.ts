import { existsSync } from 'node:fs';
import { ApplicationError, foundersOf } from '@tracecal/gateway-client/application';
import type { Consortium, Founders, Member } from '@tracecal/gateway-client/application';
import type { Consortium as Described } from '@tracecal/network/topology';
import type { DataDirectory } from '../data/dataDirectory.js';
import { namedOr } from './descriptionFile.js';

/** Explains the option `--consortium` of commands that need nothing else of a network. */
export const CONSORTIUM_HELP = 'description of the consortium (default: that of the data directory)';

/**
 * The institutes that found the registry of a consortium, by its description.
 * @throws ApplicationError `USAGE` where there is no description, `INPUT_INVALID` where it has no registry or no institute; ConsortiumError
 */
export async function foundersIn({ consortiumFile }: DataDirectory, named: string | undefined): Promise<Founders> {
  if (named === undefined && !existsSync(consortiumFile)) {
    throw new ApplicationError('USAGE', `There is no ${consortiumFile}: name the description with --consortium.`);
  }
  const founders = foundersOf(ofLevels(await namedOr(named, consortiumFile)));
  if (founders !== undefined) return founders;
  throw new ApplicationError(
    'INPUT_INVALID',
    'The consortium has no chaincode called registry or no member of kind NMI, so it has no registry to found.',
  );
}

/** Members without a kind have no part in a registry. */
export function ofLevels({ organisations, ...others }: Described): Consortium<Member> {
  const members = organisations.flatMap(({ kind, ...member }) => (kind === undefined ? [] : [{ ...member, kind }]));
  return { ...others, organisations: members };
}
