import { registrantOf } from '@tracecal/core/model';
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

/** Error: a key is not here. Says what to do: it may not exist yet, or be in another data directory. */
export function missingKey(kind: SignerKind, id: string, folder: string): ApplicationError {
  return new ApplicationError(
    'KEYS_MISSING',
    `No key for ${kind} ${id} is in ${folder}. ${ifNotHere(kind, id)}; otherwise its holder must do this, or sign a file (--sign-only).`,
  );
}

interface Certified {
  readonly kind: SignerKind;
  readonly id: string;
  /** Whether a new key is to be certified although the holder has one. */
  readonly isFurther: boolean;
}

/** Error: the key that certifies another one is not here. That of another organisation never is: it gets a request. */
export function missingCertifier(
  by: { readonly kind: SignerKind; readonly id: string },
  { kind, id, isFurther }: Certified,
  folder: string,
): ApplicationError {
  const request = `make a request with \`tracecal ${requestOf(kind, id, isFurther)}\`, have ${by.id} certify it, and install the certificate with \`tracecal certificate install ${kind} CERTIFICATE\``;
  const isOwn = registrantOf(by.id) === registrantOf(id);
  const remedy = isOwn ? `. ${ifNotHere(by.kind, by.id)}; otherwise ${request}` : `: ${request}`;
  return new ApplicationError(
    'KEYS_MISSING',
    `No key for ${by.kind} ${by.id} is in ${folder}, to certify ${id}${remedy}.`,
  );
}

/** The command that makes a request for a certificate. */
export function requestOf(kind: SignerKind, id: string, newKey: boolean): string {
  return `certificate request ${kind} ${id}${newKey ? ' --new-key' : ''} --output FILE`;
}

function ifNotHere(kind: SignerKind, id: string): string {
  return `If it is not registered yet, use \`tracecal ${REGISTRATION[kind]} ${id}\` first${ifLost(kind, id)}`;
}
