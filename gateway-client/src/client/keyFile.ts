import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { clientError } from './errors.js';

const READABLE_BY_OTHERS = 0o077;
const MAX_BYTES = 16_384;

/**
 * Reads an unencrypted P-256 private key in PEM form from a file that only its owner can read.
 * @throws TraceCalError `KEY_EXPOSED` or `KEY_INVALID`; no message ever repeats the file's content
 */
export async function readKeyFile(path: string): Promise<KeyObject> {
  const pem = await readPrivately(path);
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is omitted on purpose: it may quote key material.
    throw clientError('KEY_INVALID', path);
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw clientError('KEY_INVALID', path);
  }
  return key;
}

/**
 * Reads a file that holds a secret, and that only its owner can read.
 * @throws TraceCalError `KEY_EXPOSED`, `KEY_INVALID` if it cannot be read or is too long; no message ever repeats its content
 */
export async function readSecretFile(path: string, maxBytes: number): Promise<string> {
  return (await readPrivately(path, maxBytes)).toString('utf8');
}

async function readPrivately(path: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw clientError('KEY_INVALID', `${path} cannot be read.`, { cause });
  });
  try {
    // Checks the opened file, not the path, so that the file cannot be replaced in between.
    const { mode, size } = await file.stat();
    if (process.platform !== 'win32' && (mode & READABLE_BY_OTHERS) !== 0) {
      throw clientError('KEY_EXPOSED', path);
    }
    if (size > maxBytes) {
      throw clientError('KEY_INVALID', path);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
