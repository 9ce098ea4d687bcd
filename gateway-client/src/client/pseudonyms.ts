import { randomBytes } from 'node:crypto';
import { canonicalJson, instantOf, RegistryError, shapeOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import {
  newPseudonym as pseudonymWith,
  openingOf,
  openingShape,
  openPseudonym,
  readPseudonymFile,
  unverifiedOpening,
} from '@tracecal/core/pseudonym';
import type {
  OpenedPseudonym,
  Opening,
  OpeningSpec,
  PseudonymFile,
  PseudonymSpec,
  SignedOpening,
} from '@tracecal/core/pseudonym';
import { jwsPayload } from '@tracecal/core/signing';
import { voiceOf } from '@tracecal/core/trace';
import { readSecretFile } from './keyFile.js';
import { registrySource } from './registrySource.js';
import type { RecordQueries } from './registrySource.js';
import { nameOfSigner, signatureOf } from './signer.js';
import type { Signer } from './signer.js';

/**
 * A new pseudonym for a device or an organisation. Keep what is returned, and show it to nobody: it alone can open the pseudonym.
 *
 * @param spec - The facts to withhold, and who may learn which.
 * @returns With the id under which to register it, and the `pseudonym` of its statement.
 * @throws RegistryError `INPUT_INVALID`
 * @example
 * const file = newPseudonym({
 *   registry: await tracecal.registry(), kind: 'device', certifier: 'nmi-north', otherwise: 'parties', scopes: { model: 'members' },
 *   facts: { manufacturer: 'Example', model: 'Fixed point', serial: '0815' },
 * });
 */
export function newPseudonym(spec: PseudonymSpec): PseudonymFile {
  return pseudonymWith(spec, () => randomBytes(32).toString('base64url'));
}

/** More bytes than the longest file of a pseudonym has. */
const MAX_FILE_BYTES = 65_536;

/**
 * Reads what the certifier keeps of a pseudonym, from a file that only its owner can read.
 *
 * @throws TraceCalError `KEY_EXPOSED`, `KEY_INVALID` if it cannot be read; RegistryError `INPUT_INVALID`. No message tells a fact
 */
export async function readPseudonym(path: string): Promise<PseudonymFile> {
  return readPseudonymFile(await readSecretFile(path, MAX_FILE_BYTES));
}

/**
 * Signs an opening, as an officer of the certifier or with its own key.
 *
 * @param file - What the certifier keeps of the pseudonym.
 * @param spec - Who is to learn which facts; by default now.
 * @throws TraceCalError `SIGNER_INVALID`; RegistryError `INPUT_INVALID`, `NOT_AUTHORISED`
 * @example
 * const file = await readPseudonym('gold.pseudonym.json');
 * const opening = await signOpening(file, { to: 'lab-beta', facts: ['serial'] }, officer);
 * console.log(openingText(opening));
 */
export async function signOpening(
  file: PseudonymFile,
  { date = instantOf(Date.now()), ...spec }: Omit<OpeningSpec, 'date'> & { readonly date?: Instant },
  signer: Signer,
): Promise<SignedOpening> {
  const name = nameOfSigner(signer);
  if (voiceOf(name) !== file.certifier) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${file.id} is opened by an officer of ${file.certifier}, not by ${name}.`,
    );
  }
  const content = shapeOf<Opening>(openingShape, 'opening', openingOf(file, { date, ...spec }));
  const payload = jwsPayload(content);
  return unverifiedOpening({ payload, signatures: [await signatureOf(signer, payload)] });
}

/** The content of an opening's file. */
export function openingText({ jws }: SignedOpening): string {
  return `${canonicalJson(jws)}\n`;
}

/** How an opening is to be checked. */
export interface OpeningQuestion {
  /** The registry's channel. */
  readonly channel: string;
  /** SHA-256 of the roots that are trusted, hex; absent: any institute of the registry. */
  readonly roots?: readonly string[];
}

/**
 * Checks an opening against the registry as peers answer now: whether the facts are what was registered, and by whose word.
 *
 * @param opening - The text of its file.
 * @throws RegistryError with the first thing that does not hold; TraceCalError as other queries
 * @example
 * const { facts, signer } = await verifyOpening(await readFile('opening.json', 'utf8'), tracecal, { channel: 'calibration' });
 */
export function verifyOpening(
  opening: string,
  reader: RecordQueries,
  { channel, roots }: OpeningQuestion,
): Promise<OpenedPseudonym> {
  return openPseudonym(opening, registrySource(reader, channel), { asOf: instantOf(Date.now()), roots });
}
