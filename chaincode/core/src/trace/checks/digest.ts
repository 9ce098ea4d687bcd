import type { Finding } from '../verdict.js';
import { failed, holds } from './check.js';
import type { Check, OpenReport } from './check.js';

/** The report is byte for byte the one that the relying report names, and its results match the signed digests. */
export const digest: Check = {
  name: 'digest',
  about: 'citation',
  examine({ reliant, cited, report }) {
    const altered = report.unread.find(({ why }) => why === 'not-signed');
    if (altered) {
      return failed(notSignedText(report, altered.quantity));
    }
    return reliant === null || citedDigest(reliant, cited) === cited.said.digest
      ? holds
      : failed(`Report ${reliant.id} names report ${cited.id} with another digest than it has.`);
  },
  told({ reliant, cited, report }) {
    const results = report.payload.results
      .filter(({ quantity }) => report.results.has(quantity))
      .map(({ quantity, sha256 }) => `The results of ${quantity} have the signed SHA-256 ${sha256}.`);
    return reliant === null
      ? results
      : [
          `Report ${reliant.id} names report ${cited.id} with SHA-256 ${citedDigest(reliant, cited) ?? 'none'}; it has ${cited.said.digest}.`,
          ...results,
        ];
  },
};

/** The results of a report that was amended are not checked as results that are relied on. */
export function notSigned(report: OpenReport, quantity: string): Finding {
  return { check: 'digest', outcome: 'failed', reason: notSignedText(report, quantity) };
}

function notSignedText({ id }: OpenReport, quantity: string): string {
  return `The results of ${quantity} of report ${id} are not those that were signed.`;
}

function citedDigest(reliant: OpenReport, cited: OpenReport): string | undefined {
  const parent = reliant.payload.parents.find(
    (parent) => parent.kind === 'report' && parent.report === cited.id && parent.device === cited.device.id,
  );
  return parent?.kind === 'report' ? parent.digest : undefined;
}
