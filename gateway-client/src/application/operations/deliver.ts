import type { Announced, Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { ifLost } from '../keys/missingKey.js';
import { requireNewFile } from '../files/newFile.js';
import type { Session } from '../session/session.js';
import { missingSignatures } from './sign.js';
import { writeItems } from './statementFile.js';

/** Where signed statements go: to the registry, or into a file for others to sign and submit. */
export interface Delivery {
  /** The member that submits them; any if it is not given. */
  readonly via?: string;
  /** The file. */
  readonly signOnly?: string;
  /** The file that the statements were read from, where others can add their signatures. */
  readonly from?: string;
}

export interface Delivered {
  /** One transaction for each item, in their order; empty if they went into a file. */
  readonly committed: readonly Announced[];
  readonly file: string | null;
  /** Who still has to sign what is in the file. */
  readonly missing: readonly string[];
}

/**
 * Checks the destination before anything is made or signed that could not be delivered.
 *
 * @throws ApplicationError `ORGANISATION_UNKNOWN` or `FILE_UNWRITABLE`
 */
export function requireDeliverable(session: Session, { via, signOnly }: Delivery): void {
  if (via !== undefined) {
    session.member(via);
  }
  if (signOnly !== undefined) {
    requireNewFile(signOnly);
  }
}

/**
 * Registers signed statements one after the other, because later ones may depend on earlier ones, or writes them into a file.
 *
 * @throws ApplicationError `KEYS_MISSING` if a required signer's key is not here
 */
export async function deliver(
  session: Session,
  items: readonly Item[],
  { via, signOnly, from }: Delivery = {},
): Promise<Delivered> {
  const missing = await missingFrom(session, items);
  if (signOnly !== undefined) {
    await writeItems(signOnly, items);
    return { committed: [], file: signOnly, missing };
  }
  requireComplete(missing, from);
  const committed: Announced[] = [];
  for (const item of items) {
    committed.push(await submit(session, item, via));
  }
  return { committed, file: null, missing };
}

/**
 * Registers one statement.
 * @throws ApplicationError `KEYS_MISSING` if a required signer's key is not here
 */
export async function register(session: Session, item: Item, via?: string): Promise<Announced> {
  requireComplete(await missingFrom(session, [item]));
  return submit(session, item, via);
}

async function submit(session: Session, item: Item, via: string | undefined): Promise<Announced> {
  return (await session.relay(via)).submitStatements(item);
}

async function missingFrom(session: Session, items: readonly Item[]): Promise<readonly string[]> {
  const missing = await Promise.all(items.map(({ statement }) => missingSignatures(session, statement)));
  return [...new Set(missing.flat())];
}

function requireComplete(missing: readonly string[], from?: string): void {
  if (missing.length > 0) {
    const device = missing.find((signer) => signer.startsWith('device:'))?.slice('device:'.length);
    const lost = device === undefined ? '' : ifLost('device', device);
    throw new ApplicationError(
      'KEYS_MISSING',
      `Signatures are missing of ${missing.join(', ')}: ${from === undefined ? 'write the statement into a file with --sign-only, for them to add theirs with `tracecal statement sign`' : `let them add theirs with \`tracecal statement sign ${from} --as ORGANISATION\``}${lost}.`,
    );
  }
}
