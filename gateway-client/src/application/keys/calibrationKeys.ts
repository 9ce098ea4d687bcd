import { createHash, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { OWNED_ID, registrantOf } from '@tracecal/core/model';
import { readCertificate } from '@tracecal/core/signing';
import type { SignerKind } from '@tracecal/core/signing';
import {
  certifyDevice,
  certifyOfficer,
  certifyOrganisation,
  certifyTechnician,
  createCalibrationRoot,
  createRequest,
  readRequest,
} from '@tracecal/pki';
import type { CalibrationSubject, Issuer } from '@tracecal/pki';
import type { Signer } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { freshKey, heldKey, tokenNameIn } from './heldKey.js';
import type { HeldKey } from './heldKey.js';
import { KeyFiles, requireId } from './keyFiles.js';
import type { Place } from './keyFiles.js';
import { missingCertifier, missingKey, requestOf } from './missingKey.js';
import { surveyKeys } from './survey.js';
import type { SurveyedKey } from './survey.js';

const VALID_DAYS = { organisation: 3650, technician: 1825, officer: 1825, device: 1825 } as const;
const DAY_MS = 86_400_000;
const DEFAULT_HEAD_START_MS = 1825 * DAY_MS;

const certify = {
  organisation: certifyOrganisation,
  technician: certifyTechnician,
  officer: certifyOfficer,
  device: certifyDevice,
} as const;

/** The holder whose key certifies another key. */
interface Certifier {
  readonly kind: 'organisation' | 'technician';
  readonly id: string;
}

/** A new key or certificate for a holder who already has one. */
export interface Renewal {
  /** DER, base64. */
  readonly certificate: string;
  readonly signer: Signer;
}

/** A certificate made from a request. */
export interface IssuedCertificate {
  readonly id: string;
  readonly pem: string;
  /** SHA-256 of the key, which both sides can compare over another channel. */
  readonly keySha256: string;
}

/**
 * The keys of the calibration chain in this directory, each with its certificate beside it. If the certifier's key is here too,
 * certificates are made as they are needed. They are made again if another issuer is to certify the key: then the registry refused the
 * first attempt, because callers ask for certificates only of keys that are not registered yet. If the certifier's key is not here, the
 * certifier makes the certificate elsewhere, from a request.
 */
export class CalibrationKeys {
  readonly folder: string;
  readonly #files: KeyFiles;
  readonly #validFrom: Date;

  /**
   * @param validFrom - Start of validity of certificates. It is earlier than the present, because reports of earlier calibrations are
   * registered too.
   */
  constructor(folder: string, validFrom = new Date(Date.now() - DEFAULT_HEAD_START_MS)) {
    this.folder = folder;
    this.#files = new KeyFiles(folder);
    this.#validFrom = validFrom;
  }

  /** An organisation's certificate (DER, base64): an NMI's is self-signed, others are made with the certifier's key. */
  async organisation(id: string, certifiedBy: string | null): Promise<string> {
    return this.#firstCertificate('organisation', id, certifiedBy === null ? null : organisation(certifiedBy));
  }

  async technician(id: string): Promise<string> {
    return this.#firstCertificate('technician', id, organisation(registrantOf(id)));
  }

  /** The certificate of an officer, who signs in the organisation's name, so that its own key can stay offline. */
  async officer(id: string): Promise<string> {
    return this.#firstCertificate('officer', id, organisation(registrantOf(id)));
  }

  /** Imprinting: the technician certifies the device's new key. */
  async device(id: string, technician: string): Promise<string> {
    return this.#firstCertificate('device', id, { kind: 'technician', id: technician });
  }

  /** A further key of an organisation; the one in use stays until {@link takeNext}. */
  organisationRenewal(id: string, certifiedBy: string | null): Promise<Renewal> {
    return this.#renewal('organisation', id, certifiedBy === null ? null : organisation(certifiedBy));
  }

  /** A further key of a technician or an officer; the one in use stays until {@link takeNext}. */
  renewal(role: 'technician' | 'officer', id: string): Promise<Renewal> {
    return this.#renewal(role, id, organisation(registrantOf(id)));
  }

  /** A further certificate of a device, for its key or a new one; the one in use stays until {@link takeNext}. */
  async deviceRenewal(id: string, technician: string, newKey: boolean): Promise<Renewal> {
    return this.#renewal('device', id, { kind: 'technician', id: technician }, newKey);
  }

  /** The certificate that waits to replace the one in use: DER, base64. */
  async next(kind: SignerKind, id: string): Promise<string | undefined> {
    await this.#files.finishTakeNext(kind, id);
    return this.#files.has(kind, id, 'next') ? this.#files.der(kind, id, 'next') : undefined;
  }

  /** Replaces the key in use by the waiting one. */
  takeNext(kind: SignerKind, id: string): Promise<void> {
    return this.#files.takeNext(kind, id);
  }

  /**
   * A request for a certificate (PKCS#10, PEM), for the key that is here, or for a new one if there is none.
   * @param newKey - Always makes a new key, which will replace the one in use.
   * @param token - The name of a key in a token (`pkcs11:...`), to be used in place of a new one.
   */
  async request(
    kind: SignerKind,
    id: string,
    newKey = false,
    token?: string,
  ): Promise<{ readonly pem: string; readonly keySha256: string }> {
    await this.#files.requireOwnFile(kind, id);
    await this.#files.finishTakeNext(kind, id);
    if (newKey && (await this.#otherKindWaits(kind, id, true))) {
      await this.#files.dropNext(kind, id);
    }
    const place = newKey ? 'next' : 'current';
    if (token !== undefined) await this.useToken(kind, id, token, place);
    const { publicKey, sign } = await this.#key(kind, id, place);
    const pem = await createRequest({ id, organisation: registrantOf(id), publicKey }, sign);
    return { pem, keySha256: digestOf(publicKey) };
  }

  /**
   * Uses a key in a token (PKCS #11) as that of a holder: its file holds only the key's name.
   *
   * @throws ApplicationError `ALREADY_EXISTS` if another key is in that place; TraceCalError `TOKEN_SUPPORT_MISSING`, `TOKEN_KEY_INVALID`,
   *   `TOKEN_UNAVAILABLE`, `TOKEN_PIN_REFUSED`
   */
  async useToken(kind: SignerKind, id: string, token: string, place: Place = 'current'): Promise<void> {
    await this.#files.requireOwnFile(kind, id);
    if (tokenNameIn(token) === undefined) {
      throw new ApplicationError('USAGE', `${token} names no key in a token: write pkcs11:token=TOKEN;object=KEY.`);
    }
    const key = await heldKey(token);
    if (this.#files.hasKey(kind, id, place)) {
      if ((await this.#files.key(kind, id, place)).publicKey.equals(key.publicKey)) return;
      throw new ApplicationError(
        'ALREADY_EXISTS',
        `${kind} ${id} has another key in ${this.folder}: to replace it, add --new-key.`,
      );
    }
    await this.#files.writeKey(kind, id, place, key);
  }

  /**
   * Makes a certificate from a request, with the certifier's key.
   *
   * @throws ApplicationError `KEYS_MISSING` or `INPUT_INVALID`; PkiError `REQUEST_INVALID` or `KEY_UNSUPPORTED`
   */
  async issue(kind: SignerKind, request: string, by: string): Promise<IssuedCertificate> {
    const { id, organisation: named, publicKey } = readRequest(request);
    requireId(kind, id);
    if (named !== registrantOf(id)) {
      throw new ApplicationError('INPUT_INVALID', `The request is for ${id}, but names ${named} as its organisation.`);
    }
    if (kind !== 'organisation' && registrantOf(by) !== named) {
      throw new ApplicationError('INPUT_INVALID', `${by} cannot certify ${id}, which belongs to ${named}.`);
    }
    const issuer = await this.#issuer({ kind: kind === 'device' ? 'technician' : 'organisation', id: by });
    const pem = await certify[kind](issuer, this.#subject(kind, id, publicKey));
    return { id, pem, keySha256: digestOf(publicKey) };
  }

  /**
   * Stores a certificate that was made elsewhere next to its key. If the key has a certificate already, the new one waits until the
   * registry has it.
   *
   * @throws ApplicationError `INPUT_INVALID` if the certificate matches no key here; RegistryError `CERTIFICATE_INVALID`
   */
  async install(
    kind: SignerKind,
    pem: string,
  ): Promise<{ readonly id: string; readonly waits: boolean; readonly newKey: boolean }> {
    const certificate = certificateIn(pem);
    const { id } = readCertificate(certificate.raw.toString('base64'), kind);
    await this.#files.requireOwnFile(kind, id);
    await this.#files.finishTakeNext(kind, id);
    const isOfKey = async (place: Place) =>
      this.#files.hasKey(kind, id, place) &&
      (await this.#files.key(kind, id, place)).publicKey.equals(certificate.publicKey);
    const isNext = await isOfKey('next');
    if (!isNext && !(await isOfKey('current'))) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `The certificate is not for a key of ${kind} ${id} in ${this.folder}: make a request with \`tracecal certificate request\`.`,
      );
    }
    const waits = isNext || this.#files.has(kind, id);
    if (waits && !isNext) {
      await this.#files.dropNext(kind, id);
      await this.#files.writeKey(kind, id, 'next', await this.#files.key(kind, id, 'current'));
    }
    await this.#files.writeCertificate(kind, id, waits ? 'next' : 'current', certificate.toString());
    return { id, waits, newKey: !waits || (await this.#files.isNewKey(kind, id)) };
  }

  /**
   * The signer for this organisation, technician, officer or device.
   * @throws ApplicationError `KEYS_MISSING`
   */
  async signer(kind: SignerKind, id: string): Promise<Signer> {
    this.#require(kind, id);
    await this.#files.finishTakeNext(kind, id);
    return this.#files.signer(kind, id);
  }

  /** The certificate of a key that is here: DER, base64. @throws ApplicationError `KEYS_MISSING` */
  async certificate(kind: SignerKind, id: string): Promise<string> {
    this.#require(kind, id);
    await this.#files.finishTakeNext(kind, id);
    return this.#files.der(kind, id);
  }

  has(kind: SignerKind, id: string): boolean {
    return this.#files.has(kind, id);
  }

  /** Ids of a kind whose keys are here, sorted. */
  ids(kind: SignerKind): Promise<readonly string[]> {
    return this.#files.ids(kind);
  }

  /** All keys in use, with whether others can read them and when their certificates end. */
  survey(): Promise<readonly SurveyedKey[]> {
    return surveyKeys(this.#files);
  }

  /**
   * The whole id of a technician, an officer or a device, from the part after its organisation if its key is here: `t-1` is
   * `lab-alpha/t-1`. A whole id is returned unchanged: its key may be elsewhere.
   *
   * @throws ApplicationError `KEYS_MISSING`, or `USAGE` if several have this id
   */
  async find(kind: Exclude<SignerKind, 'organisation'>, given: string): Promise<string> {
    const found = (await this.ids(kind)).filter((id) => id === given || id.slice(id.indexOf('/') + 1) === given);
    const [only, another] = found.includes(given) ? [given] : found;
    if (another !== undefined) {
      throw new ApplicationError('USAGE', `${given} can be ${found.join(' or ')}: write the whole id.`);
    }
    if (only === undefined && !OWNED_ID.test(given)) {
      throw missingKey(kind, given, this.folder);
    }
    return only ?? given;
  }

  async #renewal(kind: SignerKind, id: string, certifier: Certifier | null, newKey = true): Promise<Renewal> {
    await this.#files.finishTakeNext(kind, id);
    if (await this.#otherKindWaits(kind, id, newKey)) {
      this.#requireReplaceable(kind, id, certifier, newKey);
      await this.#files.dropNext(kind, id);
    }
    if (!newKey && !this.#files.hasKey(kind, id, 'next')) {
      this.#require(kind, id);
      await this.#files.writeKey(kind, id, 'next', await this.#files.key(kind, id, 'current'));
    }
    const certificate = await this.#certificate(kind, id, 'next', certifier, newKey);
    return { certificate, signer: await this.#files.signer(kind, id, 'next') };
  }

  /** Whether a new key waits although a certificate for the key in use is requested, or the reverse. */
  async #otherKindWaits(kind: SignerKind, id: string, newKey: boolean): Promise<boolean> {
    return this.#files.hasKey(kind, id, 'next') && (await this.#files.isNewKey(kind, id)) !== newKey;
  }

  /** Keep a waiting certificate from another certifier if its replacement cannot be made here. */
  #requireReplaceable(kind: SignerKind, id: string, certifier: Certifier | null, newKey: boolean): void {
    if (certifier && !this.has(certifier.kind, certifier.id)) {
      throw new ApplicationError(
        'KEYS_MISSING',
        newKey
          ? `The certificate that waits is for the key that ${kind} ${id} has in use: ask ${certifier.id} for one of a new key with \`tracecal ${requestOf(kind, id, true)}\`.`
          : `The certificate that waits is for a new key of ${kind} ${id}: renew it with --new-key, or ask ${certifier.id} for one of the key in use with \`tracecal ${requestOf(kind, id, false)}\`.`,
      );
    }
  }

  /** The certificate of a holder that is not registered yet. */
  async #firstCertificate(kind: SignerKind, id: string, certifier: Certifier | null): Promise<string> {
    await this.#files.finishTakeNext(kind, id);
    if (this.#files.has(kind, id, 'next')) {
      await this.takeNext(kind, id);
    }
    return this.#certificate(kind, id, 'current', certifier);
  }

  /** @param isFurther - It is for a new key, which replaces one in use. */
  async #certificate(
    kind: SignerKind,
    id: string,
    place: Place,
    certifier: Certifier | null,
    isFurther = false,
  ): Promise<string> {
    await this.#files.requireOwnFile(kind, id);
    const isHere = this.#files.has(kind, id, place);
    if (certifier && !this.has(certifier.kind, certifier.id)) {
      if (!isHere) {
        throw missingCertifier(certifier, { kind, id, isFurther }, this.folder);
      }
    } else {
      const issuer = certifier && (await this.#issuer(certifier));
      if (!isHere || !(await this.#isIssuedBy(kind, id, place, issuer))) {
        const key = await this.#key(kind, id, place);
        const subject = this.#subject(kind, id, key.publicKey);
        const pem = await (issuer ? certify[kind](issuer, subject) : createCalibrationRoot(subject, key.sign));
        await this.#files.writeCertificate(kind, id, place, pem);
      }
    }
    return this.#files.der(kind, id, place);
  }

  #subject(kind: SignerKind, id: string, publicKey: KeyObject): CalibrationSubject {
    const validity = { notBefore: this.#validFrom, notAfter: new Date(Date.now() + VALID_DAYS[kind] * DAY_MS) };
    return { id, organisation: registrantOf(id), publicKey, validity };
  }

  async #isIssuedBy(kind: SignerKind, id: string, place: Place, issuer: Issuer | null): Promise<boolean> {
    const certificate = new X509Certificate(await this.#files.certificate(kind, id, place));
    const authority = issuer === null ? certificate : new X509Certificate(issuer.certificate);
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  }

  async #key(kind: SignerKind, id: string, place: Place): Promise<HeldKey> {
    if (!this.#files.hasKey(kind, id, place)) {
      await this.#files.writeKey(kind, id, place, freshKey());
    }
    return this.#files.key(kind, id, place);
  }

  async #issuer({ kind, id }: Certifier): Promise<Issuer> {
    this.#require(kind, id);
    await this.#files.finishTakeNext(kind, id);
    const { sign } = await this.#files.key(kind, id, 'current');
    return { certificate: await this.#files.certificate(kind, id), sign };
  }

  #require(kind: SignerKind, id: string): void {
    if (!this.has(kind, id)) {
      throw missingKey(kind, id, this.folder);
    }
  }
}

function organisation(id: string): Certifier {
  return { kind: 'organisation', id };
}

/** @throws ApplicationError `INPUT_INVALID` */
function certificateIn(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new ApplicationError('INPUT_INVALID', 'This is not a certificate in PEM form.', { cause });
  }
}

/** SHA-256 of a key's SubjectPublicKeyInfo, hex. */
function digestOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
