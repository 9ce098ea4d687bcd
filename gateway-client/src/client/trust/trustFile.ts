import { open } from 'node:fs/promises';
import { atomicWrite } from '../atomicWrite.js';
import { clientError } from '../errors.js';
import { parseTrust } from './parseTrust.js';
import { trustText } from './trust.js';
import type { Trust } from './trust.js';

const MAX_BYTES = 1_048_576;

/**
 * Reads whom an asker trusts.
 *
 * @example
 * const trust = await readTrustFile('.tracecal/trust.json');
 * console.log(trust.roots.map(({ name }) => name));
 *
 * @throws TraceCalError `TRUST_MISSING` if there is no such file, `TRUST_INVALID` with what is wrong in it
 */
export async function readTrustFile(path: string): Promise<Trust> {
  const text = await readText(path);
  try {
    return parseTrust(text);
  } catch (cause) {
    throw clientError('TRUST_INVALID', `${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a trust file whole or not at all. @throws TraceCalError `TRUST_UNCHANGED` */
export async function writeTrustFile(path: string, trust: Trust): Promise<void> {
  try {
    await atomicWrite(path, `${trustText(trust)}\n`);
  } catch (cause) {
    throw clientError('TRUST_UNCHANGED', `${path} cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

/** Also where a file lies in the path of the folder. */
const MISSING = ['ENOENT', 'ENOTDIR'];

async function readText(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      return await textOf(file.createReadStream({ end: MAX_BYTES }));
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw MISSING.includes(code)
      ? clientError('TRUST_MISSING', path, { cause })
      : clientError('TRUST_INVALID', `${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Reads no further than the limit: a device has no size to look at first. */
async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    chunks.push(bytes);
  }
  if (size > MAX_BYTES) {
    throw new Error(`it is larger than ${MAX_BYTES} bytes.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
