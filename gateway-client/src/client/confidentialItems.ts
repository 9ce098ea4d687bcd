import { isKind } from '@tracecal/core/model';
import { TraceCalError } from './errors.js';
import { readStatement } from './statements/index.js';
import type { Item } from './statements/index.js';

/** All that the registry takes with a statement. */
const MEMBERS: Readonly<Record<keyof Item, true>> = {
  ...{ statement: true, certificate: true, certificates: true, memberships: true },
  ...{ results: true, acceptance: true, anchor: true },
};

/**
 * A peer that refuses confidential results has read them: they are refused here, before anything is sent, and so is whatever the registry
 * does not take, such as what the issuer keeps of a report.
 *
 * @throws TraceCalError `INPUT_INVALID`
 */
export function requireNothingConfidential(items: readonly Item[]): void {
  for (const item of items) {
    const unknown = Object.keys(item).find((name) => !Object.hasOwn(MEMBERS, name));
    if (unknown !== undefined) {
      const known = Object.keys(MEMBERS).join(', ');
      throw new TraceCalError(
        'INPUT_INVALID',
        `The registry takes no "${unknown}" with a statement, and its peers would read it: pass only ${known}.`,
      );
    }
    const sealed = item.results?.length ? sealedIn(item) : [];
    const quantity = item.results?.find((result) => sealed.includes(result.quantity))?.quantity;
    if (quantity !== undefined) {
      throw new TraceCalError(
        'INPUT_INVALID',
        `The report keeps its ${quantity} confidential, and peers would read what is passed of it: pass only its public results.`,
      );
    }
  }
}

/** What cannot be read is for the registry to refuse: it names nothing as confidential. */
function sealedIn({ statement }: Item): readonly string[] {
  try {
    const read = readStatement(statement);
    return isKind(read, 'report') ? read.body.results.flatMap((each) => (each.sealed ? [each.quantity] : [])) : [];
  } catch (error) {
    if (error instanceof TraceCalError) return [];
    throw error;
  }
}
