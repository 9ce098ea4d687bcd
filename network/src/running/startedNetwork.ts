import type { AuthorityKind } from '../pki/index.js';
import type { ChaincodeDeployment, ChangeOptions, Consortium } from '../topology/index.js';
import type { OnCommitted, Upgrade } from './upgrade.js';

/** The endpoint of the network for applications of one organisation. */
export interface OrganisationEndpoint {
  readonly id: string;
  readonly mspId: string;
  /** `host:port` of its peer: Gateway, Deliver and Endorser services over TLS. */
  readonly gatewayEndpoint: string;
  /** The name in the peer's TLS certificate, for clients that connect by address. */
  readonly tlsHostName: string;
  /** PEM file of the TLS certification authority of the endpoint. */
  readonly tlsCaCert: string;
  /** Path of its connection profile (JSON). */
  readonly profile: string;
}

/** A supervised process of a network: it is restarted when it ends by itself. */
export interface SupervisedProcess {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid?: number | undefined;
  /** Number of restarts that nobody requested. */
  readonly restarts: number;
  /** Reason and time of its last end: `SIGKILL, 2026-11-22T20:15:00.000Z`. */
  readonly lastEnd?: string | undefined;
  /** HOST:PORT of its health and metrics, if it has such an endpoint. */
  readonly operations?: string | undefined;
}

/** A running network, on any engine. An interrupted change may be repeated. */
export interface StartedNetwork {
  /** Changes with {@link reconfigure}. */
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  /** Empty on the embedded network, and in containers, which Docker supervises. */
  readonly supervised: readonly SupervisedProcess[];
  /**
   * Changes the running network to another description: organisations are added and removed by signed updates of the channels'
   * configurations, and chaincodes get their new endorsement policies. Channels and orderers stay as they are.
   *
   * @param how New peers join from the genesis blocks, with all earlier blocks, or from snapshots (real Fabric).
   * @param committed Called when the channels' configurations match the new description: from then on the network starts with it and
   * completes what is missing. It must not throw.
   * @throws DeploymentError or FabricError `OTHER_CONSORTIUM` when more than that differs; ChannelError `UPDATE_REFUSED`; AdminError
   */
  reconfigure(consortium: Consortium, how?: ChangeOptions, committed?: () => void): Promise<void>;
  /**
   * Upgrades a chaincode of the description to another version, policy or collections, with the next sequence. Every member's peers have
   * the package and every member has approved before it is committed; the previous version's service runs until then. After a failure, the
   * chaincode is unchanged on all channels that have not committed the new definition.
   *
   * @param committed Called with the new definition as soon as a channel has it: from then on the network cannot start with the previous
   * one. It must not throw.
   * @throws UpgradeError when the upgrade is impossible from the present definition (`nextDefinition` decides, for every engine);
   * DeploymentError, ChaincodeStartError, FabricError, AdminError
   */
  upgrade(chaincode: ChaincodeDeployment, committed?: OnCommitted): Promise<Upgrade>;
  /**
   * Replaces a member's CA while the network runs: the new root is added to all channels beside the old one, its nodes and users get new
   * certificates (for the same keys from an identity CA, with new keys for TLS), and the old root is removed.
   *
   * @throws RotationError, PkiError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateAuthority(organisationId: string, authority: AuthorityKind): Promise<void>;
  /**
   * Gives an orderer new keys and certificates, for its identity and for TLS, and announces them in all channels. On real Fabric the
   * orderer is then restarted, while the others continue.
   *
   * @param name Its full name: `orderer1.orderer.nmi-north.example`.
   * @throws RotationError, PkiError, FabricError, ChannelError `UPDATE_REFUSED`, AdminError
   */
  rotateOrderer(name: string): Promise<void>;
  /**
   * Copies the data directory into an empty folder while the network runs, so that a network can be started from the copy. It says
   * nothing of processes and locks.
   *
   * @throws FabricError `NOT_COPIED` in containers
   */
  copyTo(folder: string): Promise<void>;
  /** Finishes running calls and stops everything, chaincodes and peers before orderers and ledgers. Safe to call twice. */
  stop(): Promise<void>;
}
