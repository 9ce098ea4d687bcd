import { keyOf, quoted, SerializedIdentity } from '../wire/index.js';
import { MAX_REMEMBERED_BYTES, parseCertificatePem, type Certificate } from './certificate.js';
import { AccessError } from './errors.js';
import { LruCache } from './lru.js';
import type { Member, Msp } from './msp.js';

const CACHED_IDENTITIES = 2000;

/** The MSPs of a channel: turns serialised identities into members, each parsed and verified once. */
export class Members {
  readonly #msps: ReadonlyMap<string, Msp>;
  readonly #known = new LruCache<Member>(CACHED_IDENTITIES);

  constructor(msps: readonly Msp[]) {
    this.#msps = new Map(msps.map((msp) => [msp.mspId, msp]));
  }

  /** Ignores today's date. @throws AccessError if no MSP of the channel vouches for the identity. */
  member(serialized: Uint8Array): Member {
    if (serialized.byteLength > MAX_REMEMBERED_BYTES) return this.#verify(serialized);
    // The bytes themselves are the key: after any change, however small, the identity is verified again.
    const key = keyOf(serialized);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const member = this.#verify(serialized);
    this.#known.set(key, member);
    return member;
  }

  #verify(serialized: Uint8Array): Member {
    const { mspId, certificate } = readIdentity(serialized);
    const msp = this.#msps.get(mspId);
    if (msp === undefined) throw new AccessError('UNKNOWN_MSP', `MSP ${quoted(mspId)} is not defined on the channel.`);
    try {
      return msp.member(certificate);
    } catch (error) {
      if (error instanceof AccessError) throw error;
      throw new AccessError('UNTRUSTED_CERTIFICATE', `${mspId} cannot verify the certificate.`, { cause: error });
    }
  }
}

function readIdentity(serialized: Uint8Array): { mspId: string; certificate: Certificate } {
  try {
    const { mspId, idBytes } = SerializedIdentity.decode(serialized);
    return { mspId, certificate: parseCertificatePem(idBytes) };
  } catch (cause) {
    throw new AccessError('MALFORMED_IDENTITY', 'The identity is not an MSP id with a PEM certificate.', { cause });
  }
}
