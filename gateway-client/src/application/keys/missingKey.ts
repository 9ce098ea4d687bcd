import type { SignerKind } from '@tracecal/core/signing';
import { ApplicationError } from '../errors.js';

/** The command that makes the key of a kind, if it is not registered yet. */
const REGISTRATION: Readonly<Record<SignerKind, string>> = {
  organisation: 'org add',
  officer: 'officer add',
  technician: 'technician add',
  device: 'device add',
};

/** The command that replaces a lost key of a kind; an officer is replaced by another one. */
const REPLACEMENT: Partial<Readonly<Record<SignerKind, (id: string) => string>>> = {
  organisation: (id) => `org renew ${id}`,
  technician: (id) => `technician authorise ${id} --new-key`,
  device: (id) => `device renew ${id} --new-key`,
};

/** What to do if the key of a kind was lost, to follow a sentence about the missing key. */
export function ifLost(kind: SignerKind, id: string): string {
  const command = REPLACEMENT[kind]?.(id);
  return command === undefined ? '' : `; if the key was lost, replace it with \`tracecal ${command}\``;
}

interface Wanted {
  /** What the key would certify. */
  readonly toCertify?: string;
  /** The remedy if the key exists somewhere else. */
  readonly elsewhere?: string;
}

/** Error: a key is not here. Says what to do: it may not exist yet, or be in another data directory. */
export function missingKey(kind: SignerKind, id: string, folder: string, wanted: Wanted = {}): ApplicationError {
  const { toCertify, elsewhere = 'its holder must do this, or sign a file (--sign-only)' } = wanted;
  const what = toCertify === undefined ? '' : `, to certify ${toCertify}`;
  return new ApplicationError(
    'KEYS_MISSING',
    `No key for ${kind} ${id} is in ${folder}${what}. If it is not registered yet, use \`tracecal ${REGISTRATION[kind]} ${id}\` first${ifLost(kind, id)}; otherwise ${elsewhere}.`,
  );
}
