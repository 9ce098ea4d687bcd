import { sha256 } from '#platform';
import { canonicalJson, shapes } from '../model/index.js';
import type { Instant } from '../model/index.js';
import * as z from '../shape/index.js';

/** What a finding can be about. */
export const SUBJECT_KINDS = ['device', 'laboratory', 'site', 'cohort', 'reader', 'peer'] as const;

/** What a finding is about. */
export interface Subject {
  readonly kind: (typeof SUBJECT_KINDS)[number];
  /** Of a cohort: `firmware=2.1.7`. */
  readonly id: string;
}

/** What a monitor can propose. */
export const PROPOSED_ACTIONS = ['suspend', 'quarantine', 'release', 'recalibrate', 'measure'] as const;

/** What the monitor proposes to somebody who may decide it. It decides nothing itself. */
export interface Proposed {
  readonly action: (typeof PROPOSED_ACTIONS)[number];
  readonly devices: readonly string[];
  /** The organisation that may decide it; absent: the operator of the site. */
  readonly to?: string;
  /** Other devices that it reaches, because their calibration depends on these. */
  readonly reaches?: readonly string[];
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

/** A finding under its id. */
export interface IdentifiedFinding extends Finding {
  readonly id: string;
}

/** Most findings that are recorded at once. */
export const MAX_FINDINGS = 50;
/** Longest request to record findings, in UTF-16 code units of its JSON. */
export const MAX_FINDINGS_CHARACTERS = 524_288;
/** Digests of evidence that one finding can have. */
export const MAX_EVIDENCE = 200;
/** Devices that one finding can propose something about, and those that it can say are reached. */
export const MAX_PROPOSED = 1000;
const MAX_SAYS = 1000;
const MAX_NAME = 64;

const distinct = (what: string): z.core.$ZodCheck<readonly string[]> =>
  z.refine((all) => new Set(all).size === all.length, `must name every ${what} once`);

const devices = z.array(shapes.ownedId).check(z.minLength(1), z.maxLength(MAX_PROPOSED), distinct('device'));

const proposed = z.strictObject({
  action: z.enum(PROPOSED_ACTIONS),
  devices,
  to: z.exactOptional(shapes.organisationId),
  reaches: z.exactOptional(devices),
});

const members = {
  name: z
    .string()
    .check(
      z.maxLength(MAX_NAME),
      z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words with hyphens, like "not-sent"'),
    ),
  subject: z.strictObject({ kind: z.enum(SUBJECT_KINDS), id: shapes.text }),
  says: shapes.textUpTo(MAX_SAYS),
  evidence: z.array(shapes.sha256).check(z.maxLength(MAX_EVIDENCE), distinct('piece of evidence')),
  from: shapes.instant,
  to: shapes.instant,
  proposes: z.exactOptional(proposed),
};

const inOrder = <T extends Pick<Finding, 'from' | 'to'>>(): z.core.$ZodCheck<T> =>
  z.refine(({ from, to }) => from <= to, 'must not end before it begins');

export const findingShape = z.strictObject(members).check(inOrder());
export const identifiedFindingShape = z.strictObject({ id: shapes.sha256, ...members }).check(inOrder());
export const subjectShape = members.subject;

/**
 * The SHA-256 of a finding's canonical form, in hexadecimal digits. The same evidence leads to the same id, so nothing is concluded twice,
 * whatever happens in between.
 */
export function findingId({ name, subject, says, evidence, from, to, proposes }: Finding): string {
  const finding: Finding = { name, subject, says, evidence, from, to, ...(proposes && { proposes }) };
  return sha256(canonicalJson(finding));
}
