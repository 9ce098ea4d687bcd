import { bool, bytes, inner, int32, repeated, repeatedInner, string } from './fields.js';
import { message, type Message } from './message.js';

export interface SerializedIdentity {
  readonly mspId: string;
  readonly idBytes: Uint8Array;
}
export const SerializedIdentity: Message<SerializedIdentity> = message<SerializedIdentity>({
  mspId: string(1),
  idBytes: bytes(2),
});

export interface MspConfig {
  readonly type: number;
  readonly config: Uint8Array;
}
export const MspConfig: Message<MspConfig> = message<MspConfig>({ type: int32(1), config: bytes(2) });

export interface OuIdentifier {
  readonly certificate: Uint8Array;
  readonly organizationalUnitIdentifier: string;
}
export const OuIdentifier: Message<OuIdentifier> = message<OuIdentifier>({
  certificate: bytes(1),
  organizationalUnitIdentifier: string(2),
});

export interface NodeOus {
  readonly enable: boolean;
  readonly client: OuIdentifier | undefined;
  readonly peer: OuIdentifier | undefined;
  readonly admin: OuIdentifier | undefined;
  readonly orderer: OuIdentifier | undefined;
}
export const NodeOus: Message<NodeOus> = message<NodeOus>({
  enable: bool(1),
  client: inner(2, () => OuIdentifier),
  peer: inner(3, () => OuIdentifier),
  admin: inner(4, () => OuIdentifier),
  orderer: inner(5, () => OuIdentifier),
});

/** `msp.FabricMSPConfig`, without the parts that only the node itself reads (its key, its hash function). */
export interface FabricMspConfig {
  readonly name: string;
  readonly rootCerts: readonly Uint8Array[];
  readonly intermediateCerts: readonly Uint8Array[];
  readonly admins: readonly Uint8Array[];
  readonly revocationList: readonly Uint8Array[];
  readonly organizationalUnitIdentifiers: readonly OuIdentifier[];
  readonly tlsRootCerts: readonly Uint8Array[];
  readonly tlsIntermediateCerts: readonly Uint8Array[];
  readonly nodeOus: NodeOus | undefined;
}
export const FabricMspConfig: Message<FabricMspConfig> = message<FabricMspConfig>({
  name: string(1),
  rootCerts: repeated(bytes(2)),
  intermediateCerts: repeated(bytes(3)),
  admins: repeated(bytes(4)),
  revocationList: repeated(bytes(5)),
  organizationalUnitIdentifiers: repeatedInner(7, () => OuIdentifier),
  tlsRootCerts: repeated(bytes(9)),
  tlsIntermediateCerts: repeated(bytes(10)),
  nodeOus: inner(11, () => NodeOus),
});

/** `common.MSPPrincipal.Classification` and `common.MSPRole.MSPRoleType`. */
export const PRINCIPAL = { role: 0, organizationUnit: 1, identity: 2, anonymity: 3, combined: 4 } as const;
export const MSP_ROLE = { member: 0, admin: 1, client: 2, peer: 3, orderer: 4 } as const;

export interface MspPrincipal {
  readonly classification: number;
  readonly principal: Uint8Array;
}
export const MspPrincipal: Message<MspPrincipal> = message<MspPrincipal>({
  classification: int32(1),
  principal: bytes(2),
});

export interface OrganizationUnit {
  readonly mspIdentifier: string;
  readonly organizationalUnitIdentifier: string;
  readonly certifiersIdentifier: Uint8Array;
}
export const OrganizationUnit: Message<OrganizationUnit> = message<OrganizationUnit>({
  mspIdentifier: string(1),
  organizationalUnitIdentifier: string(2),
  certifiersIdentifier: bytes(3),
});

export interface MspRole {
  readonly mspIdentifier: string;
  readonly role: number;
}
export const MspRole: Message<MspRole> = message<MspRole>({ mspIdentifier: string(1), role: int32(2) });

export interface MspIdentityAnonymity {
  readonly anonymityType: number;
}
export const MspIdentityAnonymity: Message<MspIdentityAnonymity> = message<MspIdentityAnonymity>({
  anonymityType: int32(1),
});
export interface CombinedPrincipal {
  readonly principals: readonly MspPrincipal[];
}
export const CombinedPrincipal: Message<CombinedPrincipal> = message<CombinedPrincipal>({
  principals: repeatedInner(1, () => MspPrincipal),
});
