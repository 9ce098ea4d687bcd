import type { StatementOf } from '../model/index.js';
import { registrantOf } from '../model/index.js';
import type { OpenDevice } from '../trace/open/opener.js';
import type { Foundation } from './keys.js';

/** A report, and the device it is about. */
export interface Dependent {
  readonly statement: StatementOf<'report'>;
  readonly supersededBy: string | null;
  readonly device: Pick<OpenDevice, 'imprinters'>;
}

/**
 * Everything that a report rests on directly, as a trace sees it: its parents and their devices; its technician and
 * organisation, and of a transcription who issued the certificate; those that imprinted its device; and the report that amends
 * it, which then counts in its place.
 */
export function foundationsOf({ statement, supersededBy, device }: Dependent): readonly Foundation[] {
  const { author, body } = statement;
  const foundations: Foundation[] = [
    ...body.parents.flatMap((parent): Foundation[] =>
      parent.kind === 'report'
        ? [
            { kind: 'report', id: parent.report },
            { kind: 'device', id: parent.device },
          ]
        : [],
    ),
    ...(supersededBy === null ? [] : [{ kind: 'report', id: supersededBy } as const]),
    { kind: 'person', id: body.technician },
    ...[...device.imprinters.keys()].map((id) => ({ kind: 'person', id }) as const),
    { kind: 'organisation', id: author },
    ...(body.certificate?.issuer === undefined ? [] : [{ kind: 'organisation', id: body.certificate.issuer } as const]),
    { kind: 'organisation', id: registrantOf(body.device) },
  ];
  return [...new Map(foundations.map((each) => [nameOf(each), each])).values()];
}

export function nameOf({ kind, id }: Foundation): string {
  return `${kind}:${id}`;
}
