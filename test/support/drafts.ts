import { proposeKind } from '@tracecal/core/model';
import { draftCertificate, readCertificate, readMapping } from '@tracecal/gateway-client/dcc';
import type { CertificateDraft, DraftResult } from '@tracecal/gateway-client/dcc';
import { smallCertificate, type CertificateParts } from './smallCertificate.js';

/** What a mapping file holds, without its version. */
export type MappingParts = Readonly<Record<string, unknown>>;

export function draftOf(bytes: Uint8Array, mapping?: MappingParts): CertificateDraft {
  const told = mapping && readMapping(JSON.stringify({ version: 'tracecal-mapping/1', ...mapping }));
  return draftCertificate(readCertificate(bytes), { proposeKind, ...(told && { mapping: told }) });
}

/** The draft of a small certificate. */
export function draftSmall(parts: CertificateParts, mapping?: MappingParts): CertificateDraft {
  return draftOf(smallCertificate(parts), mapping);
}

/** All results of all items. */
export function resultsOf(draft: CertificateDraft): readonly DraftResult[] {
  return draft.items.flatMap(({ results }) => results);
}

/** A result in short: one text a row, `value error @ arguments ± U / k`. */
export function rowsAsText({ result }: DraftResult): readonly string[] {
  return result.rows.map(({ value, error, at, uncertainty }) => {
    const place = at.length === 0 ? '' : ` @ ${at.join(', ')}`;
    const U = uncertainty ? ` ± ${uncertainty.expanded} / ${uncertainty.coverageFactor}` : '';
    return `${value ?? '-'} ${error ?? '-'}${place}${U}`;
  });
}
