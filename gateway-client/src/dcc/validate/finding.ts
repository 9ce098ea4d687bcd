/** One thing that a schema or a rule says about a certificate. */
export interface Finding {
  /** Only errors make a certificate invalid. */
  readonly level: 'error' | 'warning' | 'information';
  /** Counted from 1; null where it concerns the whole file. */
  readonly line: number | null;
  readonly reason: string;
}
