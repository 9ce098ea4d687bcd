import { readersOf } from '@tracecal/core/model';
import type { Pseudonym } from '@tracecal/core/model';

/** Who registered something under a pseudonym, and what of it is public all the same. */
export function underPseudonym(
  certifier: string,
  pseudonym: Pseudonym,
  stated: Readonly<Record<string, string>>,
): string {
  const open = Object.entries(stated).filter(([fact]) => readersOf(pseudonym, fact) === 'general');
  return [`registered under a pseudonym by ${certifier}`, ...open.map(([fact, value]) => `${fact} ${value}`)].join(
    ', ',
  );
}
