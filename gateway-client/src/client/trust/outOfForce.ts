import type { Instant } from '@tracecal/core/model';
import type { Trust } from './trust.js';

/** Why a trust may not be used at a moment; undefined if it may. */
export function outOfForce({ validity }: Pick<Trust, 'validity'>, now: Instant): string | undefined {
  return validity && (now < validity.from || now >= validity.to)
    ? `It may be used from ${validity.from} until ${validity.to}, and it is ${now}.`
    : undefined;
}
