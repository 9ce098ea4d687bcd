import type { OpenReport } from '../open/opened.js';

/**
 * A report with the lines of its laboratory's accreditation that are asked first, and with all of them. Whatever the first leave
 * nothing to say about needs no others: an accreditation is granted without asking, and the lines of strangers are work, too.
 */
export function askedInTurn(report: OpenReport): readonly OpenReport[] {
  const { lines, nearest } = report.laboratory;
  return nearest.length === lines.length ? [report] : [withNearest(report), report];
}

/** A report with only those lines of its laboratory's accreditation that are asked first. */
export function withNearest({ laboratory, ...report }: OpenReport): OpenReport {
  return { ...report, laboratory: { ...laboratory, lines: laboratory.nearest } };
}
