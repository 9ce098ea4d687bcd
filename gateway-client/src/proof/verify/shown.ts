import type { Tier } from './tiers.js';

/** Why a tier does not hold: one sentence without its full stop. */
export class NotShown extends Error {}

/** A tier that holds unless what it rests on is refused. */
export async function shown(check: () => Tier | Promise<Tier>): Promise<Tier> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof NotShown) return { holds: false, shows: error.message };
    throw error;
  }
}

/** Reads what the bundle's maker wrote: whatever fails in it makes a tier fail. */
export function carried<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof NotShown) throw cause;
    throw new NotShown(`${what}: ${cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)}`);
  }
}

export function demand(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new NotShown(otherwise);
}
