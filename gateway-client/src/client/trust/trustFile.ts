import { isMissing, readBounded } from '../../files/index.js';
import { atomicWrite } from '../atomicWrite.js';
import { clientError } from '../errors.js';
import { parseTrust } from './parseTrust.js';
import { trustText } from './trust.js';
import type { Trust } from './trust.js';

const MAX_BYTES = 16_777_216;

/**
 * Reads a trust file: the roots that an asker trusts.
 *
 * @example
 * const trust = await readTrustFile('.tracecal/trust.json');
 * console.log(trust.roots.map(({ name }) => name));
 *
 * @throws TraceCalError `TRUST_MISSING` if there is no such file, `TRUST_INVALID` with the fault in it
 */
export async function readTrustFile(path: string): Promise<Trust> {
  const text = await readText(path);
  try {
    return parseTrust(text);
  } catch (cause) {
    throw clientError('TRUST_INVALID', `${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a trust file completely or not at all. @throws TraceCalError `TRUST_UNCHANGED` */
export async function writeTrustFile(path: string, trust: Trust): Promise<void> {
  try {
    await atomicWrite(path, `${trustText(trust)}\n`);
  } catch (cause) {
    throw clientError('TRUST_UNCHANGED', reasonOf(cause), { cause });
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readBounded(path, MAX_BYTES).catch((cause: unknown) => {
    throw isMissing(cause)
      ? clientError('TRUST_MISSING', path, { cause })
      : clientError('TRUST_INVALID', `${path}: ${reasonOf(cause)}`, { cause });
  });
  if (bytes.length > MAX_BYTES) {
    throw clientError('TRUST_INVALID', `${path}: it is larger than ${MAX_BYTES} bytes.`);
  }
  return bytes.toString('utf8');
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
