import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { encodeRevocationList, extensionOf, type Extension, type RevokedCertificate, type Validity } from './asn1.js';
import { PkiError } from './errors.js';
import { issueCertificate, issueSelfSigned, issuerFacts, type Issuer } from './issue.js';
import type { PublicKeyInput } from './keys.js';
import { toLowS, type SignBytes } from './signature.js';

/** The object identifier under which Fabric keeps an identity's attributes. */
const FABRIC_ATTRIBUTES = '1.2.3.4.5.6.7.8.1';

/** The role of an identity in an MSP; written as organisational unit, where Fabric looks for it (node OUs). */
export type MspRole = 'client' | 'peer' | 'orderer' | 'admin';

export interface AuthorityRequest {
  /** Common name: `ca.lab-alpha.example`. */
  readonly commonName: string;
  readonly organisation: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly publicKey: PublicKeyInput;
  readonly validity: Validity;
}

export interface IdentityRequest extends AuthorityRequest {
  readonly role: MspRole;
  /** Fabric attributes: `{ 'tracecal.roles': 'recorder' }`; chaincode reads them from the certificate. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface TlsRequest extends AuthorityRequest {
  /** DNS names and IP addresses; empty for a TLS client that never listens. */
  readonly hosts: readonly string[];
}

export interface RevocationListRequest {
  readonly revoked: readonly RevokedCertificate[];
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Increases with every list. */
  readonly number: number;
}

const CA_EXTENSIONS: readonly Extension[] = [
  { kind: 'basicConstraints', ca: true },
  { kind: 'keyUsage', usages: ['keyCertSign', 'cRLSign'] },
];

const LEAF_EXTENSIONS: readonly Extension[] = [
  { kind: 'basicConstraints', ca: false },
  { kind: 'keyUsage', usages: ['digitalSignature'] },
];

/** A certificate authority, root or intermediate, for MSP identities and TLS. All certificates are returned as PEM. */
export class Authority implements Issuer {
  readonly certificate: string;
  readonly sign: SignBytes;

  /** An existing authority: its certificate (PEM) and its signer. */
  constructor(certificate: string, sign: SignBytes) {
    this.certificate = certificate;
    this.sign = sign;
  }

  /** Makes a self-signed root authority. */
  static async createRoot(request: AuthorityRequest, sign: SignBytes): Promise<Authority> {
    const certificate = await issueSelfSigned(sign, { ...base(request), extensions: CA_EXTENSIONS });
    return new Authority(certificate, sign);
  }

  /** Certificates that it issued are never valid before this moment. */
  get notBefore(): Date {
    return new Date(new X509Certificate(this.certificate).validFrom);
  }

  /** Certificates that it issued are never valid after this moment. */
  get notAfter(): Date {
    return new Date(new X509Certificate(this.certificate).validTo);
  }

  /** Certifies an intermediate authority; `sign` uses its key. */
  async createIntermediate(request: AuthorityRequest, sign: SignBytes): Promise<Authority> {
    const certificate = await issueCertificate(this, { ...base(request), extensions: CA_EXTENSIONS });
    return new Authority(certificate, sign);
  }

  /** Certifies an MSP identity: client, peer, orderer or admin. */
  issueIdentity(request: IdentityRequest): Promise<string> {
    const { role, attributes } = request;
    const extensions =
      attributes === undefined ? LEAF_EXTENSIONS : [...LEAF_EXTENSIONS, attributesExtension(attributes)];
    return issueCertificate(this, { ...base(request, role), extensions });
  }

  /** Certifies a TLS key for both ends of a connection: peers and orderers are servers and clients with one key. */
  issueTls(request: TlsRequest): Promise<string> {
    const ip = request.hosts.filter((host) => isIP(host) !== 0);
    const dns = request.hosts.filter((host) => isIP(host) === 0);
    const extensions: Extension[] = [
      ...LEAF_EXTENSIONS,
      { kind: 'extendedKeyUsage', purposes: ['serverAuth', 'clientAuth'] },
    ];
    if (request.hosts.length > 0) extensions.push({ kind: 'subjectAltName', dns, ip });
    return issueCertificate(this, { ...base(request), extensions });
  }

  /** Signs a certificate revocation list (PEM) for an MSP's `crls` folder and its channel configuration. */
  async revocationList(request: RevocationListRequest): Promise<string> {
    const { name, keyIdentifier } = issuerFacts(this);
    const unsigned = encodeRevocationList({ ...request, issuer: name, authorityKeyIdentifier: keyIdentifier });
    return unsigned.finish(toLowS(await this.sign(unsigned.toBeSigned)));
  }
}

/**
 * The Fabric attributes of an identity certificate (PEM); an empty record if it has none. @throws PkiError
 * `MATERIAL_MALFORMED`
 */
export function attributesOf(certificate: string): Readonly<Record<string, string>> {
  const value = extensionOf(new X509Certificate(certificate).raw, FABRIC_ATTRIBUTES);
  if (value === undefined) return {};
  try {
    const parsed = JSON.parse(Buffer.from(value).toString('utf8')) as {
      readonly attrs?: Readonly<Record<string, string>>;
    };
    return parsed.attrs ?? {};
  } catch (cause) {
    throw new PkiError('MATERIAL_MALFORMED', "The certificate's Fabric attributes are not JSON.", { cause });
  }
}

function attributesExtension(attrs: Readonly<Record<string, string>>): Extension {
  return { kind: 'private', oid: FABRIC_ATTRIBUTES, value: Buffer.from(JSON.stringify({ attrs }), 'utf8') };
}

function base({ commonName, organisation, country, publicKey, validity }: AuthorityRequest, role?: MspRole) {
  const unit = role === undefined ? [] : [['OU', role] as const];
  const subject = [['C', country], ['O', organisation], ...unit, ['CN', commonName]] as const;
  return { subject, publicKey, validity };
}
