import type { AuthorityKind } from '../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from '../topology/index.js';
import type { Upgrade } from '../upgrade.js';
import type { Log } from './log.js';

/** How an embedded network is started. */
export interface EmbeddedOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, ledgers, chaincode logs, lock. Created when missing. */
  readonly dataDir: string;
  /** `configured` listens on the ports of the consortium; `free` lets the system choose (tests, several networks at once). */
  readonly ports: 'configured' | 'free';
  /** Chaincodes beside those of the consortium, usually services that somebody else runs. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  /** The peers' clock, in milliseconds since the epoch; injectable for tests of the time window and of expiry. */
  readonly clock?: () => number;
  readonly log?: Log;
  /** How long a chaincode may take for one transaction; Fabric's 30 seconds unless given. */
  readonly executeTimeoutMs?: number;
}

/** Where an application of one organisation finds the network. */
export interface OrganisationEndpoint {
  readonly id: string;
  readonly mspId: string;
  /** `host:port` of its peer: Gateway, Deliver and Endorser services over TLS. */
  readonly gatewayEndpoint: string;
  /** The name in the peer's TLS certificate, for clients that connect by address. */
  readonly tlsHostName: string;
  /** PEM file of the TLS certification authority that vouches for the endpoint. */
  readonly tlsCaCert: string;
  /** Path of its connection profile (JSON). */
  readonly profile: string;
}

/** A running network. */
export interface EmbeddedNetwork {
  /** Changes with {@link reconfigure}. */
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  /**
   * Makes the running network that of another description: organisations come and go by signed updates of the channels'
   * configurations, chaincodes get their new endorsement policies. When it is interrupted, it may be done again.
   * @throws DeploymentError when channels, orderers or chaincodes differ in more than that, or a new member shall join from a
   * snapshot; ChannelError `UPDATE_REFUSED`
   */
  reconfigure(consortium: Consortium, how?: ChangeOptions): Promise<void>;
  /**
   * Brings a chaincode to another version, policy or collections, by the next sequence. The service of the version before is
   * ended when what runs on it is done.
   * @throws UpgradeError; DeploymentError, ChaincodeStartError: then the chaincode stands as it stood
   */
  upgrade(chaincode: ChaincodeDeployment): Promise<Upgrade>;
  /**
   * Gives a member a new CA: its root enters all channels beside the old one, its peer and users get new certificates, and
   * the old root leaves. When it is interrupted, it may be done again.
   * @throws RotationError, PkiError, ChannelError `UPDATE_REFUSED`
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new certificates. No node of that name runs here, but the channels name it as a consenter, and the first
   * one signs their configurations.
   * @throws RotationError, PkiError, ChannelError `UPDATE_REFUSED`
   */
  rotateOrderer(name: string): Promise<void>;
  /** Refuses new calls, finishes those under way, closes ledgers, ends chaincode processes. Safe to call twice. */
  stop(): Promise<void>;
}
