import { REPORT_TYPE, reportPayloadSchema, shapeOf } from '@tracecal/chaincode/model';
import type { CalendarDate, Jws, Parent, ReportPayload, Result } from '@tracecal/chaincode/model';
import { payloadDigest } from '@tracecal/chaincode/signing';
import { inputOf } from './input.js';

/** What every report states about itself. */
export interface ReportIdentity {
  /** The registry (channel) it is for. */
  readonly registry: string;
  readonly report: string;
  readonly device: string;
  readonly organisation: string;
  readonly technician: string;
}

/** A report that is named by another: by its parent's child, or by what amends it. */
export interface ReportReference {
  readonly device: string;
  readonly report: string;
  /** SHA-256 of its canonical payload, hex. */
  readonly digest: string;
}

/**
 * Puts a report together.
 *
 * @example
 * const payload = new ReportBuilder({ registry: 'calibration', report: 'r-7', device: 'pt100-7', organisation: 'lab-alpha', technician: 't-1' })
 *   .performed('2026-03-01', '2026-03-02')
 *   .issued('2026-03-03')
 *   .parent({ device: 'pt25-001', report: 'r-2', digest })
 *   .result({ name: 'Temperature', quantity: 'temperature', unit: '\\degreecelsius', points })
 *   .build();
 */
export class ReportBuilder {
  readonly #identity: ReportIdentity;
  readonly #parents: Parent[] = [];
  readonly #results: Result[] = [];
  #performed: ReportPayload['performed'] = { begin: '', end: '' };
  #issued: CalendarDate = '';
  #certificateSha256: string | null = null;
  #supersedes: ReportPayload['supersedes'] = null;

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

  /** A registered report of the standard that was used. Its device has to sign. */
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

  /** Binds the original certificate file by the SHA-256 of its bytes, hex. */
  certificate(sha256: string): this {
    this.#certificateSha256 = sha256;
    return this;
  }

  /** The report that this one amends. */
  supersedes({ report, digest }: Omit<ReportReference, 'device'>): this {
    this.#supersedes = { report, digest };
    return this;
  }

  /** @throws TraceCalError `INPUT_INVALID`, naming the first thing that is wrong or missing */
  build(): ReportPayload {
    const payload: ReportPayload = {
      type: REPORT_TYPE,
      ...this.#identity,
      parents: this.#parents,
      results: this.#results,
      performed: this.#performed,
      issued: this.#issued,
      certificateSha256: this.#certificateSha256,
      supersedes: this.#supersedes,
    };
    return inputOf(() => shapeOf<ReportPayload>(reportPayloadSchema, 'report', payload));
  }
}

/** How a child names a signed report. */
export function referenceTo(payload: Pick<ReportPayload, 'device' | 'report'>, jws: Jws): ReportReference {
  return { device: payload.device, report: payload.report, digest: payloadDigest(jws) };
}
