/** Whether a specification is met, from the least favourable to the most (ILAC-G8 has the binary and the guarded forms). */
export const CONFORMITIES = ['fail', 'noPass', 'conditionalFail', 'conditionalPass', 'noFail', 'pass'] as const;
export type Conformity = (typeof CONFORMITIES)[number];

/** The least favourable of these statements; null if the list is empty. */
export function worstConformity(stated: readonly (Conformity | null)[]): Conformity | null {
  return CONFORMITIES.find((conformity) => stated.includes(conformity)) ?? null;
}
