import type { Scope } from '@tracecal/chaincode/model';
import type { Candidate } from '../certificates/candidate.js';

/** An accreditation that covers what these certificates claim: one line a quantity and unit, without a limit of uncertainty. */
export function claimedScopes(candidates: readonly Candidate[]): readonly Scope[] {
  const scopes = new Map<string, Scope>();
  for (const { draft } of candidates) {
    for (const { quantity, unit, points } of draft.results) {
      const key = `${quantity} ${unit}`;
      const values = points.map(({ value }) => value);
      const known = scopes.get(key);
      scopes.set(key, {
        quantity,
        unit,
        min: Math.min(known?.min ?? Infinity, ...values),
        max: Math.max(known?.max ?? -Infinity, ...values),
        cmc: { absolute: 0, relative: 0 },
        validFrom: earlier(known?.validFrom, draft.performed.begin),
        validTo: later(known?.validTo, draft.performed.end),
      });
    }
  }
  return [...scopes.values()];
}

function earlier(known: string | undefined, date: string): string {
  return known !== undefined && known < date ? known : date;
}

function later(known: string | undefined, date: string): string {
  return known !== undefined && known > date ? known : date;
}
