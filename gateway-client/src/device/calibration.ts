import { isKind, jwsSchema, millisecondsOf, RegistryError, withUnit } from '@tracecal/core/model';
import type { Jws, Result } from '@tracecal/core/model';
import { Grounds, Opener, readStatement } from '@tracecal/core/open';
import { payloadDigest, payloadText, readCertificate } from '@tracecal/core/signing';
import { cmc, EvidenceMissing, rowsAsked, sourceOf, traceInHindsight, traceOptions } from '@tracecal/core/trace';
import type { RecordSource, Verdict } from '@tracecal/core/trace';
import type { Bundle } from '../proof/verify/index.js';
import { attempt } from './attempt.js';
import { secondOf } from './measurement.js';
import type { CorrectedBy, Measurement } from './measurement.js';

/** What a value and its moment are, for a trace. */
export type Place = Pick<Measurement, 'device' | 'time' | 'quantity' | 'value' | 'unit' | 'arguments'>;

/** Whether a device was soundly calibrated for one value at its moment, in the light of all that these records hold. @throws RegistryError `INPUT_INVALID` */
export function verdictAbout(place: Place, source: RecordSource, roots: readonly string[]): Promise<Verdict> {
  const { device, time, quantity } = place;
  const options = traceOptions({ asOf: secondOf(time), quantity, at: askedAt(place), roots });
  return answered(() => traceInHindsight(source, device, options));
}

function askedAt({ value, unit, arguments: given = [] }: Place) {
  return { value, unit, arguments: given };
}

/** The certificates of a device (DER in base64) whose keys somebody vouches for whom the records lead to. @throws RegistryError `INPUT_INVALID` */
export async function certificatesIn({ device, question }: Bundle, source: RecordSource): Promise<readonly string[]> {
  const grounds = new Grounds(source, question.asOf);
  const open = await answered(() => new Opener(grounds).device(device));
  const vouched = new Set((open?.keys ?? []).map(({ certificate: { sha256 } }) => sha256));
  const imprints = open ? await answered(() => grounds.imprints(device)) : [];
  return imprints
    .map(({ certificate }) => certificate)
    .filter((certificate) => vouched.has(readCertificate(certificate, 'device').sha256));
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EvidenceMissing) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the proof does not hold ${error.of.join(' ')}, which this value needs: have its calibration proved anew.`,
      );
    }
    throw error;
  }
}

/** Verdicts that are remembered. A device that measures everywhere all the time needs some of them again. */
const MOST_REMEMBERED = 50_000;
const MINUTE_MS = 60_000;
/** Values are stated with a few digits. */
const ROUNDING = 0.05;

/**
 * A device's calibration, as a bundle shows it, judged for many values. Values that fall on the same rows of its reports, between the same
 * moments that its records name, have the same verdict and are judged once.
 */
export class Calibration {
  readonly device: string;
  /** The device's certificates (DER in base64). */
  readonly certificates: readonly string[];
  readonly #source: RecordSource;
  readonly #roots: readonly string[];
  readonly #results: ReadonlyMap<string, readonly Result[]>;
  readonly #reports: ReadonlyMap<string, ShownReport>;
  readonly #policy: Parameters<typeof rowsAsked>[2];
  readonly #moments: readonly number[];
  readonly #known = new Map<string, Promise<Verdict>>();
  readonly #best = new Map<string, number>();

  private constructor(bundle: Bundle, read: Read, roots: readonly string[]) {
    this.device = bundle.device;
    this.certificates = read.certificates;
    this.#source = read.source;
    this.#policy = read.policy;
    this.#roots = roots;
    this.#results = read.results;
    this.#reports = read.reports;
    this.#moments = momentsIn(bundle.evidence.exhibits);
  }

  /**
   * @param bundle Verify it first: this only judges values.
   * @param roots SHA-256 of the root certificates that are trusted, hex.
   * @throws RegistryError `INPUT_INVALID`
   */
  static async of(bundle: Bundle, roots: readonly string[]): Promise<Calibration> {
    const source = sourceOf(bundle.evidence);
    const certificates = await certificatesIn(bundle, source);
    const { policy } = await answered(() => new Opener(new Grounds(source, bundle.question.asOf)).institutes());
    const reports = await answered(() => reportsIn(bundle, source));
    const results = await answered(() => resultsIn(bundle, source));
    return new Calibration(bundle, { source, certificates, policy, results, reports }, roots);
  }

  /**
   * Whether the device was soundly calibrated for this value at its moment. The reason may name another value with the same verdict.
   *
   * @throws RegistryError `INPUT_INVALID` if the bundle does not hold what it takes
   */
  verdictOn(place: Place): Promise<Verdict> {
    const key = this.#keyOf(place);
    const known = this.#known.get(key) ?? verdictAbout(place, this.#source, this.#roots);
    // The one that was used last stands at the end.
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_REMEMBERED && oldest !== undefined) {
      this.#known.delete(oldest);
    }
    return known;
  }

  /** Whether the bundle holds this report about the device. It need not hold all of them. */
  holdsReport(report: string): boolean {
    return this.#reports.get(report)?.device === this.device;
  }

  /**
   * Why a value claims more than its device's calibration gives: its uncertainty is smaller than that of every row about this kind of quantity, or
   * the report by which it says that it was corrected is about another device, or says something else. It is null if it does not.
   */
  whyOverclaimed({
    quantity,
    unit,
    uncertainty,
    corrected = null,
  }: Pick<Measurement, 'quantity' | 'unit' | 'uncertainty'> & Partial<Pick<Measurement, 'corrected'>>): string | null {
    const wrong = corrected && this.#whyNotCorrected(corrected);
    if (wrong !== null) {
      return wrong;
    }
    const claimed = uncertainty && cmc.cautiousU95(uncertainty)?.value;
    const smallest = this.#smallest(quantity, unit);
    return uncertainty === null || smallest === Infinity || (claimed ?? 0) >= smallest * (1 - ROUNDING)
      ? null
      : `It claims an uncertainty of ${withUnit(uncertainty.expanded, unit)} (k = ${uncertainty.coverageFactor}), and its device's calibration has at least ${withUnit(smallest, unit)} at 95 %.`;
  }

  #whyNotCorrected({ report, digest }: CorrectedBy): string | null {
    const own = this.#reports.get(report);
    if (own === undefined) {
      return null;
    }
    if (own.device !== this.device) {
      return `It says that it was corrected by report ${report}, which is about ${own.device}.`;
    }
    return own.digest === digest
      ? null
      : `It says that it was corrected by report ${report}, and its digest is not that of the registered one.`;
  }

  /** U at 95 % of the best row, in this unit; infinite where no row has one. */
  #smallest(quantity: string, unit: string): number {
    const name = `${quantity} ${unit}`;
    const known = this.#best.get(name);
    if (known !== undefined) {
      return known;
    }
    const all = (this.#results.get(quantity) ?? []).flatMap(({ unit: own, rows }) =>
      rows
        .flatMap(({ uncertainty }) => (uncertainty && cmc.u95Of(uncertainty)?.value) ?? [])
        .map((u95) => cmc.convertedDifference(u95, own, unit)),
    );
    // In units that cannot be compared it is NaN.
    const smallest = all.filter(Number.isFinite).reduce((least, each) => Math.min(least, each), Infinity);
    this.#best.set(name, smallest);
    return smallest;
  }

  /** How many verdicts are remembered. */
  get judged(): number {
    return this.#known.size;
  }

  #keyOf(place: Place): string {
    const results = this.#results.get(place.quantity) ?? [];
    return `${place.quantity} ${this.#span(place.time)} ${rowsAsked(results, askedAt(place), this.#policy)}`;
  }

  /**
   * The stretch of time that a moment lies in: rules compare a moment with those that records name, and a day with days. After the last
   * one, an owner may limit the age of heartbeats: there a minute is as exact as it needs to be.
   */
  #span(time: string): string {
    const at = millisecondsOf(secondOf(time));
    const passed = countUpTo(this.#moments, at);
    return passed === this.#moments.length ? `minute ${Math.floor(at / MINUTE_MS)}` : `${passed} ${time.slice(0, 10)}`;
  }
}

interface Read {
  readonly source: RecordSource;
  readonly certificates: readonly string[];
  readonly policy: Parameters<typeof rowsAsked>[2];
  readonly results: ReadonlyMap<string, readonly Result[]>;
  readonly reports: ReadonlyMap<string, ShownReport>;
}

/** A report that a bundle holds. */
interface ShownReport {
  readonly device: string;
  /** SHA-256 of its signed bytes, hex. */
  readonly digest: string;
}

async function reportsIn({ evidence }: Bundle, source: RecordSource): Promise<ReadonlyMap<string, ShownReport>> {
  const reports = new Map<string, ShownReport>();
  for (const {
    of: [kind, id = ''],
  } of evidence.exhibits) {
    const record = kind === 'report' ? await source.report(id) : undefined;
    const statement = record && attempt(() => readStatement(record.statement.jws));
    // What cannot be read is the business of a trace.
    if (record && statement && !(statement instanceof RegistryError) && isKind(statement, 'report')) {
      reports.set(id, { device: statement.body.device, digest: payloadDigest(record.statement.jws) });
    }
  }
  return reports;
}

/** The results of all reports about the device, by kind of quantity. */
async function resultsIn(
  { device, evidence }: Bundle,
  source: RecordSource,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  const results = new Map<string, readonly Result[]>();
  for (const {
    of: [kind, report = '', quantity = ''],
  } of evidence.exhibits) {
    if (kind === 'results' && (await isAbout(report, device, source))) {
      const given = (await source.results(report, quantity)) ?? [];
      results.set(quantity, [...(results.get(quantity) ?? []), ...given.filter(({ asFound }) => !asFound)]);
    }
  }
  return results;
}

async function isAbout(report: string, device: string, source: RecordSource): Promise<boolean> {
  const record = await source.report(report);
  const statement = record && readStatement(record.statement.jws);
  return statement !== undefined && isKind(statement, 'report') && statement.body.device === device;
}

const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** All moments that records name, in what was signed and beside it, in order. */
function momentsIn(value: unknown): readonly number[] {
  const found = new Set<number>();
  const visit = (part: unknown): void => {
    if (typeof part === 'string') {
      for (const [instant] of part.matchAll(INSTANT)) {
        found.add(millisecondsOf(instant));
      }
    } else if (typeof part === 'object' && part !== null) {
      if (isSigned(part)) {
        visit(payloadText(part));
      }
      Object.values(part).forEach(visit);
    }
  };
  visit(value);
  return [...found].sort((one, other) => one - other);
}

function isSigned(part: object): part is Jws {
  return jwsSchema.safeParse(part).success;
}

/** How many of these, in order, are not later. */
function countUpTo(all: readonly number[], most: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle] ?? Infinity) <= most) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
