import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IDENTIFIER, ORGANISATION_ID, OWNED_ID } from '@tracecal/chaincode/model';
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
import { writePrivate } from './writePrivate.js';

const VALID_DAYS = { organisation: 3650, technician: 1825, officer: 1825, device: 1825 } as const;
const KEY_ENDING = '.key.pem';
const CERTIFICATE_ENDING = '.cert.pem';
/** Between an id and an ending: a key that is to take the place of the one in use. */
const NEXT = '.next';
const DAY_MS = 86_400_000;
const DEFAULT_HEAD_START_MS = 1825 * DAY_MS;

type Certify = (subject: CalibrationSubject, sign: Issuer['sign']) => Promise<string>;

/** A new key of somebody who has one already. */
export interface Renewal {
  /** DER, base64. */
  readonly certificate: string;
  readonly signer: Signer;
  /** Puts it in the place of the old one, once it is registered. */
  readonly take: () => Promise<void>;
}

/**
 * The keys of the calibration chain that this directory holds, each a PEM file that only its owner can read, with its
 * certificate beside it. A certificate is made anew if another issuer is to certify the key: the registry refused the first
 * attempt, because callers ask for certificates only of what is not registered yet.
 */
export class CalibrationKeys {
  readonly folder: string;
  readonly #validFrom: Date;

  /**
   * @param validFrom - From when certificates hold: some time before they are made, because reports of calibrations that were
   * done earlier are registered too.
   */
  constructor(folder: string, validFrom = new Date(Date.now() - DEFAULT_HEAD_START_MS)) {
    this.folder = folder;
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

  /** A further key of a technician or an officer; the one in use stays until {@link Renewal.take}. */
  async renewal(role: 'technician' | 'officer', id: string, organisation: string): Promise<Renewal> {
    const issuer = await this.#issuer('organisation', organisation);
    const certify = role === 'technician' ? certifyTechnician : certifyOfficer;
    const { privateKey } = generateKeyPair();
    const pem = await certify(issuer, this.#subject(role, id, organisation, createPublicKey(privateKey)));
    const [key, certificate] = [
      this.#file(role, id, `${NEXT}${KEY_ENDING}`),
      this.#file(role, id, `${NEXT}${CERTIFICATE_ENDING}`),
    ];
    await writePrivate(key, privateKeyPem(privateKey));
    await writePrivate(certificate, pem);
    return {
      certificate: derOf(pem),
      signer: await fileSigner({ key, certificate }),
      take: async () => {
        await rename(key, this.#keyFile(role, id));
        await rename(certificate, this.#certificateFile(role, id));
      },
    };
  }

  /** Who can sign as this organisation, technician, officer or device. @throws CliError `KEYS_MISSING` */
  async signer(kind: SignerKind, id: string): Promise<Signer> {
    this.#require(kind, id);
    return fileSigner({ key: this.#keyFile(kind, id), certificate: this.#certificateFile(kind, id) });
  }

  /** The certificate of a key that is here: DER, base64. @throws CliError `KEYS_MISSING` */
  async certificate(kind: SignerKind, id: string): Promise<string> {
    this.#require(kind, id);
    return derOf(await readFile(this.#certificateFile(kind, id), 'utf8'));
  }

  has(kind: SignerKind, id: string): boolean {
    return existsSync(this.#keyFile(kind, id)) && existsSync(this.#certificateFile(kind, id));
  }

  /** Ids of a kind whose keys are here, sorted. */
  async ids(kind: SignerKind): Promise<readonly string[]> {
    return (await this.#names(kind))
      .filter((name) => name.endsWith(KEY_ENDING) && !name.endsWith(`${NEXT}${KEY_ENDING}`))
      .map((name) => decodeURIComponent(name.slice(0, -KEY_ENDING.length)))
      .filter((id) => this.has(kind, id))
      .sort();
  }

  /**
   * The whole id of a technician, an officer or a device whose key is here, by it or by what follows its organisation:
   * `lab-alpha/t-1` or `t-1`.
   *
   * @throws CliError `KEYS_MISSING`, or `USAGE` where several have this id
   */
  async find(kind: Exclude<SignerKind, 'organisation'>, given: string): Promise<string> {
    const found = (await this.ids(kind)).filter((id) => id === given || id.slice(id.indexOf('/') + 1) === given);
    const [only, another] = found.includes(given) ? [given] : found;
    if (another !== undefined) {
      throw new CliError('USAGE', `${given} can be ${found.join(' or ')}: write the whole id.`);
    }
    if (only === undefined) {
      throw new CliError('KEYS_MISSING', `There is none of ${kind} ${given} in ${this.folder}.`);
    }
    return only;
  }

  async #certificate(
    kind: SignerKind,
    id: string,
    organisation: string,
    issuer: Issuer | null,
    certify: Certify,
  ): Promise<string> {
    requireId(kind, id);
    await this.#refuseTwin(kind, id);
    if (!this.has(kind, id) || !(await this.#isIssuedBy(kind, id, issuer))) {
      const privateKey = await this.#key(kind, id);
      const subject = this.#subject(kind, id, organisation, createPublicKey(privateKey));
      await writePrivate(this.#certificateFile(kind, id), await certify(subject, signerOf(privateKey)));
    }
    return this.certificate(kind, id);
  }

  #subject(kind: SignerKind, id: string, organisation: string, publicKey: CalibrationSubject['publicKey']) {
    const validity = { notBefore: this.#validFrom, notAfter: new Date(Date.now() + VALID_DAYS[kind] * DAY_MS) };
    return { id, organisation, publicKey, validity };
  }

  async #isIssuedBy(kind: SignerKind, id: string, issuer: Issuer | null): Promise<boolean> {
    const certificate = new X509Certificate(await readFile(this.#certificateFile(kind, id), 'utf8'));
    const authority = issuer === null ? certificate : new X509Certificate(issuer.certificate);
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  }

  async #key(kind: SignerKind, id: string) {
    const path = this.#keyFile(kind, id);
    if (!existsSync(path)) {
      await writePrivate(path, privateKeyPem(generateKeyPair().privateKey));
    }
    return readPrivateKey(await readFile(path, 'utf8'));
  }

  /** Ids that differ only by case would share one file where the disk does not tell them apart. */
  async #refuseTwin(kind: SignerKind, id: string): Promise<void> {
    const own = basename(this.#keyFile(kind, id));
    const names = await this.#names(kind);
    const twin = names.find((name) => name.toLowerCase() === own.toLowerCase());
    if (twin !== undefined && !names.includes(own)) {
      const other = decodeURIComponent(twin.slice(0, -KEY_ENDING.length));
      throw new CliError(
        'INPUT_INVALID',
        `${id} differs only by case from ${other}, the id of ${article(kind)} whose key is here: choose another.`,
      );
    }
  }

  async #names(kind: SignerKind): Promise<readonly string[]> {
    return readdir(dirname(this.#keyFile(kind, ''))).catch(() => []);
  }

  async #issuer(kind: SignerKind, id: string): Promise<Issuer> {
    this.#require(kind, id);
    const key = readPrivateKey(await readFile(this.#keyFile(kind, id), 'utf8'));
    return { certificate: await readFile(this.#certificateFile(kind, id), 'utf8'), sign: signerOf(key) };
  }

  #require(kind: SignerKind, id: string): void {
    if (!this.has(kind, id)) {
      throw new CliError('KEYS_MISSING', `There is none of ${kind} ${id} in ${this.folder}.`);
    }
  }

  #keyFile(kind: SignerKind, id: string): string {
    return this.#file(kind, id, KEY_ENDING);
  }

  #certificateFile(kind: SignerKind, id: string): string {
    return this.#file(kind, id, CERTIFICATE_ENDING);
  }

  // Ids hold slashes and colons, which paths may not.
  #file(kind: SignerKind, id: string, ending: string): string {
    return join(this.folder, `${kind}s`, `${encodeURIComponent(id)}${ending}`);
  }
}

function requireId(kind: SignerKind, id: string): void {
  const pattern = kind === 'organisation' ? ORGANISATION_ID : OWNED_ID;
  if (!IDENTIFIER.test(id) || !pattern.test(id)) {
    const like =
      kind === 'organisation' ? 'letters, digits and . _ - can' : 'it begins with its organisation, like lab-alpha/t-1';
    throw new CliError(
      'INPUT_INVALID',
      `${JSON.stringify(id.slice(0, 80))} cannot be the id of ${article(kind)}: ${like}.`,
    );
  }
}

function article(kind: SignerKind): string {
  return `${kind.startsWith('o') ? 'an' : 'a'} ${kind}`;
}

function derOf(pem: string): string {
  return new X509Certificate(pem).raw.toString('base64');
}
