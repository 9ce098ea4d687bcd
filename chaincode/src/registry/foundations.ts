import { isKind, registrantOf } from '@tracecal/core/model';
import type { Entry, ReportRecord, Statement, StatementOf } from '@tracecal/core/model';
import { readStatement, registryOf, said } from '@tracecal/core/open';
import type { OpenDevice } from '@tracecal/core/open';
import type { Foundation } from '@tracecal/core/registry';
import { claimedSigners } from '@tracecal/core/signing';
import type { RecordSource } from '@tracecal/core/trace';

/**
 * Everything that a report depends on directly, as a trace sees it: its parents and their devices; its technician and
 * organisation; for a transcription, the issuer of the certificate and the organisations that confirmed it; those that vouch
 * for confidential results, its own or others that it rests on; the technicians that imprinted its device; the owners who accepted it; and the report that amends it and counts in its place.
 *
 * @param words Confirmations and acceptances; by default those that are registered and in the device's record.
 */
export async function foundationsOf(
  source: RecordSource,
  { id, statement: entry, supersededBy }: ReportRecord,
  device: Pick<OpenDevice, 'imprinters' | 'decisions'>,
  { confirmations, vouchings, acceptances = acceptancesOf(device, id) }: Words = {},
): Promise<readonly Foundation[]> {
  const { statement } = said(entry, await registryOf(source), 'report');
  const confirmed = confirmations ?? (statement.body.certificate ? await source.confirmations(id) : []);
  const foundations: Foundation[] = [
    ...namedIn(statement),
    ...(supersededBy === null ? [] : [{ kind: 'report', id: supersededBy } as const]),
    ...[...device.imprinters.keys()].map((imprinter) => ({ kind: 'person', id: imprinter }) as const),
    ...confirmersIn(confirmed),
    ...vouchersIn(vouchings ?? (await source.vouchings(id))),
    ...acceptances.map(({ jws }) => ({ kind: 'organisation', id: readStatement(jws).author }) as const),
  ];
  return [...new Map(foundations.map((each) => [nameOf(each), each])).values()];
}

export interface Words {
  readonly confirmations?: readonly Entry[];
  readonly vouchings?: readonly Entry[];
  readonly acceptances?: readonly Entry[];
}

/** The statements by which owners accepted a report, as far as their device's record keeps them. */
export function acceptancesOf({ decisions }: Pick<OpenDevice, 'decisions'>, report: string): readonly Entry[] {
  return decisions.filter((each) => each.accepts && each.report === report).map(({ said: { entry } }) => entry);
}

function namedIn({ author, body }: StatementOf<'report'>): readonly Foundation[] {
  const { certificate, device, parents, technician } = body;
  return [
    ...parents.flatMap((parent): Foundation[] =>
      parent.kind === 'report'
        ? [
            { kind: 'report', id: parent.report },
            { kind: 'device', id: parent.device },
          ]
        : [],
    ),
    { kind: 'person', id: technician },
    { kind: 'organisation', id: author },
    ...(certificate?.issuer === undefined ? [] : [{ kind: 'organisation', id: certificate.issuer } as const]),
    { kind: 'organisation', id: registrantOf(device) },
  ];
}

/** The organisations that confirmed a transcription and did not withdraw, with the officers who signed for them. */
function confirmersIn(entries: readonly Entry[]): readonly Foundation[] {
  return speakersIn(entries, (statement) => isKind(statement, 'confirmation') && statement.body.equal);
}

/** The same for those that vouch for confidential results. */
function vouchersIn(entries: readonly Entry[]): readonly Foundation[] {
  return speakersIn(
    entries,
    (statement) => isKind(statement, 'vouching') && statement.body.judged.some(({ outcome }) => outcome !== 'unsound'),
  );
}

function speakersIn(entries: readonly Entry[], counts: (statement: Statement) => boolean): readonly Foundation[] {
  const last = new Map(entries.map((entry) => [readStatement(entry.jws).author, entry]));
  return [...last.values()].flatMap(({ jws }) => {
    const statement = readStatement(jws);
    return counts(statement)
      ? [{ kind: 'organisation', id: statement.author }, ...claimedSigners(jws).flatMap(officerIn)]
      : [];
  });
}

function officerIn(signer: string | null): readonly Foundation[] {
  return signer?.startsWith('officer:') ? [{ kind: 'person', id: signer.slice('officer:'.length) }] : [];
}

export function nameOf({ kind, id }: Foundation): string {
  return `${kind}:${id}`;
}
