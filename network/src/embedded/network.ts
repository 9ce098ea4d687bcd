import type { ChaincodeDeployment, Consortium } from '../topology/consortium.js';
import type { Log } from './log.js';

/** How an embedded network is started. */
export interface EmbeddedOptions {
  readonly consortium: Consortium;
  /** Everything lives here: crypto-config tree, ledgers, chaincode logs, lock file. Created when missing. */
  readonly dataDir: string;
  /** `configured` listens on the ports of the consortium; `free` lets the system choose (tests, several networks at once). */
  readonly ports: 'configured' | 'free';
  /** Chaincodes beside those of the consortium, usually services that somebody else runs. */
  readonly chaincodes?: readonly ChaincodeDeployment[];
  /** The peers' clock, in milliseconds since the epoch; injectable for tests of the time window and of expiry. */
  readonly clock?: () => number;
  readonly log?: Log;
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
  readonly organisations: readonly OrganisationEndpoint[];
  /** Root of the crypto-config tree (`peerOrganizations/...`, `ordererOrganizations/...`). */
  readonly cryptoDir: string;
  /** Refuses new calls, finishes those under way, closes ledgers, ends chaincode processes. Safe to call twice. */
  stop(): Promise<void>;
}
