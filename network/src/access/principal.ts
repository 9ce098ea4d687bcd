import { msp as mspProtos } from '@hyperledger/fabric-protos';
import { parseCertificatePem } from './certificate.js';
import type { Member } from './msp.js';

/** Who satisfies a principal of a policy. */
export interface Principal {
  matches(member: Member): boolean;
  /** The organisation whose peers can satisfy it; absent when no peer can. */
  readonly peerMsp: string | undefined;
}

const { MSPPrincipal, MSPRole, MSPIdentityAnonymity } = mspProtos;

/** Nesting of combined principals beyond this is nobody's policy. */
const MAX_DEPTH = 8;

const NOBODY: Principal = { matches: () => false, peerMsp: undefined };

/** What Fabric cannot read as a principal is one that nobody satisfies; the rest of the policy stands. */
export function compilePrincipal(principal: mspProtos.MSPPrincipal): Principal {
  try {
    return readPrincipal(principal, 0);
  } catch {
    return NOBODY;
  }
}

function readPrincipal(principal: mspProtos.MSPPrincipal, depth: number): Principal {
  const bytes = principal.getPrincipal_asU8();
  switch (principal.getPrincipalClassification()) {
    case MSPPrincipal.Classification.ROLE:
      return rolePrincipal(MSPRole.deserializeBinary(bytes));
    case MSPPrincipal.Classification.ORGANIZATION_UNIT:
      return unitPrincipal(mspProtos.OrganizationUnit.deserializeBinary(bytes));
    case MSPPrincipal.Classification.IDENTITY:
      return identityPrincipal(mspProtos.SerializedIdentity.deserializeBinary(bytes));
    case MSPPrincipal.Classification.ANONYMITY:
      return anonymityPrincipal(mspProtos.MSPIdentityAnonymity.deserializeBinary(bytes));
    case MSPPrincipal.Classification.COMBINED:
      return combinedPrincipal(mspProtos.CombinedPrincipal.deserializeBinary(bytes), depth);
    default:
      // The enum is open on the wire.
      throw new Error('the kind of a principal is unknown');
  }
}

function rolePrincipal(role: mspProtos.MSPRole): Principal {
  const mspId = role.getMspIdentifier();
  const { MEMBER, ADMIN, CLIENT, PEER, ORDERER } = MSPRole.MSPRoleType;
  const kind = role.getRole();
  const tests = new Map<number, (member: Member) => boolean>([
    [MEMBER, () => true],
    [ADMIN, (member) => member.isAdmin],
    [CLIENT, (member) => member.nodeRole === 'client'],
    [PEER, (member) => member.nodeRole === 'peer'],
    [ORDERER, (member) => member.nodeRole === 'orderer'],
  ]);
  const test = tests.get(kind);
  if (test === undefined) throw new Error('the role of a principal is unknown');
  return {
    matches: (member) => member.mspId === mspId && test(member),
    peerMsp: kind === MEMBER || kind === PEER ? mspId : undefined,
  };
}

function unitPrincipal(unit: mspProtos.OrganizationUnit): Principal {
  const mspId = unit.getMspIdentifier();
  const name = unit.getOrganizationalUnitIdentifier();
  const certifiers = Buffer.from(unit.getCertifiersIdentifier_asU8());
  return {
    matches: (member) =>
      member.mspId === mspId &&
      member.certificate.organisationalUnits.includes(name) &&
      member.certifiers.equals(certifiers),
    peerMsp: mspId,
  };
}

function identityPrincipal(identity: mspProtos.SerializedIdentity): Principal {
  const mspId = identity.getMspid();
  const { fingerprint } = parseCertificatePem(identity.getIdBytes_asU8());
  return {
    matches: (member) => member.mspId === mspId && member.certificate.fingerprint === fingerprint,
    peerMsp: mspId,
  };
}

function anonymityPrincipal(anonymity: mspProtos.MSPIdentityAnonymity): Principal {
  // X.509 identities always have a name.
  const nominal = anonymity.getAnonymityType() === MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL;
  return { matches: () => nominal, peerMsp: undefined };
}

function combinedPrincipal(combined: mspProtos.CombinedPrincipal, depth: number): Principal {
  const list = combined.getPrincipalsList();
  if (list.length === 0 || depth >= MAX_DEPTH) throw new Error('a combined principal is empty or nested too deep');
  const parts = list.map((part) => readPrincipal(part, depth + 1));
  const organisations = new Set(parts.map((part) => part.peerMsp));
  return {
    matches: (member) => parts.every((part) => part.matches(member)),
    peerMsp: organisations.size === 1 ? parts[0]?.peerMsp : undefined,
  };
}
