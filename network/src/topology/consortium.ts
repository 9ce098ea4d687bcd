import { ORGANISATION_KINDS, type OrganisationKind } from '@tracecal/core/model';
import type { NodeLocation } from './addresses.js';
import type { Firewall } from './firewall.js';

/** The description of all members, nodes and channels, as read from `test-network-config/consortium.yaml`. */
export interface Consortium {
  readonly name: string;
  readonly organisations: readonly MemberOrganisation[];
  readonly orderers: readonly OrdererNode[];
  readonly channels: readonly Channel[];
  readonly chaincodes: readonly ChaincodeDeployment[];
  /** Further machines, for the firewalls that are generated from this description. */
  readonly firewall?: Firewall;
}

export { ORGANISATION_KINDS, type OrganisationKind };

/** A member of the consortium: its Fabric MSP, its peers, and the people who hold client identities. */
export interface MemberOrganisation {
  /** Short name, used in paths, in the CLI and as the registry's organisation id: `lab-alpha`. */
  readonly id: string;
  readonly mspId: string;
  readonly name: string;
  /** What it may write on TraceCal's levels. Members of other channels have none. */
  readonly kind?: OrganisationKind;
  /** DNS domain of its nodes: `lab-alpha.example`. */
  readonly domain: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Empty for a shared organisation: its clients use the peers of the NMIs. */
  readonly peers: readonly PeerNode[];
  /**
   * True for the organisation whose one client identity is shared by everybody who reads without telling who they are. The NMIs run it. It
   * reads the calibration level, and does nothing else.
   */
  readonly shared?: boolean;
  /** Client identities made for it beside its `Admin`: `[{ name: 'User1', roles: ['recorder'] }]`. */
  readonly users: readonly ClientUser[];
}

export interface PeerNode extends NodeLocation {
  /** Host name without the domain: `peer0`. */
  readonly name: string;
  /** Port of its gRPC services (Gateway, Endorser, Deliver). */
  readonly port: number;
}

export interface ClientUser {
  readonly name: string;
  /** Written into the enrolment certificate as the attribute `tracecal.roles`, comma separated. */
  readonly roles: readonly string[];
}

/** An ordering node has its own MSP, so that a member's clients never count as an orderer's Writers. */
export interface OrdererNode extends NodeLocation {
  readonly name: string;
  /** The member that runs it; no member runs two. */
  readonly runBy: string;
  /** True if that organisation has left. Its node continues, because a network's orderers never change. */
  readonly formerMember?: boolean;
  readonly mspId: string;
  readonly domain: string;
  /** Where others reach it; channel configurations contain it. */
  readonly port: number;
  /** The local port on which it listens, if a forwarder listens on `port`. */
  readonly listenPort?: number;
  /** On the loopback of its machine: only its own administrators are there. */
  readonly adminPort: number;
  /** BFT consenter id, from 1. */
  readonly consenterId: number;
}

export type Level = 'calibration' | 'measurement' | 'monitoring';

export interface Channel {
  readonly name: string;
  /** A channel without one belongs to members without a kind, who agree on its use by themselves. */
  readonly level?: Level;
  /** A site or operator; the calibration level has one channel and no compartments. */
  readonly compartment?: string;
  /** Organisation ids whose members may write. */
  readonly writers: readonly string[];
  /** Organisation ids whose members may only read. */
  readonly readers: readonly string[];
  readonly batch: { readonly maxMessages: number; readonly timeoutMs: number };
}

export interface ChaincodeDeployment {
  readonly name: string;
  readonly channels: readonly string[];
  readonly version: string;
  readonly sequence: number;
  /**
   * The path of a channel policy (the calibration level accepts only `/Channel/Application/Endorsement`), or a policy in Fabric's signature
   * policy language that names peers of the channel's writers: `OR('OemAMSP.peer')`. One for each channel if they differ.
   */
  readonly endorsement: string | Readonly<Record<string, string>>;
  /** How the service is started: an npm package whose `main` exports `contracts`, or a service that already runs. */
  readonly service: OwnService | { readonly address: string; readonly tls?: ServiceTls };
  readonly collections?: readonly PrivateCollection[];
}

/** A chaincode that the network runs: a process for each member. */
export interface OwnService {
  /** Name or directory of the npm package. */
  readonly package: string;
  /** Further environment variables of its processes. Do not put secrets here. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How to reach a chaincode service over TLS: PEM files; certificate and key where it asks for a client certificate. */
export interface ServiceTls {
  readonly caFile: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface PrivateCollection {
  readonly name: string;
  /** Organisation ids. */
  readonly members: readonly string[];
  readonly memberOnlyRead: boolean;
  readonly memberOnlyWrite: boolean;
  readonly requiredPeerCount: number;
  readonly maxPeerCount: number;
  readonly blockToLive: number;
  /** Signature policy that overrides the chaincode's for this collection. */
  readonly endorsement?: string;
}
