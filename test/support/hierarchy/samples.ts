import { instantOf } from '@tracecal/core/model';
import type {
  AccreditationLine,
  Cmc,
  Instant,
  PaperResult,
  Parent,
  ReportBody,
  Result,
  StatedCertificate,
} from '@tracecal/core/model';

/** When everything is registered that a test gives no other date: before any report. */
export const FOUNDED: Instant = '2024-12-01T00:00:00Z';
/** When things are said against others unless a test says otherwise: after the reports. */
export const OBJECTED: Instant = '2025-12-01T00:00:00Z';
/** When the institutes sealed an epoch and signed it. */
export const SEALED: Instant = '2026-01-01T00:00:00Z';
/** The moment that traces ask about unless a test says otherwise. */
export const AS_OF: Instant = '2026-01-01T12:00:00Z';
/** When the first reports of a hierarchy were made. */
export const ROOT_DAY = '2025-01-10';

/** The organisation's MSP id in Fabric: `lab-alpha` -> `LabAlphaMSP`. */
export function mspIdOf(organisation: string): string {
  const words = organisation.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}MSP`;
}

export function temperatureScope(changes: Partial<AccreditationLine> = {}): AccreditationLine {
  return {
    quantity: 'temperature',
    unit: '\\degreecelsius',
    min: -50,
    max: 250,
    arguments: [],
    cmc: cmcOf(0.0005),
    method: null,
    methodLevel: null,
    place: 'both',
    service: null,
    validFrom: '2020-01-01',
    validTo: '2045-12-31',
    ...changes,
  };
}

/** A CMC of `absolute + relative |x|`, in the unit of its line. */
export function cmcOf(absolute: number, relative = 0): Cmc {
  return { form: 'linear', a: absolute, terms: [{ of: null, b: relative }], combined: 'sum' };
}

export function massScope(changes: Partial<AccreditationLine> = {}): AccreditationLine {
  return { ...temperatureScope(), quantity: 'mass', unit: '\\kilogram', min: 0, max: 100, ...changes };
}

/** Temperature at 0, 20 and 100 degrees Celsius with an expanded uncertainty (k = 2) in kelvin. */
export function temperatureResult(expanded: number, values: readonly number[] = [0, 20, 100]): Result {
  const uncertainty = { expanded, coverageFactor: 2, coverageProbability: 0.95 };
  return {
    name: 'Temperature',
    quantity: 'temperature',
    unit: '\\degreecelsius',
    rows: values.map((value) => ({ value, uncertainty })),
  };
}

/** Mass at one kilogram with an expanded uncertainty (k = 2) in kilograms. */
export function massResult(expanded: number, values: readonly number[] = [1]): Result {
  return { ...temperatureResult(expanded, values), name: 'Mass', quantity: 'mass', unit: '\\kilogram' };
}

/** `seconds` after a moment. */
export function later(instant: Instant, seconds: number): Instant {
  return instantOf(Date.parse(instant) + seconds * 1000);
}

/** A certificate on paper of a thermometer, as good as any here, or of what else it is said to certify. */
export function paperParent(
  certificate = 'K-123',
  results: readonly PaperResult[] = [
    {
      quantity: 'temperature',
      unit: '\\degreecelsius',
      min: -200,
      max: 500,
      uncertainty: { expanded: 1e-6, coverageFactor: 2, coverageProbability: 0.95 },
    },
  ],
): Extract<Parent, { kind: 'paper' }> {
  return {
    kind: 'paper',
    certificate,
    laboratory: 'Lab',
    equipment: 'Pt25',
    ...(results.length > 0 && { date: '2024-11-01' }),
    results,
  };
}

/** What a report states that transcribes a certificate; its file is some other one. */
export function transcribing(certificate: StatedCertificate): Pick<ReportBody, 'certificate' | 'certificateSha256'> {
  return { certificate, certificateSha256: 'cd'.repeat(32) };
}
