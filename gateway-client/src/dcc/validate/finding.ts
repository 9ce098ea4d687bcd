/** One finding of a schema or a rule about a certificate. */
export interface Finding {
  /** Only errors make a certificate invalid. */
  readonly level: 'error' | 'warning' | 'information';
  /** Counted from 1; null if it concerns the whole file. */
  readonly line: number | null;
  readonly reason: string;
}
