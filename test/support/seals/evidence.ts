import { createHash } from 'node:crypto';
import { algorithmOf } from './authority.js';
import type { Holder } from './authority.js';
import { bits, enumerated, explicit, integer, nothing, octets, oid, sequence, setOf, time, tlv } from './der.js';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** When a piece of evidence was made, and until when it says that it counts. */
export interface Interval {
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | null;
}

const THIS_UPDATE = '2025-06-01T00:00:00Z';
const NEXT_UPDATE = '2025-07-01T00:00:00Z';

export interface Revoked {
  readonly holder: Holder;
  readonly at: string;
}

/** A CRL; `signer` is another one than the issuer only in forgeries. */
export function revocationList(
  issuer: Holder,
  revoked: readonly Revoked[] = [],
  { thisUpdate = THIS_UPDATE, nextUpdate = NEXT_UPDATE }: Interval = {},
  signer = issuer,
): Buffer {
  const algorithm = algorithmOf(signer.key);
  const entries = revoked.map(({ holder, at }) => sequence(integer(holder.serial), time(new Date(at))));
  const content = sequence(
    integer(1),
    algorithm,
    issuer.name,
    time(new Date(thisUpdate)),
    ...(nextUpdate === null ? [] : [time(new Date(nextUpdate))]),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
  );
  return sequence(content, algorithm, bits(signer.sign(content)));
}

/** An OCSP response about one certificate, by its issuer or by a responder whose certificate comes with it. */
export function ocspResponse(
  about: Holder,
  { revokedAt, responder = about.issuer!, thisUpdate = THIS_UPDATE, nextUpdate = NEXT_UPDATE }: OcspTraits = {},
): Buffer {
  const issuer = about.issuer!;
  const sha1 = (bytes: Uint8Array) => octets(createHash('sha1').update(bytes).digest());
  const certificateId = sequence(
    sequence(oid('1.3.14.3.2.26'), nothing()),
    sha1(issuer.name),
    sha1(issuer.publicKeyBits),
    integer(about.serial),
  );
  const status = revokedAt === undefined ? tlv(0x80) : tlv(0xa1, time(new Date(revokedAt)));
  const until = nextUpdate === null ? [] : [explicit(0, time(new Date(nextUpdate)))];
  const single = sequence(certificateId, status, time(new Date(thisUpdate)), ...until);
  const content = sequence(explicit(1, responder.name), time(new Date(thisUpdate)), sequence(single));
  const basic = sequence(
    content,
    algorithmOf(responder.key),
    bits(responder.sign(content)),
    ...(responder === issuer ? [] : [explicit(0, sequence(responder.der))]),
  );
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

export interface OcspTraits extends Interval {
  readonly revokedAt?: string;
  readonly responder?: Holder;
}

/** An RFC 3161 token over these bytes. */
export function timestampToken(authority: Holder, stamped: Uint8Array, at: string, traits: TokenTraits = {}): Buffer {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  const info = sequence(
    integer(1),
    oid('1.2.3.4'),
    sequence(sequence(oid(SHA256)), octets(digest(stamped))),
    integer(7),
    time(new Date(at)),
  );
  const named = traits.named ?? authority;
  const attributes = [
    sequence(oid('1.2.840.113549.1.9.3'), setOf(oid('1.2.840.113549.1.9.16.1.4'))),
    sequence(oid('1.2.840.113549.1.9.4'), setOf(octets(digest(traits.signedInfo ?? info)))),
    sequence(oid('1.2.840.113549.1.9.16.2.47'), setOf(sequence(sequence(sequence(octets(digest(named.der))))))),
  ];
  const signer = sequence(
    integer(1),
    sequence(authority.issuer!.name, integer(authority.serial)),
    sequence(oid(SHA256)),
    explicit(0, ...attributes),
    algorithmOf(authority.key),
    octets((traits.signer ?? authority).sign(setOf(...attributes))),
  );
  const signedData = sequence(
    integer(3),
    setOf(sequence(oid(SHA256))),
    sequence(oid('1.2.840.113549.1.9.16.1.4'), explicit(0, octets(info))),
    explicit(0, authority.der),
    setOf(signer),
  );
  return sequence(oid('1.2.840.113549.1.7.2'), explicit(0, signedData));
}

/** Ways to forge a token. */
export interface TokenTraits {
  /** Whose key signs, instead of the authority's. */
  readonly signer?: Holder;
  /** Whose certificate the signed attributes name. */
  readonly named?: Holder;
  /** Of which content the signed attributes hold the digest. */
  readonly signedInfo?: Buffer;
}
