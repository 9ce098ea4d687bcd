import { sha256 } from '../crypto/index.js';
import { sameBytes, type FabricMspConfig, type NodeOus } from '../wire/index.js';
import { certificationChains, TrustAnchors } from './chain.js';
import { parseCertificatePem, type Certificate } from './certificate.js';
import { AccessError } from './errors.js';
import { isRevoked, parseRevocationList, type RevocationList } from './revocation.js';
import { canSign } from './signature.js';
import type { Identity } from './types.js';

export type NodeRole = 'client' | 'peer' | 'orderer' | 'admin';

/** An MSP's information about one of its members, without regard to today's date. */
export interface Member {
  readonly mspId: string;
  readonly certificate: Certificate;
  /** The role in its node OU; absent if the MSP does not use node OUs. */
  readonly nodeRole: NodeRole | undefined;
  /** By its node OU, or because the MSP's configuration lists this certificate. */
  readonly isAdmin: boolean;
  /** SHA-256 over the certificates above it, as `OrganizationUnit.certifiers_identifier` has it. */
  readonly certifiers: Uint8Array;
}

interface NodeOu {
  readonly role: NodeRole;
  readonly unit: string;
  readonly certifiers: Uint8Array | undefined;
}

/**
 * One organisation's membership service, as Fabric's X.509 MSP applies its configuration. An organisation decides alone how many CAs it
 * lists, and Fabric takes them all: the time for one identity must not grow with them.
 */
export class Msp {
  readonly mspId: string;
  readonly #anchors: TrustAnchors;
  readonly #innerCas: ReadonlySet<string>;
  readonly #revocations: readonly RevocationList[];
  readonly #admins: ReadonlySet<string>;
  readonly #nodeOus: readonly NodeOu[];
  readonly #requiredUnits: readonly { readonly unit: string; readonly certifiers: Uint8Array }[];

  /** @throws AccessError MALFORMED_CONFIG if Fabric would refuse the configuration. */
  constructor(config: FabricMspConfig) {
    this.mspId = config.name;
    this.#anchors = new TrustAnchors(
      this.#configured('root certificate', config.rootCerts),
      this.#configured('intermediate certificate', config.intermediateCerts),
    );
    if (this.#anchors.roots.length === 0) throw this.#misconfigured('expected at least one CA certificate');
    this.#revocations = this.#parsed('revocation list', config.revocationList, parseRevocationList);
    this.#innerCas = this.#checkCas();
    this.#requiredUnits = config.organizationalUnitIdentifiers.map((ou) => ({
      unit: ou.organizationalUnitIdentifier,
      certifiers: this.#certifiersOf(ou.certificate),
    }));
    this.#nodeOus = this.#readNodeOus(config.nodeOus);
    const admins = this.#configured('admin certificate', config.admins);
    this.#admins = new Set(admins.map((admin) => admin.fingerprint));
    if (admins.length === 0 && !this.#nodeOus.some((ou) => ou.role === 'admin')) {
      throw this.#misconfigured('administrators must be declared when no admin ou classification is set');
    }
  }

  /** @throws AccessError if this MSP does not vouch for the certificate. */
  member(certificate: Certificate): Member {
    if (!canSign(certificate)) {
      throw new AccessError(
        'UNTRUSTED_CERTIFICATE',
        `${this.mspId} does not take keys of type ${certificate.publicKey.type}.`,
      );
    }
    const issuers = this.#issuersOf(certificate);
    const issuer = issuers[0];
    if (certificate.extensions.isCa || issuer === undefined) {
      throw new AccessError(
        'UNTRUSTED_CERTIFICATE',
        `A CA certificate cannot be used as an identity of ${this.mspId}.`,
      );
    }
    if (this.#innerCas.has(issuer.fingerprint)) {
      throw this.#refused('UNTRUSTED_CERTIFICATE', 'its issuer only certifies other CAs');
    }
    if (isRevoked(certificate, issuer, this.#revocations)) throw this.#refused('REVOKED', 'it has been revoked');
    const certifiers = chainDigest(issuers);
    this.#checkRequiredUnits(certificate, certifiers);
    const nodeRole = this.#classify(certificate, certifiers);
    const isAdmin = nodeRole === 'admin' || this.#admins.has(certificate.fingerprint);
    return { mspId: this.mspId, certificate, nodeRole, isAdmin, certifiers };
  }

  #issuersOf(certificate: Certificate): readonly Certificate[] {
    const chains = certificationChains(certificate, this.#anchors);
    const [only] = chains;
    if (only === undefined) {
      throw new AccessError(
        'UNTRUSTED_CERTIFICATE',
        `No certificate authority of ${this.mspId} issued the certificate.`,
      );
    }
    // With two chains it would not be clear which one owns the identity.
    if (chains.length > 1) {
      throw new AccessError(
        'UNTRUSTED_CERTIFICATE',
        `${this.mspId} has more than one certification chain for the certificate.`,
      );
    }
    return only.slice(1);
  }

  #checkRequiredUnits(certificate: Certificate, certifiers: Uint8Array): void {
    if (this.#requiredUnits.length === 0) return;
    const carries = this.#requiredUnits.some(
      (required) =>
        certificate.organisationalUnits.includes(required.unit) && sameBytes(required.certifiers, certifiers),
    );
    if (!carries) throw this.#refused('UNTRUSTED_CERTIFICATE', 'it carries none of the required organisational units');
  }

  #classify(certificate: Certificate, certifiers: Uint8Array): NodeRole | undefined {
    if (this.#nodeOus.length === 0) return undefined;
    const carried = certificate.organisationalUnits.flatMap((unit) => this.#nodeOus.filter((ou) => ou.unit === unit));
    if (carried.some((ou) => ou.certifiers !== undefined && !sameBytes(ou.certifiers, certifiers))) {
      throw this.#refused('UNTRUSTED_CERTIFICATE', 'its role was certified by another CA than the configured one');
    }
    const [only] = carried;
    if (only === undefined || carried.length > 1) {
      throw this.#refused(
        'UNTRUSTED_CERTIFICATE',
        'it must have exactly one of the roles client, peer, orderer or admin',
      );
    }
    return only.role;
  }

  #checkCas(): ReadonlySet<string> {
    const inner = new Set<string>();
    for (const ca of [...this.#anchors.roots, ...this.#anchors.intermediates]) {
      if (!ca.extensions.isCa || ca.extensions.subjectKeyId === undefined) {
        throw this.#misconfigured('a CA certificate lacks the CA attribute or its subject key identifier');
      }
      const chains = this.#safely('CA certificate', () => certificationChains(ca, this.#anchors));
      const [chain] = chains;
      if (chain === undefined || chains.length > 1)
        throw this.#misconfigured('a CA certificate has not exactly one chain');
      const issuer = chain[1];
      if (issuer !== undefined && isRevoked(ca, issuer, this.#revocations)) {
        throw this.#misconfigured('a CA certificate has been revoked');
      }
      for (const above of chain.slice(1)) inner.add(above.fingerprint);
    }
    return inner;
  }

  #readNodeOus(config: NodeOus | undefined): NodeOu[] {
    if (config?.enable !== true) return [];
    const roles: readonly NodeRole[] = ['client', 'peer', 'admin', 'orderer'];
    return roles.flatMap((role) => {
      const identifier = config[role];
      if (identifier === undefined) return [];
      const { certificate, organizationalUnitIdentifier: unit } = identifier;
      const certifiers = certificate.length === 0 ? undefined : this.#certifiersOf(certificate);
      return [{ role, unit, certifiers }];
    });
  }

  #certifiersOf(pem: Uint8Array): Uint8Array {
    const [certificate] = this.#configured('certificate of an organisational unit', [pem]);
    const cas = [...this.#anchors.roots, ...this.#anchors.intermediates];
    const ca = cas.find((candidate) => candidate.fingerprint === certificate?.fingerprint);
    const [chain] = ca === undefined ? [] : certificationChains(ca, this.#anchors);
    if (chain === undefined) throw this.#misconfigured("an organisational unit's certificate is none of its CAs");
    return chainDigest(chain);
  }

  #configured(what: string, pems: readonly Uint8Array[]): Certificate[] {
    return this.#parsed(what, pems, parseCertificatePem);
  }

  #parsed<T>(what: string, items: readonly Uint8Array[], parse: (bytes: Uint8Array) => T): T[] {
    return items.map((item) => this.#safely(what, () => parse(item)));
  }

  #safely<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw this.#misconfigured(`a ${what} cannot be read`, cause);
    }
  }

  #misconfigured(reason: string, cause?: unknown): AccessError {
    return new AccessError('MALFORMED_CONFIG', `The MSP ${this.mspId} is not usable: ${reason}.`, { cause });
  }

  #refused(code: 'UNTRUSTED_CERTIFICATE' | 'REVOKED', reason: string): AccessError {
    return new AccessError(code, `${this.mspId} does not accept the certificate: ${reason}.`, { mspId: this.mspId });
  }
}

/** The public view of a member. */
export function identityOf(member: Member, serialized: Uint8Array): Identity {
  const role = member.isAdmin ? 'admin' : (member.nodeRole ?? 'member');
  return { mspId: member.mspId, certificate: member.certificate, role, serialized };
}

function chainDigest(chain: readonly Certificate[]): Uint8Array {
  return sha256(...chain.map(({ raw }) => raw));
}
