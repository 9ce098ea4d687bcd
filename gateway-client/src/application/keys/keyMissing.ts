import type { SignerKind } from '@tracecal/core/signing';
import { ApplicationError } from '../errors.js';

const ADDS: Readonly<Record<SignerKind, string>> = {
  organisation: 'org add',
  officer: 'officer add',
  technician: 'technician add',
  device: 'device add',
};

/** A key that has to sign is not here: because it was never made, or because somebody else has it. */
export function keyMissing(kind: SignerKind, id: string, folder: string): ApplicationError {
  return new ApplicationError(
    'KEYS_MISSING',
    `No key for ${kind} ${id} is in ${folder}: if it is not registered yet, run \`tracecal ${ADDS[kind]} ${id}\`; otherwise ask its holder to run this.`,
  );
}
