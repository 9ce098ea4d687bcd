import type { Disclosure } from '@tracecal/core/model';
import { joinedDisclosures, shownBy } from '@tracecal/core/trace';
import { ApplicationError } from '../errors.js';
import type { ReportFacts } from './reportFacts.js';

/**
 * The facts about a report, with the confidential results that somebody was told.
 *
 * @throws ApplicationError `INPUT_INVALID` for a disclosure of another report, or one that does not lead to what this report signs;
 * RegistryError `INPUT_INVALID` for two that contradict each other
 */
export function disclosedFacts(facts: ReportFacts, disclosures: readonly Disclosure[]): ReportFacts {
  const { id, registry, digest, body } = facts;
  const signed = { digest, statement: { registry, subject: { kind: 'report', id }, body } } as const;
  // Several disclosures may show the same; an issuer may give several results one name.
  const opened = joinedDisclosures(disclosures).map((disclosure) => {
    const shown = shownBy(disclosure, signed);
    if (!shown) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `The disclosure about ${disclosure.quantity} of report ${disclosure.report} does not lead to what report ${id} signs: ask its issuer for another one.`,
      );
    }
    return { quantity: disclosure.quantity, ...shown };
  });
  return {
    ...facts,
    results: [...facts.results, ...opened.flatMap(({ results }) => results)],
    ...(opened.length > 0 && {
      disclosed: opened.map(({ quantity, shown, size, isComplete }) => ({ quantity, shown, atMost: size, isComplete })),
    }),
  };
}
