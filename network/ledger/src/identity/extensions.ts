import { DerError, oidText, TAG } from '@tracecal/core/signing/der';
import { DerCursor } from '../crypto/derCursor.js';
import { ia5Text } from './derText.js';

/** What the extensions of a certificate say, as far as it decides whether an MSP vouches for an identity. */
export interface CertificateExtensions {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** Absent if there is no key usage extension, or an empty one; then every usage is allowed. */
  readonly keyUsage: number | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyId: Uint8Array | undefined;
  readonly hasNameConstraints: boolean;
  /** The alternative names as they are written. */
  readonly otherNames: Uint8Array | undefined;
  readonly policies: readonly string[];
  readonly policyMappings: readonly (readonly [issuer: string, subject: string])[];
  /** After how many further certificates each begins to apply. */
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  readonly unknownCritical: boolean;
}

type Findings = { -readonly [K in keyof CertificateExtensions]?: CertificateExtensions[K] };

interface Reader {
  /** @throws DerError */
  read(value: DerCursor, findings: Findings): void;
  /** Go refuses a certificate that marks this one as critical. */
  readonly never?: 'critical';
}

/** The extensions that Go 1.26 knows, with which Fabric 3.1.5 is built; all others must not be critical. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['2.5.29.14', { read: readSubjectKeyId, never: 'critical' }],
  ['2.5.29.15', { read: readKeyUsage }],
  ['2.5.29.17', { read: readOtherNames }],
  ['2.5.29.19', { read: readBasicConstraints }],
  ['2.5.29.30', { read: readNameConstraints }],
  ['2.5.29.31', { read: readDistributionPoints }],
  ['2.5.29.32', { read: readPolicies }],
  ['2.5.29.33', { read: readPolicyMappings }],
  ['2.5.29.35', { read: readAuthorityKeyId, never: 'critical' }],
  ['2.5.29.36', { read: readPolicyConstraints }],
  ['2.5.29.37', { read: readExtendedKeyUsage }],
  ['2.5.29.54', { read: readInhibitAnyPolicy }],
  ['1.3.6.1.5.5.7.1.1', { read: readAuthorityAccess, never: 'critical' }],
]);

const contextTag = (number: number): number => 0x80 | number;
const constructedTag = (number: number): number => 0xa0 | number;

/** @param field the content of the field that holds them; absent without one. @throws DerError if Go refuses them */
export function readExtensions(field: Uint8Array | undefined): CertificateExtensions {
  const findings: Findings = {};
  const seen = new Set<string>();
  const list = field === undefined ? undefined : new DerCursor(field).inside(TAG.sequence);
  while (list?.atEnd === false) {
    const extension = list.inside(TAG.sequence);
    const id = extension.oid();
    const critical = extension.has(TAG.boolean) && extension.boolean();
    const value = new DerCursor(extension.take(TAG.octetString).content);
    if (seen.has(id)) throw new DerError('an extension is there twice');
    seen.add(id);
    read(id, critical, value, findings);
  }
  return {
    isCa: false,
    pathLength: undefined,
    keyUsage: undefined,
    extendedKeyUsage: [],
    subjectKeyId: undefined,
    hasNameConstraints: false,
    otherNames: undefined,
    policies: [],
    policyMappings: [],
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
    ...findings,
    unknownCritical: findings.unknownCritical === true,
  };
}

function read(id: string, critical: boolean, value: DerCursor, findings: Findings): void {
  const reader = READERS.get(id);
  if (critical && reader?.never === 'critical') throw new DerError('an extension must not be critical');
  const before = findings.unknownCritical;
  findings.unknownCritical = reader === undefined;
  reader?.read(value, findings);
  findings.unknownCritical = before === true || (critical && findings.unknownCritical);
}

function readSubjectKeyId(value: DerCursor, findings: Findings): void {
  findings.subjectKeyId = value.take(TAG.octetString).content;
}

/** Bits from the first one on; the ninth is in a second byte. */
function readKeyUsage(value: DerCursor, findings: Findings): void {
  const raw = value.take(TAG.bitString);
  new DerCursor(raw.raw).bits();
  const [, first = 0, second = 0] = raw.content;
  if (first !== 0 || second >= 0x80) findings.keyUsage = first;
}

function readBasicConstraints(value: DerCursor, findings: Findings): void {
  const parts = value.inside(TAG.sequence);
  findings.isCa = parts.has(TAG.boolean) && parts.boolean();
  if (!parts.has(TAG.integer)) return;
  const limit = parts.smallInteger();
  if (limit < 0) throw new DerError('the path length is negative');
  findings.pathLength = limit;
}

const NAME = { email: contextTag(1), dns: contextTag(2), uri: contextTag(6), ip: contextTag(7) } as const;
const KNOWN_NAMES: readonly number[] = Object.values(NAME);
const IP_LENGTHS = [4, 16];

function readOtherNames(value: DerCursor, findings: Findings): void {
  const raw = value.take(TAG.sequence);
  findings.otherNames = raw.raw;
  let known = false;
  for (const names = new DerCursor(raw.content); !names.atEnd;) {
    const { tag, content } = names.any();
    if (!KNOWN_NAMES.includes(tag)) continue;
    known = true;
    if (tag !== NAME.ip) ia5Text(content);
    else if (!IP_LENGTHS.includes(content.length)) throw new DerError('an IP address has a wrong length');
  }
  findings.unknownCritical = !known;
}

/** Only whether there are any, and whether Go knows their kinds. */
function readNameConstraints(value: DerCursor, findings: Findings): void {
  findings.hasNameConstraints = true;
  const subtrees = value.inside(TAG.sequence);
  if (!value.atEnd) throw new DerError('the name constraints are malformed');
  const permitted = subtrees.optional(constructedTag(0));
  const excluded = subtrees.optional(constructedTag(1));
  if (!subtrees.atEnd) throw new DerError('the name constraints are malformed');
  const bases = [permitted, excluded].flatMap((list) => {
    const found: number[] = [];
    for (const trees = new DerCursor(list?.content ?? new Uint8Array()); !trees.atEnd;) {
      found.push(trees.inside(TAG.sequence).any().tag);
    }
    return found;
  });
  if (bases.length === 0) throw new DerError('the name constraints are empty');
  findings.unknownCritical = bases.some((tag) => !KNOWN_NAMES.includes(tag));
}

function readDistributionPoints(value: DerCursor): void {
  for (const points = value.inside(TAG.sequence); !points.atEnd;) {
    const name = points.inside(TAG.sequence).optional(constructedTag(0));
    if (name === undefined) continue;
    const full = new DerCursor(name.content).inside(constructedTag(0));
    while (full.has(contextTag(6))) full.any();
  }
}

function readPolicies(value: DerCursor, findings: Findings): void {
  const policies: string[] = [];
  for (const list = value.inside(TAG.sequence); !list.atEnd;) policies.push(policyId(list.inside(TAG.sequence)));
  if (new Set(policies).size < policies.length) throw new DerError('a policy is there twice');
  findings.policies = policies;
}

function readPolicyMappings(value: DerCursor, findings: Findings): void {
  const mappings: (readonly [string, string])[] = [];
  for (const list = value.inside(TAG.sequence); !list.atEnd;) {
    const mapping = list.inside(TAG.sequence);
    mappings.push([policyId(mapping), policyId(mapping)]);
  }
  findings.policyMappings = mappings;
}

/** By its bytes: its arcs may be larger than those of other identifiers. */
function policyId(cursor: DerCursor): string {
  const id = cursor.take(TAG.oid);
  oidText(id);
  return id.content.join('.');
}

function readPolicyConstraints(value: DerCursor, findings: Findings): void {
  const parts = value.inside(TAG.sequence);
  if (parts.has(contextTag(0))) findings.requireExplicitPolicy = count(parts.smallInteger(contextTag(0)));
  if (parts.has(contextTag(1))) findings.inhibitPolicyMapping = count(parts.smallInteger(contextTag(1)));
}

function readInhibitAnyPolicy(value: DerCursor, findings: Findings): void {
  findings.inhibitAnyPolicy = count(value.smallInteger());
}

/** Go reads negative numbers, and ignores them. */
function count(value: number): number | undefined {
  return value < 0 ? undefined : value;
}

function readAuthorityKeyId(value: DerCursor): void {
  value.inside(TAG.sequence).optional(contextTag(0));
}

function readExtendedKeyUsage(value: DerCursor, findings: Findings): void {
  const usages: string[] = [];
  for (const list = value.inside(TAG.sequence); !list.atEnd;) usages.push(list.oid());
  findings.extendedKeyUsage = usages;
}

function readAuthorityAccess(value: DerCursor): void {
  for (const list = value.inside(TAG.sequence); !list.atEnd;) {
    const access = list.inside(TAG.sequence);
    access.oid();
    access.optional(contextTag(6));
  }
}
