/**
 * What a channel's configuration holds of an organisation's membership service. Certificates and revocation lists are PEM
 * text; `network/src/pki` reads it from an MSP folder.
 */
export interface ChannelMsp {
  readonly mspId: string;
  readonly rootCerts: readonly string[];
  readonly intermediateCerts: readonly string[];
  readonly tlsRootCerts: readonly string[];
  readonly tlsIntermediateCerts: readonly string[];
  readonly admins: readonly string[];
  readonly revocationList: readonly string[];
  readonly nodeOus: {
    readonly enabled: boolean;
    readonly units: Readonly<Partial<Record<NodeOuRole, { readonly unit: string; readonly certificate?: string }>>>;
  };
}

export type NodeOuRole = 'client' | 'peer' | 'admin' | 'orderer';

/** The certificates (PEM) by which ordering nodes know each other. */
export interface ConsenterCertificates {
  readonly identity: string;
  readonly clientTls: string;
  readonly serverTls: string;
}

/** All certificates that go into a channel's configuration. */
export interface ChannelMaterial {
  /** By MSP id: members and ordering nodes. */
  readonly msps: ReadonlyMap<string, ChannelMsp>;
  /** By MSP id of the ordering node. */
  readonly consenters: ReadonlyMap<string, ConsenterCertificates>;
}
