import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { SignerKind } from '@tracecal/core/signing';
import type { KeyFiles } from './keyFiles.js';

/** Properties of a key that is here, found without opening it. */
export interface SurveyedKey {
  readonly kind: SignerKind;
  readonly id: string;
  readonly file: string;
  /** Whether only its owner can read it; always true on a system without such permissions. */
  readonly isPrivate: boolean;
  /** When its certificate ends; undefined if the certificate cannot be read. */
  readonly ends: Date | undefined;
}

const KINDS: readonly SignerKind[] = ['organisation', 'officer', 'technician', 'device'];
const OTHERS = 0o077;

/** All keys in use, by kind and id. Nothing is written, and no key is read. */
export async function surveyKeys(files: KeyFiles): Promise<readonly SurveyedKey[]> {
  const found: SurveyedKey[] = [];
  for (const kind of KINDS) {
    for (const id of await files.ids(kind)) {
      const { key, certificate } = files.paths(kind, id);
      found.push({ kind, id, file: key, isPrivate: await isPrivate(key), ends: await endOf(certificate) });
    }
  }
  return found;
}

async function isPrivate(file: string): Promise<boolean> {
  const { mode } = await stat(file);
  return process.platform === 'win32' || (mode & OTHERS) === 0;
}

async function endOf(file: string): Promise<Date | undefined> {
  try {
    return new Date(new X509Certificate(await readFile(file)).validTo);
  } catch {
    return undefined;
  }
}
