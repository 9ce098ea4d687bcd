import type { Anchor, Jws, Result } from '@tracecal/core/model';

/** Something to be registered: a signed statement, and what it names by its digest or needs beside it. */
export interface Item {
  readonly statement: Jws;
  /** The certificate that the statement names: DER in base64. */
  readonly certificate?: string;
  /** Of a founding: the institutes' certificates in its order. */
  readonly certificates?: readonly string[];
  /** Of a founding: each institute's own statement of what it is; of an admission: the newcomer's. */
  readonly memberships?: readonly Jws[];
  /** Of a report. */
  readonly results?: readonly Result[];
  /** Of a report: its owner's acceptance, registered together with it. */
  readonly acceptance?: Jws;
  /** Of a report: the proof that its digest was anchored before. */
  readonly anchor?: AnchorProof;
}

/** The place of a digest in a Merkle tree whose root is on the ledger, see `anchorOf`. */
export type AnchorProof = Omit<Anchor, 'registered'>;
