import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { readCertificate } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import { TraceCalError } from '../../client/index.js';
import type { KeyFiles } from './keyFiles.js';

/** Properties of a key that is here. */
export interface SurveyedKey {
  readonly kind: SignerKind;
  readonly id: string;
  readonly file: string;
  /** Whether only its owner can read it; always true on a system without such permissions. */
  readonly isPrivate: boolean;
  /** When its certificate ends; undefined if the certificate cannot be read. */
  readonly ends: Date | undefined;
  /** Why nobody can sign with it: it cannot be read, is not the key of its certificate, or that names somebody else. */
  readonly flaw: string | undefined;
}

const KINDS: readonly SignerKind[] = ['organisation', 'officer', 'technician', 'device'];
const OTHERS = 0o077;

/** All keys in use, by kind and id. Nothing is written. */
export async function surveyKeys(files: KeyFiles): Promise<readonly SurveyedKey[]> {
  const found: SurveyedKey[] = [];
  for (const kind of KINDS) {
    for (const id of await files.ids(kind)) {
      const { key, certificate } = files.paths(kind, id);
      const ends = await endOf(certificate);
      const flaw = ends && (await flawOf(files, kind, id));
      found.push({ kind, id, file: key, isPrivate: await isPrivate(key), ends, flaw });
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

async function flawOf(files: KeyFiles, kind: SignerKind, id: string): Promise<string | undefined> {
  const certificate = new X509Certificate(await files.certificate(kind, id));
  if (nameIn(certificate, kind) !== id) {
    return 'its certificate names somebody else';
  }
  try {
    return (await files.key(kind, id, 'current')).publicKey.equals(certificate.publicKey)
      ? undefined
      : 'it is not that of its certificate';
  } catch (error) {
    const isInToken = (await files.tokenName(kind, id)) !== undefined;
    return isInToken && error instanceof TraceCalError
      ? `its token cannot be used: ${error.message}`
      : 'it cannot be read';
  }
}

function nameIn(certificate: X509Certificate, kind: SignerKind): string | undefined {
  try {
    return readCertificate(certificate.raw.toString('base64'), kind).id;
  } catch {
    return undefined;
  }
}
