import { sha256 } from '#platform';
import * as z from '../shape/index.js';
import { canonicalJson, frozen, logLine, recordShapes, RegistryError, shapeOf } from '../model/index.js';
import type { Instant, RecordShapes, SubjectKind } from '../model/index.js';
import { disclosedIn, withoutDisclosures } from './disclosures.js';
import { newestHeartbeats } from './freshness.js';
import { Grounds } from './open/conclusions.js';
import { Opener } from './open/opener.js';
import type { TraceOptions } from './options.js';
import { openRoots } from './roots.js';
import type { RecordSource } from './source.js';
import { traceCal } from './traceCal.js';

// The same walk runs wherever its records are. Here is how they travel.

type RecordKind = keyof RecordShapes;

/** What the names of each kind of record name: subjects of statements, or something else (null). */
export const NAMES: Readonly<Record<RecordKind, readonly (SubjectKind | null)[]>> = {
  founding: [],
  organisation: ['organisation'],
  person: ['person'],
  device: ['device'],
  report: ['report'],
  results: ['report', null],
  settled: ['device', 'report'],
  consents: ['organisation', 'organisation'],
  reviews: ['report', 'organisation'],
  confirmations: ['report'],
  vouchings: ['report'],
  heartbeat: ['organisation'],
};

/** What a source had under a name; null: nothing, which is evidence as well. */
export interface Exhibit {
  /** The kind of record, and its names. */
  readonly of: readonly [RecordKind, ...string[]];
  readonly record: unknown;
}

/** All that a trace read, in the order of the names. */
export interface Evidence {
  readonly channel: string;
  readonly exhibits: readonly Exhibit[];
}

/** The SHA-256, in hex, of a record's canonical JSON; of `null` for a record that does not exist. */
export interface RecordDigest {
  readonly of: Exhibit['of'];
  readonly sha256: string;
}

/** Most records of one trace's evidence: a trace follows so many edges, and reads some records for each. */
const MOST_EXHIBITS = 16_384;

export const evidenceShape = z.strictObject({
  channel: z.string().check(z.minLength(1), z.maxLength(249)),
  exhibits: z
    .array(
      z.strictObject({
        of: z.array(z.string().check(z.maxLength(256))).check(z.minLength(1), z.maxLength(3)),
        record: z.unknown(),
      }),
    )
    .check(z.maxLength(MOST_EXHIBITS)),
});

const NONE: readonly [] = Object.freeze([] as []);

/** The roots of those who trust no institute: no certificate has this digest. */
const NOBODYS: readonly string[] = ['0'.repeat(64)];

/** A trace asked for a record that the evidence does not hold: it was made for another question. */
export class EvidenceMissing extends Error {
  override readonly name = 'EvidenceMissing';

  constructor(readonly of: readonly string[]) {
    super(`the evidence does not hold ${of.join(' ')}: it was made for another question.`);
  }
}

/** A source that keeps all that is read through it. */
class EvidenceRecorder {
  readonly source: RecordSource;
  readonly #exhibits = new Map<string, Exhibit>();

  constructor(base: RecordSource) {
    const kept = async <T>(of: Exhibit['of'], reading: Promise<T>): Promise<T> => {
      const record = await reading;
      this.#exhibits.set(canonicalJson(of), { of, record: isNothing(record) ? null : record });
      return record;
    };
    this.source = {
      channel: base.channel,
      founding: () => kept(['founding'], base.founding()),
      organisation: (id) => kept(['organisation', id], base.organisation(id)),
      person: (id) => kept(['person', id], base.person(id)),
      device: (id) => kept(['device', id], base.device(id)),
      report: (id) => kept(['report', id], base.report(id)),
      results: (report, quantity) => kept(['results', report, quantity], base.results(report, quantity)),
      settled: (device, report) => kept(['settled', device, report], base.settled(device, report)),
      consents: (owner, laboratory) => kept(['consents', owner, laboratory], base.consents(owner, laboratory)),
      reviews: (amendment, laboratory) => kept(['reviews', amendment, laboratory], base.reviews(amendment, laboratory)),
      confirmations: (report) => kept(['confirmations', report], base.confirmations(report)),
      vouchings: (report) => kept(['vouchings', report], base.vouchings(report)),
      heartbeat: (institute) => kept(['heartbeat', institute], base.heartbeat(institute)),
      // What somebody was told in confidence is no evidence for others.
      ...(base.disclosed && { disclosed: (report, quantity) => disclosedIn(base, report, quantity) }),
      drawn: base.drawn,
    };
  }

  evidence(): Evidence {
    const inOrder = [...this.#exhibits].sort(([one], [other]) => (one < other ? -1 : 1));
    return { channel: this.source.channel, exhibits: inOrder.map(([, exhibit]) => exhibit) };
  }
}

/**
 * All records that a trace reads, whichever roots the asker trusts, and the newest heartbeats of all institutes.
 *
 * @param options The question. Its roots and its freshness do not matter.
 */
export async function evidenceFor(base: RecordSource, device: string, options: TraceOptions): Promise<Evidence> {
  const recorder = new EvidenceRecorder(base);
  const { source } = recorder;
  const question = withoutTrust(options);
  // Whoever lacks the disclosures reads who vouches instead.
  for (const each of source.disclosed ? [source, withoutDisclosures(source)] : [source]) {
    await traceCal(each, device, question);
    // Whoever trusts nobody believes no calibration that ends a doubt, and so reads the next ones and the reviews. Whoever trusts some
    // reads less than these two together.
    await traceCal(each, device, { ...question, roots: NOBODYS });
  }
  await hearInstitutes(source, options.asOf);
  return recorder.evidence();
}

/** All records that show the newest heartbeats of all institutes, whichever of them the asker trusts. */
export async function headEvidence(base: RecordSource, asOf: Instant): Promise<Evidence> {
  const recorder = new EvidenceRecorder(base);
  await hearInstitutes(recorder.source, asOf);
  return recorder.evidence();
}

async function hearInstitutes(source: RecordSource, asOf: Instant): Promise<void> {
  const opener = new Opener(new Grounds(source, asOf));
  const institutes = [...(await opener.institutes()).members.keys()];
  // Whoever checks them looks for the roots that they trust among all institutes.
  await openRoots(opener, new Set(institutes));
  await newestHeartbeats(source, opener, institutes);
}

/** The lines by which the change log would name something that the evidence is about. */
export function linesAbout({ channel, exhibits }: Evidence): ReadonlySet<string> {
  const named = exhibits.flatMap(({ of: [kind, ...names] }) =>
    NAMES[kind].flatMap((subject, place) => (subject ? [logLine({ kind: subject, id: names[place] ?? '' })] : [])),
  );
  return new Set([logLine({ kind: 'registry', id: channel }), ...named]);
}

/** A question with the answer that all can agree on, whomever each of them trusts: no root is named, and no age asked for. */
export function withoutTrust(options: TraceOptions): TraceOptions {
  return { ...options, roots: null, freshness: null, heartbeats: null, explain: false };
}

/** The digests by which somebody else can tell that their evidence is the same, record by record. */
export function recordDigests({ exhibits }: Evidence): readonly RecordDigest[] {
  return exhibits.map(({ of, record }) => ({ of, sha256: sha256(canonicalJson(record)) }));
}

/**
 * The records of evidence that comes from anywhere: each has its shape and its own name. What is signed in them is checked
 * by the trace, as everywhere.
 *
 * @throws RegistryError `INPUT_INVALID`; {@link EvidenceMissing} when something else is read
 */
export function sourceOf(value: unknown): RecordSource {
  const { channel, exhibits } = shapeOf(evidenceShape, 'evidence', value);
  const records = new Map<string, unknown>();
  for (const { of, record } of exhibits) {
    const name = canonicalJson(of);
    if (records.has(name)) {
      throw new RegistryError('INPUT_INVALID', `the evidence holds ${of.join(' ')} twice.`);
    }
    // Frozen, so that values derived from it are computed once.
    records.set(name, frozen(recordOf(of, record)));
  }
  const read = <Kind extends RecordKind>(
    ...of: readonly [Kind, ...string[]]
  ): Promise<RecordShapes[Kind] | undefined> => {
    const record = records.get(canonicalJson(of));
    if (record === undefined) {
      return Promise.reject(new EvidenceMissing(of));
    }
    return Promise.resolve(record === null ? undefined : (record as RecordShapes[Kind]));
  };
  const list = async <Kind extends RecordKind>(...of: readonly [Kind, ...string[]]) => (await read(...of)) ?? NONE;
  return {
    channel,
    founding: () => read('founding'),
    organisation: (id) => read('organisation', id),
    person: (id) => read('person', id),
    device: (id) => read('device', id),
    report: (id) => read('report', id),
    results: (report, quantity) => read('results', report, quantity),
    settled: (device, report) => list('settled', device, report),
    consents: (owner, laboratory) => list('consents', owner, laboratory),
    reviews: (amendment, laboratory) => list('reviews', amendment, laboratory),
    confirmations: (report) => list('confirmations', report),
    vouchings: (report) => list('vouchings', report),
    heartbeat: (institute) => read('heartbeat', institute),
  };
}

function recordOf([kind = '', ...names]: readonly string[], record: unknown): unknown {
  if (!isRecordKind(kind) || names.length !== NAMES[kind].length) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the evidence holds a record "${[kind, ...names].join(' ')}", which no trace reads.`,
    );
  }
  if (record === null) {
    return null;
  }
  const shaped = shapeOf<unknown>(recordShapes[kind], `record of ${[kind, ...names].join(' ')}`, record);
  const [name] = names;
  const own = ownName(kind, shaped);
  if (own !== undefined && own !== name) {
    throw new RegistryError('INPUT_INVALID', `the evidence holds ${kind} ${own} under the name ${name ?? ''}.`);
  }
  return shaped;
}

/** The name that a record has in itself. */
function ownName(kind: RecordKind, record: unknown): string | undefined {
  const { id, institute } = record as { readonly id?: string; readonly institute?: string };
  return kind === 'heartbeat' ? institute : id;
}

function isRecordKind(kind: string): kind is RecordKind {
  return Object.hasOwn(NAMES, kind);
}

function isNothing(record: unknown): boolean {
  return record === undefined || (Array.isArray(record) && record.length === 0);
}
