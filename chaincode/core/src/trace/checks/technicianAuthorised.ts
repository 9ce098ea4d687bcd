import { technicianKey } from './technician.js';
import { failed, holds } from './check.js';
import type { Check, OpenReport } from './check.js';

/** The technician may sign for every quantity that the report gives results for. */
export const technicianAuthorised: Check = {
  name: 'technician-authorised',
  about: 'report',
  examine({ report }) {
    const { id, payload } = report;
    const allowed = authorisedFor(report);
    const beyond = payload.results.find(({ quantity }) => !allowed.includes(quantity));
    return beyond && technicianKey(report)
      ? failed(`Technician ${payload.technician} may not sign for ${beyond.quantity}, which report ${id} gives.`)
      : holds;
  },
  told({ report }) {
    const { id, payload } = report;
    const given = payload.results.map(({ quantity }) => quantity);
    return [
      `Technician ${payload.technician} may sign for ${wordsOf(authorisedFor(report))}; report ${id} gives ${wordsOf(given)}.`,
    ];
  },
};

function wordsOf(quantities: readonly string[]): string {
  return quantities.length === 0 ? 'nothing' : [...new Set(quantities)].join(', ');
}

/**
 * The last authorisation of an earlier epoch counts, and all those of the report's own epoch: nobody signs the order within an epoch,
 * and a later authorisation must not invalidate what was signed before.
 */
function authorisedFor({ technician, said: { registered } }: OpenReport): readonly string[] {
  const keys = technician?.keys ?? [];
  const earlier = keys.findLast(({ said }) => said.registered.epoch < registered.epoch);
  const own = keys.filter(({ said }) => said.registered.epoch === registered.epoch);
  return [...(earlier ? [earlier] : []), ...own].flatMap(({ said }) => said.statement.body.quantities);
}
