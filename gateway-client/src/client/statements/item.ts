import type { Anchor, Jws, Result } from '@tracecal/core/model';

/** An item to register: a signed statement, and the documents that it names by digest or needs with it. */
export interface Item {
  readonly statement: Jws;
  /** The certificate that the statement names: DER in base64. */
  readonly certificate?: string;
  /** For a founding: the institutes' certificates, in its order. */
  readonly certificates?: readonly string[];
  /** For a founding: each institute's own membership statement; for an admission: that of the new institute. */
  readonly memberships?: readonly Jws[];
  /** For a report. */
  readonly results?: readonly Result[];
  /** For a report: its owner's acceptance, registered together with it. */
  readonly acceptance?: Jws;
  /** For a report: the proof that its digest was anchored before. */
  readonly anchor?: AnchorProof;
}

/** The place of a digest in a Merkle tree with its root on the ledger, see `anchorOf`. */
export type AnchorProof = Omit<Anchor, 'registered'>;
