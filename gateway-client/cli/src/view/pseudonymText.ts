import { FACT_READERS, readersOf } from '@tracecal/core/model';
import type { FactReaders, Pseudonym } from '@tracecal/core/model';

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

const CIRCLES: Readonly<Record<FactReaders, string>> = {
  general: 'everybody',
  members: 'organisations of the registry',
  parties: 'parties',
};

/** To whom the certifier opens which facts. */
export function scopesWords({ scopes, otherwise }: Pseudonym): string {
  const named = (circle: FactReaders) => Object.keys(scopes).filter((fact) => scopes[fact] === circle);
  const opened = FACT_READERS.flatMap((circle) => {
    const facts = [...named(circle), ...(circle === otherwise ? ['what no scope names'] : [])];
    return facts.length === 0 ? [] : [`to ${CIRCLES[circle]}: ${facts.join(', ')}`];
  });
  return `to be opened ${opened.join('; ')}`;
}
