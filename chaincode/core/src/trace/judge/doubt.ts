/** A reason for which the laboratory of a report has to state whether the report is still valid (ISO/IEC 17025, 7.10). */
export interface Doubt {
  /** The report in question. */
  readonly report: string;
  /** The report that raised the doubt: it amends a source, or found a standard out of its limits. */
  readonly cause: string;
  /** Whether the laboratory has confirmed the report since. */
  readonly isReviewed: boolean;
  /** One sentence. */
  readonly reason: string;
}
