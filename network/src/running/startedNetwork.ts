import type { AuthorityKind } from '../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from '../topology/index.js';
import type { OnCommitted, Upgrade } from './upgrade.js';

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

/** A process that a network looks after: one that ends by itself is started again. */
export interface SupervisedProcess {
  readonly name: string;
  /** None while it does not run. */
  readonly pid?: number | undefined;
  /** How often it was started again without anybody asking for it. */
  readonly restarts: number;
  /** Why it was last, and when: `SIGKILL, 2026-11-22T20:15:00.000Z`. */
  readonly lastEnd?: string | undefined;
}

/** A running network, whatever it runs on. A change that was interrupted may be made again. */
export interface StartedNetwork {
  /** Changes with {@link reconfigure}. */
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  /** None on the embedded network; in containers Docker looks after them. */
  readonly supervised: readonly SupervisedProcess[];
  /**
   * Makes the running network that of another description: organisations come and go by signed updates of the channels'
   * configurations, chaincodes get their new endorsement policies. Channels and orderers stay as they are.
   *
   * @param how new peers join from the genesis blocks, with all blocks there ever were, unless it says from snapshots (real
   * Fabric).
   * @param committed is called when the channels' configurations are those of the new description: from then on the network is
   * started with that one, which makes what is missing. It must not throw.
   * @throws DeploymentError or FabricError `OTHER_CONSORTIUM` when more than that differs; ChannelError `UPDATE_REFUSED`;
   * AdminError
   */
  reconfigure(consortium: Consortium, how?: ChangeOptions, committed?: () => void): Promise<void>;
  /**
   * Brings a chaincode of the description to another version, policy or collections, by the next sequence: every member's
   * peers have the package and every member has approved before it is committed; the service of the version before serves
   * until then. Failing, it leaves the chaincode as it stood on all channels that have not committed the new definition.
   *
   * @param committed is told the new definition as soon as it stands, on some channel at least: the network cannot be started
   * with the one before any more. It must not throw.
   * @throws UpgradeError when it cannot be from where the chaincode stands (`nextDefinition` decides, for every engine);
   * DeploymentError, ChaincodeStartError, FabricError, AdminError
   */
  upgrade(chaincode: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade>;
  /**
   * Gives a member a new CA while the network runs: the new root enters all channels beside the old one, its nodes and users
   * get new certificates (for the same keys from an identity CA, with new keys for TLS), and the old root leaves.
   *
   * @throws RotationError, PkiError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new keys and certificates, for its identity and for TLS, which all channels learn of. On real Fabric it
   * is then restarted, while the others go on.
   *
   * @param name its full name: `orderer1.orderer.nmi-north.example`.
   * @throws RotationError, PkiError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateOrderer(name: string): Promise<void>;
  /** Finishes calls under way and ends everything, chaincodes and peers before orderers and ledgers. Safe to call twice. */
  stop(): Promise<void>;
}
