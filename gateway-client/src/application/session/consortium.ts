import type { OrganisationKind } from '@tracecal/core/model';

/** The facts about a consortium that a session needs; the caller that opens it loads them. */
export interface Consortium<M extends KnownMember = KnownMember> {
  readonly organisations: readonly M[];
  readonly channels: readonly Channel[];
  readonly chaincodes: readonly { readonly name: string; readonly channels: readonly string[] }[];
  /** True if there are other organisations, about which nothing is known here. */
  readonly isPart?: boolean;
}

export interface Member {
  readonly id: string;
  readonly mspId: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A member about which at least this is known. */
export type KnownMember = Pick<Member, 'id' | 'mspId'> & Partial<Member>;

export type Level = 'calibration' | 'measurement' | 'monitoring';

export interface Channel {
  readonly name: string;
  /** None where it is no channel of TraceCal's. */
  readonly level?: Level;
  /** A site or operator; the calibration level has one channel and no compartments. */
  readonly compartment?: string;
  /** Ids of the organisations whose members may write. */
  readonly writers: readonly string[];
  /** Ids of the organisations whose members may only read. */
  readonly readers: readonly string[];
}

/** The chaincode of the calibration level. */
export const REGISTRY = 'registry';

/** The channel of the registry; undefined where a consortium has none. */
export function findRegistryChannel({ chaincodes, channels }: Pick<Consortium, 'chaincodes' | 'channels'>) {
  const registry = chaincodes.find(({ name }) => name === REGISTRY);
  return channels.find(({ name }) => registry?.channels.includes(name));
}
