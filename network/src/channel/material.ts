import {
  loadConsortiumMsps,
  loadIdentityCertificate,
  loadServerCertificate,
  ordererTree,
  type MspMaterial,
} from '../pki/index.js';
import type { Consortium, OrdererNode } from '../topology/consortium.js';

/** The certificates (PEM) by which ordering nodes authenticate each other. */
export interface ConsenterCertificates {
  readonly identity: string;
  readonly clientTls: string;
  readonly serverTls: string;
}

/** All certificates that go into a channel's configuration. */
export interface ChannelMaterial {
  /** By MSP id: members and ordering nodes. */
  readonly msps: ReadonlyMap<string, MspMaterial>;
  /** By MSP id of the ordering node. */
  readonly consenters: ReadonlyMap<string, ConsenterCertificates>;
}

/**
 * Reads the certificates of the consortium's channels from a crypto-config tree.
 * @param renewed - An orderer whose new certificates, stored beside its present ones, are to be announced.
 * @throws PkiError when a certificate is missing or cannot be read, naming the file.
 */
export function readChannelMaterial(consortium: Consortium, cryptoDir: string, renewed?: OrdererNode): ChannelMaterial {
  const consenters = consortium.orderers.map((orderer) => {
    const tree = ordererTree(cryptoDir, orderer);
    const node = orderer === renewed ? tree.renewedNode(orderer.name) : tree.node(orderer.name);
    const identity = loadIdentityCertificate(node.msp);
    const tls = loadServerCertificate(node.tls);
    return [orderer.mspId, { identity, clientTls: tls, serverTls: tls }] as const;
  });
  return { msps: loadConsortiumMsps(consortium, cryptoDir), consenters: new Map(consenters) };
}
