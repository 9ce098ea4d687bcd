import * as z from '@tracecal/core/shape';
import { shapes } from '@tracecal/core/model';
import { DOMAIN, MSP_ID, SHORT_NAME } from '../topology/index.js';

export const MEMBER_TYPE = 'tracecal-member/1';
export const MEMBER_SIGNATURE_TYPE = 'tracecal-member-signature/1';

/** The public part of an MSP. Certificates are DER in base64. */
export interface PublicMsp {
  readonly id: string;
  /** Domain of its nodes: `lab-alpha.example`. */
  readonly domain: string;
  /** The self-signed CA of its identities. */
  readonly ca: string;
  /** The self-signed CA of its TLS certificates. */
  readonly tlsCa: string;
  /** By which organisational unit of a certificate an identity has its role. */
  readonly nodeOus: {
    readonly client: 'client';
    readonly peer: 'peer';
    readonly admin: 'admin';
    readonly orderer: 'orderer';
  };
}

/** The public part of the ordering node that a member runs, which has its own MSP. */
export interface PublicOrderer {
  readonly name: string;
  readonly msp: PublicMsp;
  /** The certificate with which it signs blocks. */
  readonly identity: string;
  /** The certificate of its TLS connections, to both directions. */
  readonly tls: string;
}

/** What a member hands out about itself when a consortium is founded, signed by its administrator. */
export interface MemberFile {
  readonly type: typeof MEMBER_TYPE;
  /** Name of the consortium. */
  readonly consortium: string;
  /** SHA-256 of the description's canonical form. */
  readonly description: string;
  /** Id of the member. */
  readonly member: string;
  readonly msp: PublicMsp;
  /** The certificate of the administrator who signed this file. */
  readonly administrator: string;
  /** Null if it runs no ordering node. */
  readonly orderer: PublicOrderer | null;
}

/** A member's word that it has assembled these genesis blocks, signed by its administrator. */
export interface MemberSignature {
  readonly type: typeof MEMBER_SIGNATURE_TYPE;
  readonly consortium: string;
  /** SHA-256 of the description's canonical form. */
  readonly description: string;
  readonly member: string;
  /** SHA-256 over the description, all members' files, the policies and the genesis blocks. */
  readonly founding: string;
}

const shortName = (most: number) =>
  z.string().check(z.maxLength(most), z.regex(SHORT_NAME, 'must be lower-case letters, digits and single hyphens'));

const mspShape = z.strictObject({
  id: z.string().check(z.maxLength(100), z.regex(MSP_ID, 'must be an MSP id like "LabAlphaMSP"')),
  domain: z.string().check(z.maxLength(200), z.regex(DOMAIN, 'must be a DNS domain in lower case')),
  ca: shapes.certificate,
  tlsCa: shapes.certificate,
  nodeOus: z.strictObject({
    client: z.literal('client'),
    peer: z.literal('peer'),
    admin: z.literal('admin'),
    orderer: z.literal('orderer'),
  }),
});

export const memberFileShape = z.strictObject({
  type: z.literal(MEMBER_TYPE),
  consortium: shortName(63),
  description: shapes.sha256,
  member: shortName(63),
  msp: mspShape,
  administrator: shapes.certificate,
  orderer: z.nullable(
    z.strictObject({
      name: shortName(63),
      msp: mspShape,
      identity: shapes.certificate,
      tls: shapes.certificate,
    }),
  ),
});

export const memberSignatureShape = z.strictObject({
  type: z.literal(MEMBER_SIGNATURE_TYPE),
  consortium: shortName(63),
  description: shapes.sha256,
  member: shortName(63),
  founding: shapes.sha256,
});
