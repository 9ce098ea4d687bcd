import type { Certificate } from '../certificate.js';
import { DccError } from '../errors.js';

/** Columns of one table: each pair is compared. */
const MAX_COLUMNS = 500;
/** Number of results times the number of elements that each is compared with. */
const MAX_COMPARISONS = 5_000_000;

/**
 * Refuses a file with too many parts to compare. Real certificates are far below the limit; a hostile one must not keep a
 * member busy for hours.
 *
 * @throws DccError `XML_TOO_MANY`
 */
export function checkWork({ results, items, equipment, conditions, statements, metaData }: Certificate): void {
  for (const { quantities } of results) {
    if (quantities.length > MAX_COLUMNS) {
      throw new DccError('XML_TOO_MANY', `At most ${MAX_COLUMNS} quantities of one result can be drafted.`);
    }
  }
  const compared = items.items.length + equipment.length + conditions.length + statements.length + metaData.length;
  if (results.length * compared > MAX_COMPARISONS) {
    throw new DccError(
      'XML_TOO_MANY',
      'It has too many results, items and statements to compare them with each other.',
    );
  }
}
