import type { Acceptance } from '../../model/index.js';
import type { Said } from './statement.js';

/** What the acceptance of a report says. */
export function acceptanceOf({ statement, digest }: Pick<Said<'report'>, 'statement' | 'digest'>): Acceptance {
  const { subject, body } = statement;
  return {
    report: subject.id,
    digest,
    performed: body.performed.end,
    results: body.results.map(({ quantity, extents, foundOutOfLimits, sealed }) => ({
      quantity,
      ...(extents && { extents }),
      ...(foundOutOfLimits && { foundOutOfLimits }),
      ...(sealed && { sealed }),
    })),
    ...(body.adjusted && { adjusted: body.adjusted }),
    ...(body.supersedes && { supersedes: body.supersedes.report }),
  };
}
