import type { AccreditationLine, CalendarDate } from '@tracecal/core/model';
import type { Candidate } from '@tracecal/gateway-client/application';
import { reportsOf } from '@tracecal/gateway-client/dcc';
import type { CertificateDraft } from '@tracecal/gateway-client/dcc';
import { ANYWHERE } from './cast.js';

/** So small that it is no limit. */
const TINY = 1e-300;

/**
 * An accreditation that covers what these certificates claim until they are registered: one line for each quantity and unit, without a
 * limit of uncertainty.
 */
export function claimedScopes(candidates: readonly Candidate[], today: CalendarDate): readonly AccreditationLine[] {
  const scopes = new Map<string, AccreditationLine>();
  for (const { draft } of candidates) {
    for (const { quantity, unit, rows } of reportsOf(draft).items.flatMap(({ results }) => results)) {
      const key = `${quantity} ${unit}`;
      const values = rows.flatMap(({ value }) => value ?? []);
      const known = scopes.get(key);
      scopes.set(key, {
        quantity,
        unit,
        min: Math.min(known?.min ?? Infinity, ...values),
        max: Math.max(known?.max ?? -Infinity, ...values),
        ...ANYWHERE,
        cmc: { form: 'constant', relative: false, value: TINY },
        validFrom: earliest(known?.validFrom, draft),
        validTo: latest(known?.validTo ?? today, draft),
      });
    }
  }
  return [...scopes.values()];
}

// A certificate may state its dates in the wrong order: the registry refuses that, not the accreditation.
function earliest(known: string | undefined, { performed: { begin, end } }: CertificateDraft): string {
  return [begin, end, known ?? begin].sort()[0] ?? begin;
}

function latest(known: string, { performed: { begin, end } }: CertificateDraft): string {
  return [begin, end, known].sort().at(-1) ?? end;
}
