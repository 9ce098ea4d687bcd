import { createHash } from 'node:crypto';
import type { ReportAnswer } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { Parent } from '@tracecal/core/model';
import { undefinedIfNotFound } from '../../client/index.js';
import { outsideParent } from '../../dcc/index.js';
import { describeFailure } from '../failure.js';
import { register } from '../operations/deliver.js';
import { ownId } from '../operations/ids.js';
import { orForgotten, reportItem } from '../operations/reports.js';
import { unsignedReport } from '../operations/unsignedReport.js';
import type { Session } from '../session/session.js';
import { candidateOf } from './candidate.js';
import type { Candidate } from './candidate.js';
import { findParent } from './findParent.js';
import type { ImportedReport } from './imported.js';

/** Remembers the unregistered certificates that a report names. The report is amended when they are registered. */
export async function awaitParents(session: Session, { report, parents }: ImportedReport): Promise<void> {
  for (const parent of parents) {
    if (parent.kind === 'external') {
      for (const name of [parent.certificate, ...(parent.digest ? [parent.digest.value] : [])]) {
        await session.waiting.add(name, report);
      }
    }
  }
}

/**
 * Amends reports that were imported before this certificate, so that they name it now; results stay the same.
 *
 * @returns for each report, the amendment made or the command that makes it
 */
export async function adoptChildren(
  session: Session,
  { uniqueIdentifier, sha256 }: Candidate,
  via?: string,
): Promise<readonly string[]> {
  const waiting = await Promise.all(
    [uniqueIdentifier, sha256].map(async (name) =>
      (await session.waiting.of(name)).map((report) => ({ name, report })),
    ),
  );
  const notes: string[] = [];
  for (const { name, report } of waiting.flat()) {
    const note = await adopt(session, report, via);
    notes.push(...(note ? [note.text] : []));
    if (note?.isDone) {
      await session.waiting.remove(name, report);
    }
  }
  return notes;
}

interface Note {
  readonly text: string;
  readonly isDone: boolean;
}

async function adopt(session: Session, id: string, via: string | undefined): Promise<Note | undefined> {
  const child = await undefinedIfNotFound((await session.reader()).getReport(id));
  const parents = child?.record.supersededBy === null ? await parentsNow(session, child) : undefined;
  if (!child || !parents) {
    return undefined;
  }
  const name = amendedName(child, parents);
  const devices = parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : []));
  const { technician } = child.body;
  const isConfidential = child.body.results.some(({ sealed }) => sealed);
  const isAble =
    // What is confidential is not on the ledger, so an amendment from there would lack it.
    !isConfidential &&
    session.keys.has('technician', technician) &&
    devices.every((device) => session.keys.has('device', device));
  const command = `tracecal report amend ${id} ${name} --technician ${technician} --dcc FILE${isConfidential ? ' --private' : ''}`;
  if (!isAble) {
    return { text: `Report ${id} rests on it and does not name it yet: ${command}`, isDone: false };
  }
  try {
    const notes = await amend(session, child, { id: ownId(child.organisation, name), parents }, via);
    return {
      text: [`Report ${id} rests on it, and is amended to name it: ${child.organisation}/${name}.`, ...notes].join(' '),
      isDone: true,
    };
  } catch (error) {
    // This certificate is registered by now, so an obstacle in a child becomes a note with the command that amends it later.
    const text = `Report ${id} rests on it and could not be amended: ${describeFailure(error).message} ${command}`;
    return { text, isDone: false };
  }
}

/**
 * The parents of a report, where names of certificates registered since then are replaced by their reports; undefined if there are none.
 */
async function parentsNow(session: Session, { body, id }: ReportAnswer): Promise<readonly Parent[] | undefined> {
  const { certificateSha256 } = body;
  if (certificateSha256 === null || !(await session.content.has(certificateSha256))) {
    return undefined;
  }
  const { draft } = candidateOf(id, await session.content.get(certificateSha256));
  let isChanged = false;
  const parents = [...body.parents];
  for (const named of draft.parents) {
    const place = parents.findIndex((parent) => canonicalJson(parent) === canonicalJson(outsideParent(named)));
    const { report } = place === -1 || parents[place]?.kind !== 'external' ? {} : await findParent(session, named);
    if (report) {
      parents[place] = { kind: 'report', device: report.body.device, report: report.id, digest: report.digest };
      isChanged = true;
    }
  }
  return isChanged ? parents : undefined;
}

/** The certificate's number, plus a part that distinguishes this version from the others. */
function amendedName({ id, body }: ReportAnswer, parents: readonly Parent[]): string {
  const own = id.slice(id.indexOf('/') + 1).replace(/\+[0-9a-f]{8}$/, '');
  const version = createHash('sha256')
    .update(canonicalJson([body.certificateSha256, parents]))
    .digest('hex');
  return `${own}+${version.slice(0, 8)}`;
}

async function amend(
  session: Session,
  { id, digest, body, results }: ReportAnswer,
  next: { readonly id: string; readonly parents: readonly Parent[] },
  via: string | undefined,
): Promise<readonly string[]> {
  const unsigned = await unsignedReport(session, {
    ...body,
    ...{ report: next.id, parents: next.parents },
    content: { ...body, results },
    supersedes: { report: id, digest },
  });
  const { item, notes } = await reportItem(session, unsigned, {});
  await orForgotten(session, item, () => register(session, item, via));
  return notes;
}
