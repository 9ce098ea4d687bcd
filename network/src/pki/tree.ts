import { join } from 'node:path';
import type { MemberOrganisation, OrdererNode } from '../topology/consortium.js';

/** Paths of a node's or a user's material: its local MSP, and its TLS key and certificates. */
export interface HolderTree {
  readonly root: string;
  readonly msp: string;
  readonly tls: string;
}

/** Which of an organisation's two CAs: that of its identities, or that of its TLS certificates. */
export type AuthorityKind = 'identity' | 'tls';

/** Paths of an organisation's material, in the layout of Fabric's cryptogen, which applications expect. */
export interface OrganisationTree {
  readonly root: string;
  readonly domain: string;
  /** The CA of its identities: certificate and key. */
  readonly ca: string;
  /** The CA of its TLS certificates: certificate and key. */
  readonly tlsca: string;
  /** The organisation's MSP without private keys, the source for a channel's configuration. */
  readonly msp: string;
  readonly caCertificate: string;
  readonly tlsCaCertificate: string;
  /** A peer or orderer, by its host name without the domain: `peer0`. */
  node(name: string): HolderTree;
  /** Material that replaces {@link node} once all channels know it. */
  renewedNode(name: string): HolderTree;
  /** A client identity, by its name without the domain: `User1`, `Admin`. */
  user(name: string): HolderTree;
}

/** The material of a member: `peerOrganizations/<domain>` of a crypto-config tree. */
export function memberTree(directory: string, { domain }: Pick<MemberOrganisation, 'domain'>): OrganisationTree {
  return organisationTree(join(directory, 'peerOrganizations', domain), domain, 'peers');
}

/** The material of an ordering node's own organisation: `ordererOrganizations/<domain>` of a crypto-config tree. */
export function ordererTree(directory: string, { domain }: Pick<OrdererNode, 'domain'>): OrganisationTree {
  return organisationTree(join(directory, 'ordererOrganizations', domain), domain, 'orderers');
}

/** Full host name of a node, as in its TLS certificate: `peer0.lab-alpha.example`. */
export function hostOf(node: { readonly name: string }, { domain }: { readonly domain: string }): string {
  return `${node.name}.${domain}`;
}

function organisationTree(root: string, domain: string, nodes: 'peers' | 'orderers'): OrganisationTree {
  return {
    root,
    domain,
    ca: join(root, 'ca'),
    tlsca: join(root, 'tlsca'),
    msp: join(root, 'msp'),
    caCertificate: join(root, 'ca', `ca.${domain}-cert.pem`),
    tlsCaCertificate: join(root, 'tlsca', `tlsca.${domain}-cert.pem`),
    node: (name) => holder(join(root, nodes, `${name}.${domain}`)),
    renewedNode: (name) => holder(join(root, 'renewed', `${name}.${domain}`)),
    user: (name) => holder(join(root, 'users', `${name}@${domain}`)),
  };
}

function holder(root: string): HolderTree {
  return { root, msp: join(root, 'msp'), tls: join(root, 'tls') };
}
