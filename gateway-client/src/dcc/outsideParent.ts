import type { Parent } from '@tracecal/chaincode/model';
import { oneLine } from './oneLine.js';
import type { ParentDraft } from './report.js';

/** A parent that is not a report of the registry. */
export type OutsideParent = Exclude<Parent, { readonly kind: 'report' }>;

const NOT_NAMED = 'not named';

/** How a report names a parent of which the registry holds no report: a certificate on paper, or a file elsewhere. */
export function outsideParent({ analogue, certificate, sha256, equipment }: ParentDraft): OutsideParent {
  const name = oneLine(certificate) || NOT_NAMED;
  return analogue
    ? { kind: 'paper', certificate: name, laboratory: '', equipment, results: [] }
    : { kind: 'external', certificate: name, sha256, equipment };
}
