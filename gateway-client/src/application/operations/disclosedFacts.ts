import type { Disclosure } from '@tracecal/core/model';
import { openDisclosure } from '@tracecal/core/signing';
import { joinedDisclosures } from '@tracecal/core/trace';
import { ApplicationError } from '../errors.js';
import type { ReportFacts } from './reportFacts.js';

/**
 * The facts about a report, with the confidential results that somebody was told.
 *
 * @throws ApplicationError `INPUT_INVALID` for a disclosure of another report, or one that does not lead to what this report signs;
 * RegistryError `INPUT_INVALID` for two that contradict each other
 */
export function disclosedFacts(facts: ReportFacts, disclosures: readonly Disclosure[]): ReportFacts {
  // Several disclosures may show the same; an issuer may give several results one name.
  const opened = joinedDisclosures(disclosures).map((disclosure) => {
    const signed = facts.body.results.find(({ quantity }) => quantity === disclosure.quantity);
    const shown = disclosure.digest === facts.digest && signed ? openDisclosure(disclosure, signed) : undefined;
    if (!shown) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `The disclosure about ${disclosure.quantity} of report ${disclosure.report} does not lead to what report ${facts.id} signs: ask its issuer for another one.`,
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
