/** Why the laboratory of a report has to say whether it stands (ISO/IEC 17025, 7.10). */
export interface Doubt {
  /** The report that was called in question. */
  readonly report: string;
  /** The report by which: it amends a source, or found a standard out of its limits. */
  readonly cause: string;
  /** Whether the laboratory has said since that it stands. */
  readonly isReviewed: boolean;
  /** One sentence. */
  readonly reason: string;
}
