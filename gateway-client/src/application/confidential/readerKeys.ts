import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_READER_KEY_CHARACTERS } from '@tracecal/core/trace';
import type { SignedReaderKey } from '@tracecal/core/trace';
import { privateKeyPem } from '@tracecal/pki';
import { newReaderKey, publicReaderKey, readerKeyId, readerKeyText } from '../../client/index.js';
import { atomicWrite, makeFolder } from '../../client/atomicWrite.js';
import { exactText } from '../../client/exactText.js';
import { readKeyFile } from '../../client/keyFile.js';
import { writePrivate } from '../files/writePrivate.js';

const KEY_ENDING = '.key.pem';
const PUBLIC_ENDING = '.reader.json';

/**
 * Keys of readers of confidential results: private ones of this user's organisations beside their other keys, and public ones, signed by
 * officers, of all whom something is encrypted to. No private key is ever deleted: what was encrypted to an older one stays readable.
 */
export class ReaderKeys {
  readonly #private: string;
  readonly #public: string;

  constructor(keysFolder: string, contentFolder: string) {
    this.#private = join(keysFolder, 'readers');
    this.#public = join(contentFolder, 'readers');
  }

  /**
   * The private key of an organisation in use.
   *
   * @param isNew - Makes another one, which takes the place of that in use.
   */
  async own(organisation: string, isNew = false): Promise<KeyObject> {
    const path = join(this.#folderOf(organisation), `current${KEY_ENDING}`);
    if (existsSync(path)) {
      const current = await readKeyFile(path);
      if (!isNew) {
        return current;
      }
      const name = `${readerKeyId(publicReaderKey(current))}${KEY_ENDING}`;
      await writePrivate(join(this.#folderOf(organisation), name), privateKeyPem(current));
    }
    const key = newReaderKey();
    await writePrivate(path, privateKeyPem(key));
    return key;
  }

  /**
   * All private keys that are here, also older ones.
   *
   * @param organisation - Only of this one.
   * @throws TraceCalError `KEY_EXPOSED`, `KEY_INVALID`
   */
  async all(organisation?: string): Promise<readonly KeyObject[]> {
    const found: KeyObject[] = [];
    for (const owner of await this.owners()) {
      const names = organisation === undefined || owner === organisation ? await namesIn(this.#folderOf(owner)) : [];
      for (const name of names.filter((each) => each.endsWith(KEY_ENDING))) {
        found.push(await readKeyFile(join(this.#folderOf(owner), name)));
      }
    }
    return found;
  }

  /** The organisations whose private keys are here. */
  async owners(): Promise<readonly string[]> {
    return (await namesIn(this.#private)).map(decodeURIComponent).sort();
  }

  /** Keeps the public key of a reader, in place of an older one. */
  async keep(key: SignedReaderKey): Promise<void> {
    await makeFolder(this.#public, 0o700);
    await atomicWrite(this.#publicFile(key.content.organisation), readerKeyText(key), { mode: 0o600 });
  }

  /** The text of the public key of a reader, as it was signed; undefined if it is not here. */
  async signed(organisation: string): Promise<string | undefined> {
    const path = this.#publicFile(organisation);
    return existsSync(path) ? exactText(path, MAX_READER_KEY_CHARACTERS) : undefined;
  }

  /** The organisations whose public keys are here. */
  async known(): Promise<readonly string[]> {
    return (await namesIn(this.#public))
      .filter((name) => name.endsWith(PUBLIC_ENDING))
      .map((name) => decodeURIComponent(name.slice(0, -PUBLIC_ENDING.length)))
      .sort();
  }

  #folderOf(organisation: string): string {
    return join(this.#private, encodeURIComponent(organisation));
  }

  #publicFile(organisation: string): string {
    return join(this.#public, `${encodeURIComponent(organisation)}${PUBLIC_ENDING}`);
  }
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
