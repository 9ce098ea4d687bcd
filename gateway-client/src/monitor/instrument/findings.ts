/** What observations of an instrument can show, with what it means for whoever looks after it. */
export const INSTRUMENT_FINDINGS = {
  outside: 'a value is outside of its control limits',
  shift: 'values have shifted for good',
  pattern: 'values follow a pattern that an instrument in order rarely shows',
  drift: 'values drift',
  leaving: 'the drift leads out of the largest error allowed before the next calibration',
  scatter: 'values scatter more than they did',
  disagrees: 'a value and its reference do not agree within their uncertainties',
  margin: 'the error is larger than allowed, or nearer to it than its uncertainty',
  stuck: 'it shows exactly the same again and again',
} as const;

export type InstrumentFindingName = keyof typeof INSTRUMENT_FINDINGS;

export interface InstrumentFinding {
  readonly name: InstrumentFindingName;
  /** One sentence, with numbers. */
  readonly says: string;
  /** The observation at which it shows first, counted from 0. */
  readonly at: number;
}
