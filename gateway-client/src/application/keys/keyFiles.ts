import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IDENTIFIER, ORGANISATION_ID, OWNED_ID } from '@tracecal/core/model';
import type { SignerKind } from '@tracecal/core/signing';
import { isMissing } from '../../files/index.js';
import { fileSigner, signerFrom, TraceCalError } from '../../client/index.js';
import type { Signer } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { writePrivate } from '../files/writePrivate.js';
import { heldKey, tokenNameIn } from './heldKey.js';
import type { HeldKey } from './heldKey.js';

/** `current` is in use; `next` replaces it once the registry has it. */
export type Place = 'current' | 'next';

const KEY_ENDING = '.key.pem';
const CERTIFICATE_ENDING = '.cert.pem';
/** Folders inside the folder of a kind. Key files always have an extension, so no id collides with these names. */
const NEXT = 'next';
const PREVIOUS = 'previous';

/**
 * Keys and certificates as files: a folder for each kind, a file for each key that only its owner can read: PEM, or the name of a key in a token. No private key is ever
 * deleted: a replaced one is moved to `previous`.
 */
export class KeyFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether a key is here with its certificate. */
  has(kind: SignerKind, id: string, place: Place = 'current'): boolean {
    return this.hasKey(kind, id, place) && existsSync(this.#certificateFile(kind, id, place));
  }

  hasKey(kind: SignerKind, id: string, place: Place): boolean {
    return existsSync(this.#keyFile(kind, id, place));
  }

  /** Where the key in use and its certificate are. */
  paths(kind: SignerKind, id: string): { readonly key: string; readonly certificate: string } {
    return { key: this.#keyFile(kind, id, 'current'), certificate: this.#certificateFile(kind, id, 'current') };
  }

  async key(kind: SignerKind, id: string, place: Place): Promise<HeldKey> {
    return heldKey(await this.#keyText(kind, id, place));
  }

  /** The name of the key in use in its token; undefined if it is in its file. */
  async tokenName(kind: SignerKind, id: string): Promise<string | undefined> {
    return tokenNameIn(await this.#keyText(kind, id, 'current'));
  }

  /** PEM. */
  certificate(kind: SignerKind, id: string, place: Place = 'current'): Promise<string> {
    return readFile(this.#certificateFile(kind, id, place), 'utf8');
  }

  /** DER, base64. */
  async der(kind: SignerKind, id: string, place: Place = 'current'): Promise<string> {
    return new X509Certificate(await this.certificate(kind, id, place)).raw.toString('base64');
  }

  async signer(kind: SignerKind, id: string, place: Place = 'current'): Promise<Signer> {
    const files = { key: this.#keyFile(kind, id, place), certificate: this.#certificateFile(kind, id, place) };
    const token = tokenNameIn(await this.#keyText(kind, id, place));
    try {
      return await (token === undefined ? fileSigner(files) : tokenSigner(token, files.certificate));
    } catch (cause) {
      if (cause instanceof TraceCalError && cause.code === 'SIGNER_INVALID') {
        const why = `${cause.message} Put a key and its certificate back from ${this.#previousFolder(kind, id)} or a backup, or install a certificate for this key with \`tracecal certificate install\`.`;
        throw new ApplicationError('KEYS_MISSING', why, { cause });
      }
      throw cause;
    }
  }

  /** Whether the waiting key differs from the one in use. If it is the same, only a new certificate waits. */
  async isNewKey(kind: SignerKind, id: string): Promise<boolean> {
    return (
      !this.hasKey(kind, id, 'current') ||
      !(await this.key(kind, id, 'next')).publicKey.equals((await this.key(kind, id, 'current')).publicKey)
    );
  }

  async writeKey(kind: SignerKind, id: string, place: Place, { text }: Pick<HeldKey, 'text'>): Promise<void> {
    await writePrivate(this.#keyFile(kind, id, place), text);
  }

  writeCertificate(kind: SignerKind, id: string, place: Place, pem: string): Promise<void> {
    return writePrivate(this.#certificateFile(kind, id, place), pem);
  }

  /** Replaces the key and certificate in use by the next ones. */
  async takeNext(kind: SignerKind, id: string): Promise<void> {
    await this.#keep(kind, id, 'current');
    await rename(this.#keyFile(kind, id, 'next'), this.#keyFile(kind, id, 'current'));
    await this.finishTakeNext(kind, id);
  }

  /** A waiting certificate without its key means that the key was already moved: finish {@link takeNext}. */
  async finishTakeNext(kind: SignerKind, id: string): Promise<void> {
    if (!this.hasKey(kind, id, 'next')) {
      await ignoreIfNotFound(
        rename(this.#certificateFile(kind, id, 'next'), this.#certificateFile(kind, id, 'current')),
      );
    }
  }

  /** Removes the waiting key and certificate. */
  async dropNext(kind: SignerKind, id: string): Promise<void> {
    await this.#keep(kind, id, 'next');
    await rm(this.#certificateFile(kind, id, 'next'), { force: true });
    await rm(this.#keyFile(kind, id, 'next'), { force: true });
  }

  /** Ids of a kind whose keys are here, sorted. */
  async ids(kind: SignerKind): Promise<readonly string[]> {
    return (await this.#names(kind))
      .filter((name) => name.endsWith(KEY_ENDING))
      .map((name) => decodeURIComponent(name.slice(0, -KEY_ENDING.length)))
      .filter((id) => this.has(kind, id))
      .sort();
  }

  /**
   * Refuses invalid ids, and ids that differ only by case from one whose key is here: on a case-insensitive disk they would share a file.
   *
   * @throws ApplicationError `INPUT_INVALID`
   */
  async requireOwnFile(kind: SignerKind, id: string): Promise<void> {
    requireId(kind, id);
    const own = basename(this.#keyFile(kind, id, 'current'));
    const names = await this.#names(kind);
    const twin = names.find((name) => name.toLowerCase() === own.toLowerCase());
    if (twin !== undefined && !names.includes(own)) {
      const other = decodeURIComponent(twin.slice(0, -KEY_ENDING.length));
      throw new ApplicationError(
        'INPUT_INVALID',
        `${id} differs only by case from ${other}, the id of ${article(kind)} whose key is here: choose another.`,
      );
    }
  }

  async #names(kind: SignerKind): Promise<readonly string[]> {
    return readdir(dirname(this.#keyFile(kind, '', 'current'))).catch(() => []);
  }

  /** Copies files that are about to be replaced to a place where nothing is overwritten. */
  async #keep(kind: SignerKind, id: string, place: Place): Promise<void> {
    if (!this.hasKey(kind, id, place)) {
      return;
    }
    const text = await this.#keyText(kind, id, place);
    const certificate = this.has(kind, id, place) ? await this.certificate(kind, id, place) : '';
    // What a token's key is called identifies it enough here: the token need not answer when another key replaces it.
    const identity = tokenNameIn(text) ?? (await heldKey(text)).publicKey.export({ type: 'spki', format: 'der' });
    const name = createHash('sha256').update(identity).update(certificate).digest('hex');
    const kept = join(this.#previousFolder(kind, id), name);
    await writePrivate(`${kept}${KEY_ENDING}`, text);
    if (certificate !== '') {
      await writePrivate(`${kept}${CERTIFICATE_ENDING}`, certificate);
    }
  }

  #keyText(kind: SignerKind, id: string, place: Place): Promise<string> {
    return readFile(this.#keyFile(kind, id, place), 'utf8');
  }

  #previousFolder(kind: SignerKind, id: string): string {
    return join(this.folder, `${kind}s`, PREVIOUS, encodeURIComponent(id));
  }

  #keyFile(kind: SignerKind, id: string, place: Place): string {
    return this.#file(kind, id, place, KEY_ENDING);
  }

  #certificateFile(kind: SignerKind, id: string, place: Place): string {
    return this.#file(kind, id, place, CERTIFICATE_ENDING);
  }

  // Ids hold slashes and colons, which file names must not.
  #file(kind: SignerKind, id: string, place: Place, ending: string): string {
    return join(this.folder, `${kind}s`, place === 'next' ? NEXT : '', `${encodeURIComponent(id)}${ending}`);
  }
}

/** Opens the token for each signature: nobody closes the keys of a data directory. */
async function tokenSigner(name: string, certificateFile: string): Promise<Signer> {
  const open = () => signerFrom(name, { certificate: certificateFile });
  const opened = await open();
  await opened.close();
  return {
    certificate: opened.certificate,
    async sign(bytes) {
      const signer = await open();
      try {
        return await signer.sign(bytes);
      } finally {
        await signer.close();
      }
    },
  };
}

/** Ignores a missing file: another process may have moved it meanwhile. */
async function ignoreIfNotFound(done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
}

/** @throws ApplicationError `INPUT_INVALID` */
export function requireId(kind: SignerKind, id: string): void {
  const pattern = kind === 'organisation' ? ORGANISATION_ID : OWNED_ID;
  if (!IDENTIFIER.test(id) || !pattern.test(id)) {
    const like =
      kind === 'organisation'
        ? 'letters (A-Z, a-z), digits and . _ - can'
        : 'it begins with its organisation, like lab-alpha/t-1';
    throw new ApplicationError(
      'INPUT_INVALID',
      `${JSON.stringify(id.slice(0, 80))} cannot be the id of ${article(kind)}: ${like}.`,
    );
  }
}

function article(kind: SignerKind): string {
  return `${kind.startsWith('o') ? 'an' : 'a'} ${kind}`;
}
