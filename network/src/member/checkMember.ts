import { isIP } from 'node:net';
import { AccessError, Msp, parseCertificatePem, type NodeRole } from '@tracecal/ledger/identity';
import { FabricMspConfig } from '@tracecal/ledger/wire';
import { fabricMspConfig } from '../channel/index.js';
import { hostOf } from '../pki/index.js';
import type { MemberOrganisation, NodeLocation, OrdererNode } from '../topology/index.js';
import {
  CertificateFault,
  fileCertificate,
  requireAuthority,
  requireIssued,
  requireNamed,
  type FileCertificate,
} from './certificates.js';
import { MemberError } from './errors.js';
import type { PublicMsp, PublicOrderer } from './formats.js';
import { publicMsp } from './material.js';
import type { ReadMemberFile } from './memberFile.js';

/** A key that a file names, and what it is there. */
export interface NamedKey {
  readonly member: string;
  /** `the TLS CA of lab-alpha` */
  readonly what: string;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly key: string;
}

/**
 * Checks that a member's file claims the names that the description gives to this member and no others, and that its certificates are
 * those of its own CAs, as Fabric will judge them.
 * @returns All keys that it names.
 * @throws MemberError `CLAIM_REFUSED` or `CERTIFICATE_REFUSED`
 */
export function checkMember(
  given: ReadMemberFile,
  member: MemberOrganisation,
  orderer: OrdererNode | undefined,
  now: Date,
): readonly NamedKey[] {
  return new MemberCheck(given, member.id, now).check(member, orderer);
}

class MemberCheck {
  readonly #given: ReadMemberFile;
  readonly #member: string;
  readonly #now: Date;
  readonly #keys: NamedKey[] = [];

  constructor(given: ReadMemberFile, member: string, now: Date) {
    this.#given = given;
    this.#member = member;
    this.#now = now;
  }

  check(member: MemberOrganisation, orderer: OrdererNode | undefined): readonly NamedKey[] {
    const { content } = this.#given;
    this.#claims('the member', content.msp, member);
    this.#claimsOrderer(content.orderer, orderer);
    const { ca } = this.#authorities('', content.msp);
    this.#identity('administrator', content.administrator, {
      ca,
      msp: content.msp,
      name: `Admin@${member.domain}`,
      role: 'admin',
    });
    if (content.orderer !== null && orderer !== undefined) this.#orderer(content.orderer, orderer);
    return this.#keys;
  }

  #claimsOrderer(claimed: PublicOrderer | null, orderer: OrdererNode | undefined): void {
    if ((claimed === null) !== (orderer === undefined)) {
      const what =
        orderer === undefined ? 'an orderer that it does not run' : `no orderer, but it runs ${orderer.name}`;
      throw this.#claim(`names ${what}`);
    }
    if (claimed === null || orderer === undefined) return;
    if (claimed.name !== orderer.name) throw this.#claim(`claims the orderer ${claimed.name}, not ${orderer.name}`);
    this.#claims('its orderer', claimed.msp, orderer);
  }

  #claims(who: string, msp: PublicMsp, described: { readonly mspId: string; readonly domain: string }): void {
    if (msp.id !== described.mspId) throw this.#claim(`claims the MSP id ${msp.id} for ${who}, not ${described.mspId}`);
    if (msp.domain !== described.domain) {
      throw this.#claim(`claims the domain ${msp.domain} for ${who}, not ${described.domain}`);
    }
  }

  #orderer({ msp, identity, tls }: PublicOrderer, orderer: OrdererNode): void {
    const { ca, tlsCa } = this.#authorities("orderer's ", msp);
    const name = hostOf(orderer, orderer);
    this.#identity("orderer's signing key", identity, { ca, msp, name, role: 'orderer' });
    this.#certificate("orderer's TLS key", tls, (certificate) => {
      requireNamed(certificate, name, this.#now);
      requireIssued(certificate, tlsCa, `was not issued by its orderer's TLS CA`);
      requireHosts(certificate, [name, ...hostsOf(orderer)]);
    });
  }

  #authorities(whose: string, msp: PublicMsp): { readonly ca: FileCertificate; readonly tlsCa: FileCertificate } {
    const read = (what: string, base64: string, name: string) =>
      this.#certificate(`${whose}${what}`, base64, (certificate) => {
        requireNamed(certificate, `${name}.${msp.domain}`, this.#now);
        requireAuthority(certificate);
        // As Fabric reads the CAs of a channel's configuration.
        mspOf(msp, base64);
      });
    return { ca: read('CA', msp.ca, 'ca'), tlsCa: read('TLS CA', msp.tlsCa, 'tlsca') };
  }

  #identity(
    what: string,
    base64: string,
    { ca, msp, name, role }: { ca: FileCertificate; msp: PublicMsp; name: string; role: NodeRole },
  ): void {
    this.#certificate(what, base64, (certificate) => {
      requireNamed(certificate, name, this.#now);
      requireIssued(certificate, ca, 'was not issued by the CA beside it');
      const { nodeRole } = mspOf(msp, msp.ca).member(parseCertificatePem(Buffer.from(certificate.x509.toString())));
      if (nodeRole !== role) throw new CertificateFault(`has the role ${nodeRole ?? 'of nobody'}, not ${role}`);
    });
  }

  #certificate(what: string, base64: string, check: (certificate: FileCertificate) => void): FileCertificate {
    try {
      const certificate = fileCertificate(base64);
      check(certificate);
      this.#keys.push({ member: this.#member, what: `the ${what} of ${this.#member}`, key: certificate.key });
      return certificate;
    } catch (cause) {
      if (!(cause instanceof CertificateFault || cause instanceof AccessError)) throw cause;
      const why = cause instanceof AccessError ? `is refused by Fabric's rules: ${cause.message}` : cause.message;
      throw new MemberError(
        'CERTIFICATE_REFUSED',
        `${this.#given.file} of ${this.#member} is refused: the certificate of the ${what} ${why.replace(/\.$/, '')}; ask ${this.#member} for a right one.`,
        { cause },
      );
    }
  }

  #claim(what: string): MemberError {
    const { file } = this.#given;
    return new MemberError(
      'CLAIM_REFUSED',
      `${file} of ${this.#member} ${what}: ask ${this.#member} for the file that it made for this description.`,
    );
  }
}

/** An MSP with this CA alone, as Fabric reads it. @throws AccessError */
function mspOf(msp: PublicMsp, ca: string): Msp {
  return new Msp(FabricMspConfig.decode(fabricMspConfig(publicMsp({ ...msp, ca })).serializeBinary()));
}

/** The host that the description gives it; without hosts, all nodes are on one machine. */
function hostsOf({ host }: NodeLocation): readonly string[] {
  return host === undefined ? [] : [host];
}

function requireHosts({ x509 }: FileCertificate, hosts: readonly string[]): void {
  const missing = hosts.find(
    (host) =>
      (isIP(host) === 0 ? x509.checkHost(host, { subject: 'never', wildcards: false }) : x509.checkIP(host)) ===
      undefined,
  );
  if (missing !== undefined)
    throw new CertificateFault(`is not for the host ${missing}, which the description gives it`);
}
