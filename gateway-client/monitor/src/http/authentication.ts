import { SHA256_HEX } from '@tracecal/core/model';
import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ALGORITHMS, holderOf, publicKeyOf, userKeyOf } from '../slices/index.js';
import type { Authority, Delegations } from '../slices/index.js';
import type { Collection, Store } from '../store/index.js';
import { ApiError } from './errors.js';

/** Longest life of a token, in seconds. */
export const TOKEN_SECONDS = 900;
/** Most characters of a token. */
const MOST_TOKEN = 4096;
/** How far ahead clocks of users may be, in seconds. */
const TOLERANCE = 60;

/** What a request brings to say who asks. */
export interface Credentials {
  /** The header `Authorization`. */
  readonly authorization?: string;
  /** The header `TraceCal-Delegation`, beside a client certificate. */
  readonly delegation?: string;
  /** Of the client certificate, whose key the handshake has proved: SHA-256 in hexadecimal digits. */
  readonly fingerprint?: string;
}

const claimsSchema = z.object({
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  delegation: z.string().regex(SHA256_HEX).optional(),
});
type Claims = z.infer<typeof claimsSchema>;

/** Who asks, by a token or a client certificate. */
export class Authentication {
  readonly #delegations: Delegations;
  readonly #certificates: ReadonlyMap<string, string>;
  readonly #store: Store;
  readonly #used: Collection<true>;
  readonly #now: () => number;
  #last: Promise<unknown> = Promise.resolve();

  /** @param certificates - The holder (thumbprint of the key) of each fingerprint. */
  constructor(
    store: Store,
    delegations: Delegations,
    certificates: ReadonlyMap<string, string> = new Map(),
    now: () => number = Date.now,
  ) {
    this.#delegations = delegations;
    this.#certificates = certificates;
    this.#store = store;
    this.#used = store.collection('tokens-used', z.literal(true));
    this.#now = now;
  }

  /**
   * What the one who asks may do.
   *
   * @param acts - Whether the request changes something: a token does that once.
   * @throws ApiError `UNAUTHENTICATED`, `TOKEN_USED`; Refusal where a known key holds no delegation that is in force
   */
  async authorityOf({ authorization, delegation, fingerprint }: Credentials, acts: boolean): Promise<Authority> {
    if (authorization === undefined) {
      const holder = this.#certificates.get(fingerprint ?? '');
      if (holder === undefined) throw new ApiError('UNAUTHENTICATED');
      return this.#delegations.authorityOf(holder, delegation);
    }
    const [, token] = /^Bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization) ?? [];
    if (token === undefined || token.length > MOST_TOKEN) throw new ApiError('UNAUTHENTICATED');
    const { holder, claims } = await this.#read(token);
    const authority = await this.#delegations.authorityOf(holder, claims.delegation);
    if (acts) await this.#useOnce(holder, claims);
    return authority;
  }

  async #read(token: string): Promise<{ readonly holder: string; readonly claims: Claims }> {
    try {
      const { decodeProtectedHeader } = await import('jose');
      const holder = decodeProtectedHeader(token).kid ?? '';
      return { holder, claims: this.#checked(await this.#payload(token, holder)) };
    } catch {
      // One sentence for all: which key is known, and what was wrong, is nobody's business.
      throw new ApiError('UNAUTHENTICATED');
    }
  }

  async #payload(token: string, holder: string): Promise<unknown> {
    const { jwtVerify } = await import('jose');
    const key = await this.#delegations.keyOf(holder);
    if (!key) throw new ApiError('UNAUTHENTICATED');
    const { payload } = await jwtVerify(token, publicKeyOf(key), {
      algorithms: [...ALGORITHMS],
      audience: this.#delegations.monitor,
      typ: 'JWT',
      currentDate: new Date(this.#now()),
    });
    return payload;
  }

  #checked(payload: unknown): Claims {
    const claims = claimsSchema.parse(payload);
    const ahead = claims.iat - this.#now() / 1000;
    if (claims.exp - claims.iat > TOKEN_SECONDS || ahead > TOLERANCE) throw new ApiError('UNAUTHENTICATED');
    return claims;
  }

  /** Durably: a restart makes no token fresh. */
  #useOnce(holder: string, { jti, exp }: Claims): Promise<void> {
    const work = async (): Promise<void> => {
      const key = `${seconds(exp)} ${holder} ${jti}`;
      if (await this.#used.get(key)) throw new ApiError('TOKEN_USED');
      const over = [];
      for await (const [old] of this.#used.entries({ limit: 100 })) {
        if (old < seconds(this.#now() / 1000)) over.push(this.#used.remove(old));
      }
      await this.#store.write([...over, this.#used.put(key, true)]);
    };
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

function seconds(time: number): string {
  return String(Math.floor(time)).padStart(12, '0');
}

export interface TokenFor {
  /** The id of the monitor. */
  readonly monitor: string;
  /** The digest of the delegation that the user acts by; absent: as an officer. */
  readonly delegation?: string;
  /** At most 900, which is the default. */
  readonly seconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: number;
}

/** A token for requests by a user: a JWT signed with the user's key. */
export async function signToken(
  key: KeyObject,
  { monitor, delegation, seconds, now = Date.now() }: TokenFor,
): Promise<string> {
  const { SignJWT } = await import('jose');
  const issued = Math.floor(now / 1000);
  return new SignJWT(delegation === undefined ? {} : { delegation })
    .setProtectedHeader({
      alg: key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256',
      typ: 'JWT',
      kid: holderOf(userKeyOf(key)),
    })
    .setAudience(monitor)
    .setIssuedAt(issued)
    .setExpirationTime(issued + (seconds ?? TOKEN_SECONDS))
    .setJti(randomUUID())
    .sign(key);
}
