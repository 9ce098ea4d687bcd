import { existsSync, readFileSync } from 'node:fs';
import { Authority, PkiError, readPrivateKey, signerOf } from '@tracecal/pki';

/** A CA whose key is read only when it signs: in production the key is elsewhere. */
export class AuthorityOnDisk {
  readonly #certificateFile: string;
  readonly #keyFile: string;
  #opened: Authority | undefined;

  constructor(certificateFile: string, keyFile: string) {
    this.#certificateFile = certificateFile;
    this.#keyFile = keyFile;
  }

  get canSign(): boolean {
    return existsSync(this.#certificateFile) && existsSync(this.#keyFile);
  }

  open(purpose: string): Authority {
    if (!this.canSign) {
      throw new PkiError(
        'AUTHORITY_KEY_MISSING',
        `${purpose} is missing and ${this.#keyFile} is not here to certify it; enrol it with the CA that holds that key.`,
      );
    }
    this.#opened ??= new Authority(
      readFileSync(this.#certificateFile, 'utf8'),
      signerOf(readPrivateKey(readFileSync(this.#keyFile, 'utf8'))),
    );
    return this.#opened;
  }
}
