import type { DraftContext, Drafted, Source } from './drafted.js';
import { TableDraft } from './tableDraft.js';

/** Drafts the results from one result element of the file. */
export function draftResults(source: Source, context: DraftContext): Drafted {
  const tables = source.tables.map((table) => new TableDraft(table, source, context));
  const many = tables.reduce((sum, table) => sum + table.groups, 0) > 1;
  return joinDrafts(tables.map((table) => table.draft(many)));
}

export function joinDrafts(drafts: readonly Drafted[]): Drafted {
  return {
    results: drafts.flatMap(({ results }) => results),
    leftOut: drafts.flatMap(({ leftOut }) => leftOut),
    refused: drafts.flatMap(({ refused }) => refused),
  };
}
