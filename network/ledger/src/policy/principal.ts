import { parseCertificatePem, type Member } from '../identity/index.js';
import {
  CombinedPrincipal,
  MSP_ROLE,
  MspIdentityAnonymity,
  MspRole,
  OrganizationUnit,
  PRINCIPAL,
  sameBytes,
  SerializedIdentity,
  type MspPrincipal,
} from '../wire/index.js';

/** Test whether an identity satisfies a principal of a policy. */
export interface Principal {
  matches(member: Member): boolean;
  /** The organisation whose peers can satisfy it; absent if no peer can. */
  readonly peerMsp: string | undefined;
}

/** `common.MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL` */
const NOMINAL = 0;

const NOBODY: Principal = { matches: () => false, peerMsp: undefined };

/** If Fabric cannot read a principal, nobody satisfies it; the rest of the policy still applies. */
export function compilePrincipal(principal: MspPrincipal): Principal {
  try {
    const parts = partsOf(principal).map(readPrincipal);
    const organisations = new Set(parts.map((part) => part.peerMsp));
    return {
      matches: (member) => parts.every((part) => part.matches(member)),
      peerMsp: organisations.size === 1 ? parts[0]?.peerMsp : undefined,
    };
  } catch {
    return NOBODY;
  }
}

/** The principals that a combined principal consists of, in order and at any depth. For any other principal: the principal itself. */
function partsOf(principal: MspPrincipal): readonly MspPrincipal[] {
  const parts: MspPrincipal[] = [];
  const open = [principal];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.classification !== PRINCIPAL.combined) {
      parts.push(next);
      continue;
    }
    const { principals } = CombinedPrincipal.decode(next.principal);
    if (principals.length === 0) throw new Error('a combined principal is empty');
    for (const part of principals.toReversed()) open.push(part);
  }
  return parts;
}

function readPrincipal(principal: MspPrincipal): Principal {
  const { classification, principal: bytes } = principal;
  switch (classification) {
    case PRINCIPAL.role:
      return rolePrincipal(MspRole.decode(bytes));
    case PRINCIPAL.organizationUnit:
      return unitPrincipal(OrganizationUnit.decode(bytes));
    case PRINCIPAL.identity:
      return identityPrincipal(SerializedIdentity.decode(bytes));
    case PRINCIPAL.anonymity:
      return anonymityPrincipal(MspIdentityAnonymity.decode(bytes));
    default:
      // The enum is open in the wire format.
      throw new Error('the kind of a principal is unknown');
  }
}

function rolePrincipal(role: MspRole): Principal {
  const { mspIdentifier: mspId, role: kind } = role;
  const tests = new Map<number, (member: Member) => boolean>([
    [MSP_ROLE.member, () => true],
    [MSP_ROLE.admin, (member) => member.isAdmin],
    [MSP_ROLE.client, (member) => member.nodeRole === 'client'],
    [MSP_ROLE.peer, (member) => member.nodeRole === 'peer'],
    [MSP_ROLE.orderer, (member) => member.nodeRole === 'orderer'],
  ]);
  const test = tests.get(kind);
  if (test === undefined) throw new Error('the role of a principal is unknown');
  return {
    matches: (member) => member.mspId === mspId && test(member),
    peerMsp: kind === MSP_ROLE.member || kind === MSP_ROLE.peer ? mspId : undefined,
  };
}

function unitPrincipal(unit: OrganizationUnit): Principal {
  const { mspIdentifier: mspId, organizationalUnitIdentifier: name, certifiersIdentifier: certifiers } = unit;
  return {
    matches: (member) =>
      member.mspId === mspId &&
      member.certificate.organisationalUnits.includes(name) &&
      sameBytes(member.certifiers, certifiers),
    peerMsp: mspId,
  };
}

function identityPrincipal(identity: SerializedIdentity): Principal {
  const { mspId, idBytes } = identity;
  const { fingerprint } = parseCertificatePem(idBytes);
  return {
    matches: (member) => member.mspId === mspId && member.certificate.fingerprint === fingerprint,
    peerMsp: mspId,
  };
}

function anonymityPrincipal(anonymity: MspIdentityAnonymity): Principal {
  // X.509 identities always have a name.
  const nominal = anonymity.anonymityType === NOMINAL;
  return { matches: () => nominal, peerMsp: undefined };
}
