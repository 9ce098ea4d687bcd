import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atomicWrite } from '../client/atomicWrite.js';
import { DccError, quoted } from './errors.js';

/** Stores files by the SHA-256 of their bytes, and returns them byte for byte. A digest is 64 lower-case hex digits. */
export interface ContentStore {
  /** Stores the bytes permanently; returns their digest. Storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<string>;

  /**
   * The bytes with this digest, which is computed again on every reading.
   *
   * @throws DccError `STORE_NOT_FOUND`, `STORE_DAMAGED`, `STORE_UNUSABLE`
   */
  get(sha256: string): Promise<Uint8Array>;

  has(sha256: string): Promise<boolean>;
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** A content store in a folder: the file of digest `abcd...` is `ab/cd/abcd...`. */
export class DirectoryStore implements ContentStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = sha256Hex(bytes);
    const path = this.#pathOf(sha256);
    try {
      if (!(await this.#isIntact(path, sha256))) {
        await mkdir(dirname(path), { recursive: true });
        await atomicWrite(path, bytes);
      }
    } catch (cause) {
      throw new DccError('STORE_UNUSABLE', path, { cause });
    }
    return sha256;
  }

  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await readIfThere(this.#pathOf(sha256));
    if (!bytes) {
      throw new DccError('STORE_NOT_FOUND', sha256);
    }
    if (sha256Hex(bytes) !== sha256) {
      throw new DccError('STORE_DAMAGED', sha256);
    }
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    const path = this.#pathOf(sha256);
    try {
      return (await stat(path)).isFile();
    } catch (error) {
      if (isAbsent(error)) {
        return false;
      }
      throw new DccError('STORE_UNUSABLE', path, { cause: error });
    }
  }

  /** A digest becomes part of a path, so nothing else is accepted. */
  #pathOf(sha256: string): string {
    if (!SHA256_HEX.test(sha256)) {
      throw new DccError('STORE_NOT_FOUND', `${quoted(sha256)} is not a SHA-256 digest.`);
    }
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** A damaged file is replaced when the same bytes are stored again. */
  async #isIntact(path: string, sha256: string): Promise<boolean> {
    const kept = await readIfThere(path);
    return kept !== null && sha256Hex(kept) === sha256;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) {
      return null;
    }
    throw new DccError('STORE_UNUSABLE', path, { cause: error });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
