import { IDENTIFIER } from '@tracecal/core/model';
import { z } from 'zod';
import type { Collection, Store } from '../store/index.js';
import { authorityOf } from './authority.js';
import type { Authority, Officer } from './authority.js';
import { claimedDelegation, claimedRevocation, MOST_LINKS, readRevocation } from './delegation.js';
import type { Delegation } from './delegation.js';
import { holderOf } from './keys.js';
import type { UserKey } from './keys.js';
import { Refusal } from './refusal.js';

/** A delegation as those see it who are above it. */
export interface GivenDelegation {
  readonly digest: string;
  readonly delegation: Delegation;
  readonly isRevoked: boolean;
}

const keptSchema = z.strictObject({ link: z.string(), officer: z.string(), to: z.string() });
type Kept = z.infer<typeof keptSchema>;

/** The delegations and revocations that a monitor was given, durably. */
export class Delegations {
  readonly #store: Store;
  readonly #kept: Collection<Kept>;
  readonly #byHolder: Collection<string>;
  readonly #revoked: Collection<string>;
  readonly #officers: ReadonlyMap<string, Officer>;
  readonly #monitor: string;
  readonly #now: () => number;

  /** @param monitor - The id of this monitor, which delegations and tokens have to name. */
  constructor(store: Store, monitor: string, officers: readonly Officer[], now: () => number = Date.now) {
    this.#store = store;
    this.#monitor = z.string().regex(IDENTIFIER).parse(monitor);
    this.#officers = new Map(officers.map((officer) => [holderOf(officer.key), officer]));
    this.#kept = store.collection('delegations', keptSchema);
    this.#byHolder = store.collection('delegations-by-holder', z.string());
    this.#revoked = store.collection('revocations', z.string());
    this.#now = now;
  }

  get monitor(): string {
    return this.#monitor;
  }

  /** The key of somebody who was given something, or of an officer; undefined for anybody else. */
  async keyOf(holder: string): Promise<UserKey | undefined> {
    const officer = this.#officers.get(holder);
    if (officer) return officer.key;
    for await (const [, digest] of this.#byHolder.entries({ after: `${holder} `, limit: 1 })) {
      const kept = await this.#kept.get(digest);
      if (kept?.to === holder) return claimedDelegation(kept.link).content.to.key;
    }
    return undefined;
  }

  /**
   * What somebody may do now.
   *
   * @param digest - Of the delegation that they act by; absent for an officer who acts as one. Nothing is chosen for anybody: others may have
   *   given them something too, of which they know nothing.
   * @throws Refusal what {@link authorityOf} throws; `NOT_DELEGATED` also for a delegation to somebody else
   */
  async authorityOf(holder: string, digest?: string): Promise<Authority> {
    const officer = this.#officers.get(holder);
    if (officer && digest === undefined) return this.#authority(officer, []);
    if (digest === undefined) throw new Refusal('NOT_DELEGATED', 'Name the delegation that you act by, by its digest.');
    const kept = await this.#kept.get(digest);
    if (kept?.to !== holder) throw new Refusal('NOT_DELEGATED');
    return this.#along(kept);
  }

  /**
   * Takes a delegation in, which everybody above it must have given before.
   *
   * @returns Its digest; the same delegation again changes nothing.
   * @throws Refusal what {@link authorityOf} throws
   */
  async add(link: string, giver: Authority): Promise<string> {
    const { digest, content } = claimedDelegation(link);
    const officer = giver.path[0]?.id ?? '';
    const kept = { link, officer, to: holderOf(content.to.key) };
    if (content.above !== (giver.delegation ?? null)) throw new Refusal('CHAIN_BROKEN');
    await this.#along(kept);
    if ((await this.#kept.get(digest)) === undefined) {
      await this.#store.write([this.#kept.put(digest, kept), this.#byHolder.put(`${kept.to} ${digest}`, digest)]);
    }
    return digest;
  }

  /**
   * Ends a delegation for good, and all below it. Its holder may do that, and whoever is above; what was revoked before stays revoked.
   *
   * @returns The digest of what was revoked.
   * @throws Refusal `NOT_FOUND` unless the signer is the holder, above, or an officer of the operator; `SIGNATURE_INVALID`, `CONTENT_INVALID`, `OTHER_MONITOR`
   */
  async revoke(jws: string, by: Authority): Promise<string> {
    const { monitor, delegation } = claimedRevocation(jws).content;
    if (!(await this.#mayRevoke(delegation, by))) throw new Refusal('NOT_FOUND');
    await readRevocation(jws, by.holder.key);
    if (monitor !== this.#monitor) throw new Refusal('OTHER_MONITOR');
    await this.#store.write([this.#revoked.put(delegation, jws)]);
    return delegation;
  }

  /** What was given on from somebody's authority, directly or further down, by digest. */
  async *below(authority: Authority, after?: string): AsyncGenerator<GivenDelegation> {
    for await (const [digest, kept] of this.#kept.entries(after === undefined ? {} : { after })) {
      if (this.#operatorOf(kept) !== authority.slice.operator) continue;
      const links = await this.#digestsUpFrom(digest);
      const isBelow = authority.delegation === undefined || links.slice(1).includes(authority.delegation);
      if (!isBelow) continue;
      const revoked = await this.#revokedOf(links);
      yield { digest, delegation: claimedDelegation(kept.link).content, isRevoked: revoked.size > 0 };
    }
  }

  async #along({ link, officer }: Kept): Promise<Authority> {
    const root = this.#officers.get(officer);
    // The settings name this officer no longer.
    if (!root) throw new Refusal('NOT_DELEGATED');
    const above = claimedDelegation(link).content.above;
    const digests = above === null ? [] : await this.#digestsUpFrom(above);
    const kept = await Promise.all(digests.map((digest) => this.#kept.get(digest)));
    const links = [link, ...kept.flatMap((each) => each?.link ?? [])].reverse();
    const revoked = await this.#revokedOf([claimedDelegation(link).digest, ...digests]);
    return this.#authority(root, links, revoked);
  }

  #authority(officer: Officer, links: readonly string[], revoked?: ReadonlySet<string>): Promise<Authority> {
    return authorityOf({ monitor: this.#monitor, officer, links }, this.#now(), revoked);
  }

  /** A delegation, that above it, and so on. Longer than any chain that holds, it ends. */
  async #digestsUpFrom(digest: string): Promise<readonly string[]> {
    const digests: string[] = [];
    for (let next: string | null = digest; next !== null && digests.length <= MOST_LINKS;) {
      digests.push(next);
      const kept: Kept | undefined = await this.#kept.get(next);
      next = kept ? claimedDelegation(kept.link).content.above : null;
    }
    return digests;
  }

  /** Its holder, those above, and every officer of the operator: one whose key was lost cannot do it. */
  async #mayRevoke(digest: string, { holder, delegation, slice }: Authority): Promise<boolean> {
    const digests = await this.#digestsUpFrom(digest);
    const kept = (await Promise.all(digests.map((each) => this.#kept.get(each)))).flatMap((each) => each ?? []);
    const isOfficer = delegation === undefined;
    return kept.some((each) => each.to === holder.id || (isOfficer && this.#operatorOf(each) === slice.operator));
  }

  #operatorOf({ officer }: Kept): string | undefined {
    return this.#officers.get(officer)?.slice.operator;
  }

  async #revokedOf(digests: readonly string[]): Promise<ReadonlySet<string>> {
    const revoked = await Promise.all(digests.map((digest) => this.#revoked.get(digest)));
    return new Set(digests.filter((_, place) => revoked[place] !== undefined));
  }
}
