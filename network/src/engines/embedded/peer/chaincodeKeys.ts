import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaincodeTls } from '../../../chaincode/index.js';
import { PRIVATE } from '../../../system/atomicWrite.js';

const OWNER_ONLY = 0o700;

/** Hands a server its key in a file, which exists only until the server listens: fabric-shim reads it before that. */
export class ChaincodeKeys {
  readonly #folder: string;

  constructor(parent: string, { ca, server }: ChaincodeTls) {
    mkdirSync(parent, { recursive: true, mode: OWNER_ONLY });
    this.#folder = mkdtempSync(join(parent, 'keys-'));
    const contents = { 'ca.crt': ca, 'server.crt': server.certificate, 'server.key': server.privateKey };
    for (const [name, content] of Object.entries(contents)) {
      writeFileSync(join(this.#folder, name), content, { mode: PRIVATE });
    }
  }

  /** The server's options with the paths of the files. */
  get arguments(): readonly string[] {
    return [
      `--chaincode-tls-cert-file=${join(this.#folder, 'server.crt')}`,
      `--chaincode-tls-key-file=${join(this.#folder, 'server.key')}`,
      `--chaincode-tls-client-cacert-file=${join(this.#folder, 'ca.crt')}`,
    ];
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
