import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IDENTIFIER } from '@tracecal/chaincode/model';
import type { SignerKind } from '@tracecal/chaincode/signing';
import {
  certifyDevice,
  certifyOfficer,
  certifyOrganisation,
  certifyTechnician,
  createCalibrationRoot,
  generateKeyPair,
  privateKeyPem,
  readPrivateKey,
  signerOf,
} from '@tracecal/network/pki';
import type { CalibrationSubject, Issuer } from '@tracecal/network/pki';
import { fileSigner } from '../../client/index.js';
import type { Signer } from '../../client/index.js';
import { CliError } from '../errors.js';

const VALID_DAYS = { organisation: 3650, technician: 1825, officer: 1825, device: 1825 } as const;
const KEY_ENDING = '.key.pem';
const DAY_MS = 86_400_000;
const DEFAULT_HEAD_START_MS = 1825 * DAY_MS;

/**
 * The keys of the calibration chain that this directory holds, each a PEM file that only its owner can read, with its
 * certificate beside it. A key is never replaced. A certificate is, if another issuer is to certify the key: the registry
 * refused the first attempt, for callers ask for certificates only of what is not registered yet.
 */
export class CalibrationKeys {
  readonly #folder: string;
  readonly #validFrom: Date;

  /**
   * @param validFrom - From when certificates hold: some time before they are made, because reports of calibrations that were
   * done earlier are registered too.
   */
  constructor(folder: string, validFrom = new Date(Date.now() - DEFAULT_HEAD_START_MS)) {
    this.#folder = folder;
    this.#validFrom = validFrom;
  }

  /** An organisation's certificate (DER, base64): an NMI's is self-signed, another's is made with its certifier's key. */
  async organisation(id: string, certifiedBy: string | null): Promise<string> {
    if (certifiedBy === null) {
      return this.#certificate('organisation', id, id, null, createCalibrationRoot);
    }
    const issuer = await this.#issuer('organisation', certifiedBy);
    return this.#certificate('organisation', id, id, issuer, (subject) => certifyOrganisation(issuer, subject));
  }

  async technician(id: string, organisation: string): Promise<string> {
    const issuer = await this.#issuer('organisation', organisation);
    return this.#certificate('technician', id, organisation, issuer, (subject) => certifyTechnician(issuer, subject));
  }

  /** An officer signs in the organisation's name, whose own key can then stay offline. */
  async officer(id: string, organisation: string): Promise<string> {
    const issuer = await this.#issuer('organisation', organisation);
    return this.#certificate('officer', id, organisation, issuer, (subject) => certifyOfficer(issuer, subject));
  }

  /** Imprinting: the technician certifies the device's new key. */
  async device(id: string, organisation: string, technician: string): Promise<string> {
    const issuer = await this.#issuer('technician', technician);
    return this.#certificate('device', id, organisation, issuer, (subject) => certifyDevice(issuer, subject));
  }

  /** Who can sign as this organisation, technician, officer or device. @throws CliError `KEYS_MISSING` */
  signer(kind: SignerKind, id: string): Promise<Signer> {
    this.#require(kind, id);
    return fileSigner({ key: this.#keyFile(kind, id), certificate: this.#certificateFile(kind, id) });
  }

  has(kind: SignerKind, id: string): boolean {
    return existsSync(this.#keyFile(kind, id)) && existsSync(this.#certificateFile(kind, id));
  }

  async #certificate(
    kind: SignerKind,
    id: string,
    organisation: string,
    issuer: Issuer | null,
    certify: (subject: CalibrationSubject, sign: Issuer['sign']) => Promise<string>,
  ): Promise<string> {
    if (!IDENTIFIER.test(id)) {
      throw new CliError(
        'INPUT_INVALID',
        `${JSON.stringify(id.slice(0, 40))} cannot be the id of ${kind.startsWith('o') ? 'an' : 'a'} ${kind}: letters, digits and . _ : + - / can.`,
      );
    }
    await this.#refuseTwin(kind, id);
    if (!this.has(kind, id) || !(await this.#isIssuedBy(kind, id, issuer))) {
      const privateKey = await this.#key(kind, id);
      const validity = { notBefore: this.#validFrom, notAfter: new Date(Date.now() + VALID_DAYS[kind] * DAY_MS) };
      const subject = { id, organisation, publicKey: createPublicKey(privateKey), validity };
      const pem = await certify(subject, signerOf(privateKey));
      await writeOnce(this.#certificateFile(kind, id), pem, 0o644);
    }
    const pem = await readFile(this.#certificateFile(kind, id), 'utf8');
    return new X509Certificate(pem).raw.toString('base64');
  }

  async #isIssuedBy(kind: SignerKind, id: string, issuer: Issuer | null): Promise<boolean> {
    const certificate = new X509Certificate(await readFile(this.#certificateFile(kind, id), 'utf8'));
    const authority = issuer === null ? certificate : new X509Certificate(issuer.certificate);
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  }

  async #key(kind: SignerKind, id: string) {
    const path = this.#keyFile(kind, id);
    if (!existsSync(path)) {
      await writeOnce(path, privateKeyPem(generateKeyPair().privateKey), 0o600);
    }
    return readPrivateKey(await readFile(path, 'utf8'));
  }

  /** Ids that differ only by case would share one file where the disk does not tell them apart. */
  async #refuseTwin(kind: SignerKind, id: string): Promise<void> {
    const own = basename(this.#keyFile(kind, id));
    const names: readonly string[] = await readdir(dirname(this.#keyFile(kind, id))).catch(() => []);
    const twin = names.find((name) => name.toLowerCase() === own.toLowerCase());
    if (twin !== undefined && !names.includes(own)) {
      const other = decodeURIComponent(twin.slice(0, -KEY_ENDING.length));
      throw new CliError(
        'INPUT_INVALID',
        `${id} differs only by case from ${other}, the id of ${kind.startsWith('o') ? 'an' : 'a'} ${kind} whose key is here: choose another.`,
      );
    }
  }

  async #issuer(kind: SignerKind, id: string): Promise<Issuer> {
    this.#require(kind, id);
    const key = readPrivateKey(await readFile(this.#keyFile(kind, id), 'utf8'));
    return { certificate: await readFile(this.#certificateFile(kind, id), 'utf8'), sign: signerOf(key) };
  }

  #require(kind: SignerKind, id: string): void {
    if (!this.has(kind, id)) {
      throw new CliError('KEYS_MISSING', `It is the key of ${kind} ${id}, looked for in ${this.#folder}.`);
    }
  }

  #keyFile(kind: SignerKind, id: string): string {
    return this.#file(kind, id, KEY_ENDING);
  }

  #certificateFile(kind: SignerKind, id: string): string {
    return this.#file(kind, id, '.cert.pem');
  }

  // Ids may hold slashes and colons, which paths may not.
  #file(kind: SignerKind, id: string, ending: string): string {
    return join(this.#folder, `${kind}s`, `${encodeURIComponent(id)}${ending}`);
  }
}

/** The mode is given at creation and the name at the end: a key is never readable by others, and never half-written. */
async function writeOnce(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
