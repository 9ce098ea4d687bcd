import { randomBytes } from 'node:crypto';
import { MAX_RESULTS, requireReportSize, resultSchema, shapeOf } from '@tracecal/core/model';
import type { CalendarDate, Instant, Parent, ReportBody, Result, StatementOf } from '@tracecal/core/model';
import { sealResults } from '@tracecal/core/signing';
import type { Sealed } from '@tracecal/core/signing';
import { resultsByQuantity, resultsDigests } from '@tracecal/core/trace';
import { z } from 'zod';
import { TraceCalError } from '../errors.js';
import { inputOf } from '../input.js';
import { newStatement } from '../statements/newStatement.js';
import type { ReportReference } from './readReport.js';

/** What every report states about itself. */
export interface ReportIdentity {
  /** The registry it is for, see `TraceCal.registry`. */
  readonly registry: string;
  /** Its id, which starts with the organisation's: `lab-alpha/ALPHA-T-2026-0412`. */
  readonly report: string;
  readonly device: string;
  /** The organisation that calibrated. */
  readonly organisation: string;
  readonly technician: string;
  /** When it is signed; now if it is not given. */
  readonly date?: Instant;
}

/** A report before signing. The signed document contains the digests of its results by kind of quantity. */
export interface UnsignedReport {
  readonly statement: StatementOf<'report'>;
  readonly results: readonly Result[];
  /** Confidential results, by kind of quantity: they stay with the issuer, who discloses them. */
  readonly sealed?: readonly Sealed[];
}

/** What an existing certificate states besides its results and dates. */
type Circumstances = Pick<ReportBody, 'certificate' | 'accredited' | 'place' | 'recalibrateBy' | 'adjusted'>;

/** The parts of a report that come from a certificate: see `reportsOf`. */
export type ReportContent = Pick<ReportBody, 'performed' | 'issued'> & Circumstances & Pick<UnsignedReport, 'results'>;

const SALT_BYTES = 32;

const resultsSchema = z.array(resultSchema).max(MAX_RESULTS);

/**
 * Puts a report together.
 *
 * @example
 * const report = new ReportBuilder({
 *   registry: await tracecal.registry(),
 *   report: 'lab-alpha/r-7',
 *   device: 'lab-alpha/pt100-7',
 *   organisation: 'lab-alpha',
 *   technician: 'lab-alpha/t-1',
 * })
 *   .performed('2026-03-01', '2026-03-02')
 *   .issued('2026-03-03')
 *   .parent({ device: 'nmi-north/pt25-001', report: 'nmi-north/r-2', digest })
 *   .result({ name: 'Temperature', quantity: 'temperature', unit: '\\degreecelsius', rows })
 *   .build();
 * await tracecal.createReport(await signReport(report, [technician, standard]));
 */
export class ReportBuilder {
  readonly #identity: ReportIdentity;
  readonly #parents: Parent[] = [];
  readonly #results: Result[] = [];
  #performed: ReportBody['performed'] = { begin: '', end: '' };
  #issued: CalendarDate = '';
  #certificateSha256: string | null = null;
  #supersedes: ReportBody['supersedes'] = null;
  #circumstances: Circumstances = {};
  #confidential: readonly string[] | 'all' = [];

  constructor(identity: ReportIdentity) {
    this.#identity = identity;
  }

  /** First and last day of the calibration. */
  performed(begin: CalendarDate, end: CalendarDate = begin): this {
    this.#performed = { begin, end };
    this.#issued ||= end;
    return this;
  }

  /** The date on the report; the last day of the calibration if it is not given. */
  issued(date: CalendarDate): this {
    this.#issued = date;
    return this;
  }

  /** A registered report of the standard that was used. The standard has to sign. */
  parent(parent: ReportReference): this {
    this.#parents.push({ kind: 'report', device: parent.device, report: parent.report, digest: parent.digest });
    return this;
  }

  /** A parent outside the registry: a paper certificate, or a digital one that is not registered. */
  outsideParent(parent: Exclude<Parent, { kind: 'report' }>): this {
    this.#parents.push(parent);
    return this;
  }

  result(...results: readonly Result[]): this {
    this.#results.push(...results);
    return this;
  }

  /** The content of a certificate, from `reportsOf`, with the `certificate` that the report transcribes. */
  content({ performed, issued, results, ...stated }: ReportContent): this {
    const { certificate, accredited, place, recalibrateBy, adjusted } = stated;
    this.#circumstances = {
      ...(certificate && { certificate }),
      ...(accredited && { accredited }),
      ...(place && { place }),
      ...(recalibrateBy && { recalibrateBy }),
      ...(adjusted && { adjusted }),
    };
    return this.performed(performed.begin, performed.end)
      .issued(issued)
      .result(...results);
  }

  /** Binds the original certificate file by the SHA-256 of its bytes, hex. */
  original(sha256: string): this {
    this.#certificateSha256 = sha256;
    return this;
  }

  /**
   * Keeps results confidential: the report signs a Merkle root over salted leaves, and `build` returns what it was made from. Whoever loses
   * that can disclose nothing.
   *
   * @param quantities - Their kinds; none: all that the report gives.
   */
  confidential(...quantities: readonly string[]): this {
    this.#confidential = quantities.length > 0 ? quantities : 'all';
    return this;
  }

  /** The report that this one amends. */
  supersedes({ report, digest }: Omit<ReportReference, 'device'>): this {
    this.#supersedes = { report, digest };
    return this;
  }

  /** @throws TraceCalError `INPUT_INVALID`, naming the first wrong or missing member; `JSON_TOO_LARGE` */
  build(): UnsignedReport {
    const { report, organisation: author, device, technician, ...identity } = this.#identity;
    const results = inputOf(() => {
      const given = shapeOf<readonly Result[]>(resultsSchema, 'results', this.#results);
      requireReportSize(report, given);
      return given;
    });
    const { open, sealed } = this.#divided(results);
    const statement = newStatement('report', {
      ...identity,
      author,
      subject: { kind: 'report', id: report },
      body: {
        device,
        technician,
        parents: this.#parents,
        results: resultsDigests(open, sealed),
        performed: this.#performed,
        issued: this.#issued,
        certificateSha256: this.#certificateSha256,
        ...this.#circumstances,
        supersedes: this.#supersedes,
      },
    });
    return { statement, results: open, ...(sealed.length > 0 && { sealed }) };
  }

  /** @throws TraceCalError `INPUT_INVALID` for a kind that it does not give */
  #divided(results: readonly Result[]): { readonly open: readonly Result[]; readonly sealed: readonly Sealed[] } {
    const given = resultsByQuantity(results);
    const kinds = this.#confidential === 'all' ? [...given.keys()] : this.#confidential;
    const strange = kinds.find((kind) => !given.has(kind));
    if (strange !== undefined) {
      throw new TraceCalError('INPUT_INVALID', `The report gives no ${strange}, which is to be confidential.`);
    }
    const salt = () => randomBytes(SALT_BYTES).toString('base64url');
    return {
      open: results.filter(({ quantity }) => !kinds.includes(quantity)),
      sealed: [...given].flatMap(([kind, own]) => (kinds.includes(kind) ? [sealResults(own, salt)] : [])),
    };
  }
}
