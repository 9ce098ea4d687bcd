import { RegistryError } from '../model/index.js';
import type { Disclosure } from '../model/index.js';
import { shownBy } from './disclosures.js';
import { EvidenceMissing } from './evidence.js';
import { registryOf } from './open/registry.js';
import { said } from './open/statement.js';
import type { RecordSource } from './source.js';

/**
 * Requires that disclosures lead to what the reports of these records sign. A trace would only count one that does not as if it were not
 * there. One about a report that the records do not hold does no harm.
 *
 * @throws RegistryError `INPUT_INVALID`, naming the report
 */
export async function requireOpening(source: RecordSource, disclosures: readonly Disclosure[]): Promise<void> {
  for (const disclosure of disclosures) {
    const record = await ifHeld(source, disclosure.report);
    if (record && !shownBy(disclosure, said(record.statement, await registryOf(source), 'report'))) {
      throw new RegistryError(
        'INPUT_INVALID',
        `the disclosure about ${disclosure.quantity} of report ${disclosure.report} does not lead to what that report signs: ask its issuer for another one.`,
      );
    }
  }
}

async function ifHeld(source: RecordSource, report: string) {
  try {
    return await source.report(report);
  } catch (error) {
    if (error instanceof EvidenceMissing) {
      return undefined;
    }
    throw error;
  }
}
