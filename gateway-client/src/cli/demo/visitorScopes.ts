import type { CalendarDate, Scope } from '@tracecal/chaincode/model';
import type { ReportDraft } from '../../dcc/index.js';
import type { Candidate } from '../certificates/candidate.js';

/**
 * An accreditation that covers what these certificates claim until they are registered: one line a quantity and unit, without a
 * limit of uncertainty.
 */
export function claimedScopes(candidates: readonly Candidate[], today: CalendarDate): readonly Scope[] {
  const scopes = new Map<string, Scope>();
  for (const { draft } of candidates) {
    for (const { quantity, unit, rows } of draft.results) {
      const key = `${quantity} ${unit}`;
      const values = rows.flatMap(({ value }) => value ?? []);
      const known = scopes.get(key);
      scopes.set(key, {
        quantity,
        unit,
        min: Math.min(known?.min ?? Infinity, ...values),
        max: Math.max(known?.max ?? -Infinity, ...values),
        cmc: { absolute: 0, relative: 0 },
        validFrom: earliest(known?.validFrom, draft),
        validTo: latest(known?.validTo ?? today, draft),
      });
    }
  }
  return [...scopes.values()];
}

// A certificate may state its dates in the wrong order: that is for the registry to refuse, not for an accreditation.
function earliest(known: string | undefined, { performed: { begin, end } }: ReportDraft): string {
  return [begin, end, known ?? begin].sort()[0] ?? begin;
}

function latest(known: string, { performed: { begin, end } }: ReportDraft): string {
  return [begin, end, known].sort().at(-1) ?? end;
}
