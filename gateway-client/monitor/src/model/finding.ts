import { canonicalJson } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { createHash } from 'node:crypto';

/** What a finding is about. */
export interface Subject {
  readonly kind: 'device' | 'laboratory' | 'site' | 'cohort' | 'reader' | 'peer';
  /** Of a cohort: `firmware=2.1.7`. */
  readonly id: string;
}

/** What the monitor proposes to somebody who may decide it. It decides nothing itself. */
export interface Proposed {
  readonly action: 'suspend' | 'quarantine' | 'release' | 'recalibrate' | 'measure';
  readonly devices: readonly string[];
}

/** A conclusion of the monitor about one subject, with the digests of its evidence. */
export interface Finding {
  /** What was found, in a word: `drift`, `stuck`, `not-sent`. */
  readonly name: string;
  readonly subject: Subject;
  /** One sentence, with numbers. */
  readonly says: string;
  /** SHA-256 of each piece of evidence, in hexadecimal digits. */
  readonly evidence: readonly string[];
  /** The time that the evidence is about. */
  readonly from: Instant;
  readonly to: Instant;
  readonly proposes?: Proposed;
}

/** The same evidence leads to the same id, so nothing is concluded twice, whatever happens in between. */
export function findingId(finding: Finding): string {
  return createHash('sha256').update(canonicalJson(finding)).digest('hex');
}
