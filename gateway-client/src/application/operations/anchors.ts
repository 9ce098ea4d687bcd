import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isKind } from '@tracecal/core/model';
import { anchorOf, readStatement, TraceCalError } from '../../client/index.js';
import type { Announced, Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { readText } from '../files/inputFile.js';
import { requireNewFile } from '../files/newFile.js';
import type { Session } from '../session/session.js';
import { missingSignatures } from './sign.js';
import { readItems, rewriteItems, textOf } from './statementFile.js';

export interface AnchoredFile {
  readonly file: string;
  /** The same statements, each report with its proof. */
  readonly anchored: string;
  readonly reports: readonly string[];
}

export interface Anchoring {
  readonly root: string;
  /** Null if the root was on the ledger already. */
  readonly committed: Announced | null;
  readonly files: readonly AnchoredFile[];
}

interface Prepared {
  readonly file: string;
  readonly anchored: string;
  readonly items: readonly Item[];
}

/**
 * Puts the signed reports of these files under one Merkle root, registers the root, and writes each file again with the proofs: beside it,
 * or into a folder.
 *
 * @throws ApplicationError `KEYS_MISSING` for a report that is not signed by all, `INPUT_INVALID`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`
 */
export async function anchorFiles(
  session: Session,
  files: readonly string[],
  { output: folder, via }: { readonly output?: string; readonly via?: string },
): Promise<Anchoring> {
  const prepared: Prepared[] = [];
  for (const file of files) {
    prepared.push({ file, anchored: placeOf(file, folder), items: await reportsIn(session, file) });
  }
  requireOwnPlaces(prepared);
  const reports = prepared.flatMap(({ items }) => items.filter(isReport));
  const { root, proofs } = anchorOf(reports.map(({ statement }) => statement));
  const proofOf = new Map(reports.map((item, place) => [item, proofs[place]]));
  const outputs = prepared.map(({ anchored, items }) => ({
    anchored,
    items: items.map((item) => {
      const anchor = proofOf.get(item);
      return anchor ? { ...item, anchor } : item;
    }),
  }));
  const unwritten: typeof outputs = [];
  for (const output of outputs) {
    if (!(await isWritten(output.anchored, output.items))) {
      unwritten.push(output);
    }
  }

  const committed = await enter(session, root, via);
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
  }
  for (const { anchored, items } of unwritten) {
    await rewriteItems(anchored, items);
  }
  return {
    root,
    committed,
    files: prepared.map(({ file, anchored, items }) => ({
      file,
      anchored,
      reports: items.filter(isReport).map(({ statement }) => readStatement(statement).subject.id),
    })),
  };
}

/** The statements of a file with at least one report. All must have signed it: a further signature would make another report. */
async function reportsIn(session: Session, file: string): Promise<readonly Item[]> {
  const items = await readItems(file);
  const reports = items.filter(isReport);
  if (reports.length === 0) {
    throw new ApplicationError('INPUT_INVALID', `${file} holds no report: only reports are dated by an anchor.`);
  }
  for (const { statement, anchor } of reports) {
    const { id } = readStatement(statement).subject;
    if (anchor) {
      throw new ApplicationError('INPUT_INVALID', `Report ${id} in ${file} is anchored already.`);
    }
    const missing = await missingSignatures(session, statement);
    if (missing.length > 0) {
      throw new ApplicationError(
        'KEYS_MISSING',
        `Report ${id} in ${file} lacks signatures of ${missing.join(', ')}: anchor it when all have signed.`,
      );
    }
  }
  return items;
}

function isReport({ statement }: Item): boolean {
  return isKind(readStatement(statement), 'report');
}

function placeOf(file: string, folder: string | undefined): string {
  return join(folder ?? dirname(file), `${basename(file, '.json')}.anchored.json`);
}

/**
 * Whether a file already holds these statements: an earlier attempt may have stopped half-way, even within a file.
 *
 * @throws ApplicationError `FILE_UNWRITABLE` if it holds something else
 */
async function isWritten(path: string, items: readonly Item[]): Promise<boolean> {
  if (!existsSync(path)) {
    return false;
  }
  const [text, wanted] = [await readText(path), textOf(items)];
  if (!wanted.startsWith(text)) {
    requireNewFile(path);
  }
  return text === wanted;
}

function requireOwnPlaces(prepared: readonly Prepared[]): void {
  const places = new Set<string>();
  for (const { anchored } of prepared) {
    if (places.has(anchored)) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `Two of the files would be written to ${anchored}: give each a name of its own.`,
      );
    }
    places.add(anchored);
  }
}

/** An earlier attempt may have anchored the same reports, but not written their proofs. */
async function enter(session: Session, root: string, via: string | undefined): Promise<Announced | null> {
  try {
    return await (await session.relay(via)).anchor(root);
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'ALREADY_EXISTS') {
      return null;
    }
    throw error;
  }
}
