import { existsSync } from 'node:fs';
import { instantOf } from '@tracecal/core/model';
import type { Item } from '../../client/index.js';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';
import type { Consortium, Member } from '../session/consortium.js';
import { readFounding, rewriteFounding } from '../session/foundingFile.js';
import { FOUNDING_POLICY, foundersOf, signedByFounder, unsignedFounding } from './statement.js';
import type { Founders } from './statement.js';

/** The shortest epoch: the first one can be sealed as soon as the network is up. */
const SIGNED_BEFORE_MS = 60_000;

/**
 * The founding of a registry, read from its file. The first time it is made and signed with the keys of all institutes of the consortium,
 * which are all here on a network of one machine.
 *
 * @returns undefined where the consortium has no registry or no institute
 * @throws ApplicationError `INPUT_INVALID` if the file is not a founding
 */
export async function foundingOf(
  file: string,
  consortium: Consortium<Member>,
  keys: CalibrationKeys,
): Promise<Item | undefined> {
  const founders = foundersOf(consortium);
  if (founders === undefined) return undefined;
  if (!existsSync(file)) {
    const founding = await signFounding(founders, keys);
    await rewriteFounding(file, founding);
  }
  return readFounding(file);
}

async function signFounding(founders: Founders, keys: CalibrationKeys): Promise<Item> {
  const date = instantOf(Date.now() - SIGNED_BEFORE_MS);
  const certificates: string[] = [];
  for (const { id } of founders.institutes) certificates.push(await keys.organisation(id, null));
  let founding = unsignedFounding(founders, certificates, { date, policy: FOUNDING_POLICY });
  for (const { id } of founders.institutes) {
    founding = await signedByFounder(founders, founding, await keys.signer('organisation', id), id);
  }
  return founding;
}
