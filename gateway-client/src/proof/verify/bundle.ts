import { canonicalJson, instant, parseJson, RegistryError, shapeOf } from '@tracecal/core/model';
import type { Epoch, Json, JsonLimits } from '@tracecal/core/model';
import { traceOptions } from '@tracecal/core/trace';
import type { Evidence, TraceOptions } from '@tracecal/core/trace';
import * as z from '@tracecal/core/shape';
import { endorsedShape } from './answered.js';
import type { EndorsedAnswer } from './answered.js';
import { requireText } from './log/shapes.js';
import { recordedShape } from './recorded.js';
import type { RecordedProof } from './recorded.js';

export const BUNDLE_TYPE = 'tracecal-bundle/1';
/** What a server says that a bundle is. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.tracecal.bundle+json';

/** More bytes than the longest bundle has. */
export const MOST_BUNDLE_BYTES = 33_554_432;

/** Longest bundle: as much as one answer of a peer may hold, and some more. */
const LIMITS: JsonLimits = { maxLength: 16_777_216, maxDepth: 24, maxValues: 2_000_000 };

/** What was asked about a device. Whom to trust, and how fresh the records must be, is for the verifier to say. */
export type BundledQuestion = Pick<TraceOptions, 'asOf' | 'knownAt' | 'quantity' | 'intervalDays' | 'at'>;

/** Whether a bundle carries an option of a trace. A new option needs an answer here; what is not carried, {@link bundledQuestion} refuses. */
const CARRIED: { readonly [Name in keyof TraceOptions]: Name extends keyof BundledQuestion ? true : false } = {
  asOf: true,
  knownAt: true,
  quantity: true,
  intervalDays: true,
  at: true,
  freshness: false,
  heartbeats: false,
  roots: false,
  explain: false,
};
const NAMES = (Object.keys(CARRIED) as (keyof TraceOptions)[]).filter(
  (name): name is keyof BundledQuestion => CARRIED[name],
);

/**
 * The part of a question that a bundle carries. An option that it would drop makes another question.
 *
 * @throws RegistryError `INPUT_INVALID` if such an option is set
 */
export function bundledQuestion(options: TraceOptions): BundledQuestion {
  const unset = traceOptions({ asOf: options.asOf });
  for (const name of Object.keys(options) as (keyof TraceOptions)[]) {
    if (!CARRIED[name] && canonicalJson(options[name]) !== canonicalJson(unset[name] ?? null)) {
      throw new RegistryError('INPUT_INVALID', `a bundle does not carry ${name}: ask without it.`);
    }
  }
  return Object.fromEntries(NAMES.map((name) => [name, options[name]])) as unknown as BundledQuestion;
}

/** A question with the records that answer it: whoever trusts the roots can check the answer without any network. */
export interface Bundle {
  readonly type: typeof BUNDLE_TYPE;
  readonly device: string;
  readonly question: BundledQuestion;
  /** The epoch that was open when the records were read. Nobody signs it. */
  readonly epoch: Epoch;
  readonly evidence: Evidence;
  /** For the tier endorsed. */
  readonly endorsed?: EndorsedAnswer;
  /** For the tier recorded. It covers all other members. */
  readonly recorded?: RecordedProof;
}

export const bundleShape = z.strictObject({
  type: z.literal(BUNDLE_TYPE),
  device: z.string().check(z.minLength(1), z.maxLength(256)),
  question: z.strictObject(
    Object.fromEntries(NAMES.map((name) => [name, z.unknown()])) as Record<keyof BundledQuestion, z.ZodMiniUnknown>,
  ),
  epoch: z.strictObject({ number: z.int().check(z.minimum(0)), opened: instant }),
  evidence: z.strictObject({ channel: z.string(), exhibits: z.array(z.unknown()) }),
  endorsed: z.optional(endorsedShape),
  recorded: z.optional(recordedShape),
});

/** The text of a bundle: canonical JSON (RFC 8785), so that the same bundle has the same digest everywhere. */
export function bundleText(bundle: Bundle): string {
  return canonicalJson(bundle);
}

/**
 * Reads a bundle from anywhere. Its records are checked when they are read.
 *
 * @throws RegistryError `VERSION_UNKNOWN`, `JSON_INVALID`, `JSON_TOO_LARGE` or `INPUT_INVALID`
 */
export function readBundle(text: string): Bundle {
  requireText('bundle', text);
  const value = parseJson(text, LIMITS);
  requireType(value);
  const { question, ...others } = shapeOf(bundleShape, 'bundle', value);
  const bundle = { ...others, question: bundledQuestion(traceOptions(question)) } as unknown as Bundle;
  if (canonicalJson(bundle) !== text) {
    throw new RegistryError('INPUT_INVALID', 'the bundle is not canonical JSON: take the file as it was made.');
  }
  return bundle;
}

function requireType(value: Json): void {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value['type'] : undefined;
  if (typeof type === 'string' && /^tracecal-bundle\/\d{1,9}$/.test(type) && type !== BUNDLE_TYPE) {
    throw new RegistryError('VERSION_UNKNOWN', `the bundle is of type "${type}"; this version knows ${BUNDLE_TYPE}.`);
  }
}
