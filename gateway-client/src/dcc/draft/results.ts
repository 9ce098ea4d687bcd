import type { Certificate } from '../certificate.js';
import type { Circumstances } from '../circumstances.js';
import { oneLine } from '../oneLine.js';
import type { Quantity } from '../results.js';
import type { Statement } from '../statements.js';
import { argumentsOf, type ArgumentColumn } from './arguments.js';
import { claimsOf, type Claims } from './claims.js';
import { columnsOf, type Column, type TablePlace } from './columns.js';
import { conformityOf, type DraftConformity } from './conformity.js';
import { groupColumns, type Group } from './groups.js';
import type { KindProposer } from './kinds.js';
import { toldReferences } from './told.js';
import { means, type Mapping } from './mapping.js';
import { draftMethod, proposeMethod, type DraftMethod, type MethodProposal } from './methods.js';
import type { ParentList, Use } from './parents.js';
import { rowsOf, type GroupRows } from './rows.js';
import type { Decision, LeftOut, Question, Result, Row, RowNote } from './shapes.js';

/** A result of a certificate as it would stand in a report, with everything that the certificate says about it. */
export interface DraftResult {
  readonly result: Result;
  /** It states an uncertainty in some row. Others are informative. */
  readonly counted: boolean;
  readonly notes: readonly RowNote[];
  /** Nominal values, in the unit of the result. */
  readonly nominal: readonly (number | null)[] | null;
  /** The class of its method: proposed by the certificate, or confirmed by the mapping file. */
  readonly method: (MethodProposal & { readonly confirmed: boolean }) | null;
  readonly methods: readonly DraftMethod[];
  readonly uses: readonly Use[];
  readonly claims: Claims;
  readonly conformity: DraftConformity | null;
  readonly decisions: readonly Decision[];
  readonly questions: readonly Question[];
  /** What it refers to in the file, the nearest first. */
  readonly refIds: readonly string[];
  readonly place: TablePlace;
}

/** A result, or as-found results among the conditions, as the file has it. */
export interface Source {
  readonly name: string;
  readonly place: TablePlace;
  readonly tables: readonly (readonly Quantity[])[];
  readonly refType: string | null;
  readonly refIds: readonly string[];
  /** Names of the measurement and the items: the farthest clues to a kind. */
  readonly clues: readonly string[];
  readonly circumstances: readonly Circumstances[];
  /** Metadata of the measurement and its tables. */
  readonly metaData: readonly Statement[];
}

export interface DraftContext {
  readonly certificate: Certificate;
  readonly mapping: Mapping;
  readonly proposeKind: KindProposer;
  readonly parents: ParentList;
}

export interface Drafted {
  readonly results: readonly DraftResult[];
  readonly leftOut: readonly LeftOut[];
  /** Results that no report may hold. */
  readonly refused: readonly LeftOut[];
}

/** Drafts the results of one result of the file. */
export function draftResults(source: Source, context: DraftContext): Drafted {
  const tables = source.tables.map((table) => new TableDraft(table, source, context));
  const many = tables.reduce((sum, table) => sum + table.groups, 0) > 1;
  const drafts = tables.map((table) => table.draft(many));
  return {
    results: drafts.flatMap(({ results }) => results),
    leftOut: drafts.flatMap(({ leftOut }) => leftOut),
    refused: drafts.flatMap(({ refused }) => refused),
  };
}

class TableDraft {
  readonly #source: Source;
  readonly #context: DraftContext;
  readonly #columns: readonly Column[];
  readonly #grouped: ReturnType<typeof groupColumns>;

  constructor(table: readonly Quantity[], source: Source, context: DraftContext) {
    this.#source = source;
    this.#context = context;
    const columns = columnsOf(table, source.place, context.mapping);
    this.#columns = [...toldReferences(columns, source.place, context.mapping), ...columns];
    this.#grouped = groupColumns(this.#columns);
  }

  get groups(): number {
    return this.#grouped.groups.length;
  }

  draft(many: boolean): Drafted {
    const results: DraftResult[] = [];
    const [leftOut, refused] = [this.#leftOut(), [] as LeftOut[]];
    for (const group of this.#grouped.groups) {
      const name = many ? `${this.#source.name}: ${labelOf(group)}` : this.#source.name;
      const rows = rowsOf(group, this.#beside());
      if (!rows) {
        leftOut.push({ name, reason: 'It states no values.' });
      } else if (rows.refused !== null) {
        refused.push({ name, reason: rows.refused });
      } else {
        results.push(this.#result(name, group, rows));
      }
    }
    return { results, leftOut, refused };
  }

  #result(name: string, group: Group, rows: GroupRows): DraftResult {
    const { certificate, mapping } = this.#context;
    const { place } = this.#source;
    const statements = this.#statementsAbout(group);
    const quantities = columnsIn(group).map(({ quantity }) => quantity);
    const own = quantities.map(({ circumstances }) => circumstances);
    const circumstances = [...own, ...this.#source.circumstances];
    const methods = [...new Set(circumstances.flatMap((each) => each.methods))];
    const kind = this.#kindOf(group, rows);
    const at = argumentsOf(group, this.#grouped.arguments, rows.rows.length, {
      place,
      mapping,
      kindOf: this.#context.proposeKind,
    });
    const placed = placeRows(rows, at);
    const chosen = mapping.methods.find(({ result }) => means(result, place.result, place.names));
    const proposed = proposeMethod(methods);
    const result: Result = {
      name,
      quantity: kind.quantity,
      unit: rows.unit.text,
      arguments: at.map(({ argument }) => argument),
      rows: placed.rows,
    };
    return {
      result,
      counted: placed.rows.some(({ uncertainty }) => uncertainty !== null),
      notes: [...rows.notes, ...placed.notes],
      nominal: group.nominal?.cells.map(({ value }) => value) ?? null,
      method: chosen
        ? { classes: [chosen.method], because: 'the mapping file', confirmed: true }
        : proposed && { ...proposed, confirmed: false },
      methods: methods.map(draftMethod),
      uses: this.#context.parents.usesOf(circumstances, [
        ...quantities.flatMap((q) => q.metaData),
        ...this.#source.metaData,
      ]),
      claims: claimsOf(certificate.laboratory.code, statements),
      conformity: conformityOf(group, rows, this.#source.metaData, wholeConformity(certificate)),
      decisions: this.#decisions(name, group, rows, kind.decision, at),
      questions: [...kind.questions, ...this.#questions(name, group, rows, kind.quantity)],
      refIds: [...quantities.flatMap(({ refIds }) => refIds), ...this.#source.refIds],
      place,
    };
  }

  #kindOf(
    group: Group,
    { unit }: GroupRows,
  ): { readonly quantity: string; readonly decision: Decision; readonly questions: readonly Question[] } {
    const { mapping, proposeKind } = this.#context;
    const { name, place, clues, refType } = this.#source;
    const columns = columnsIn(group);
    const told = mapping.kinds.find(
      ({ result, column }) =>
        means(result, place.result, place.names) &&
        (column === undefined ||
          columns.some((each) => means(column, this.#columns.indexOf(each) + 1, [...each.names, ...each.refTypes]))),
    );
    // What is called "Reference" or "Error" names no quantity; the result that holds it may.
    const [speaking, others] = [
      columns.filter(({ role }) => role === 'value'),
      columns.filter(({ role }) => role !== 'value'),
    ];
    const names = [...speaking.flatMap((c) => c.names), ...place.names, ...others.flatMap((c) => c.names), ...clues];
    const refTypes = [...columns.flatMap((column) => column.refTypes), ...(refType?.split(/\s+/) ?? [])];
    const difference = !group.value && !group.indication && !group.nominal;
    const proposed = told
      ? { quantity: told.quantity, from: 'mapping' as const }
      : proposeKind({ names, refTypes, unit: unit.text, difference });
    const about = `kind of "${name}"`;
    if (proposed) {
      const { quantity, from } = proposed;
      return { quantity, decision: { about, decided: quantity, from }, questions: [] };
    }
    const text = `Which kind of quantity is "${name}" in ${unit.text}? Tell it in a mapping file (kinds).`;
    const decision: Decision = { about, decided: 'not told', from: 'structure' };
    return { quantity: 'not-told', decision, questions: [{ asks: 'kind', result: name, text }] };
  }

  #questions(name: string, group: Group, rows: GroupRows, quantity: string): Question[] {
    const questions: Question[] = [];
    if (!group.value && !group.indication && !group.nominal) {
      const text = `Which ${quantity}? "${name}" states deviations and not where they hold: tell the values of its ${rows.rows.length} rows in a mapping file (arguments, role reference).`;
      questions.push({ asks: 'argument', result: name, text });
    }
    const U = rows.withoutCoverage.filter((each) => each !== null);
    if (U.length > 0 && !this.#beside().coverage) {
      const text = `Which coverage factor? "${name}" states ${U.length === 1 ? 'an uncertainty' : `${U.length} uncertainties`} (${U.slice(0, 3).join(', ')}${U.length > 3 ? ', ...' : ''} ${rows.unit.text}) without one: tell it in a mapping file (coverage).`;
      questions.push({ asks: 'coverage', result: name, text });
    }
    return questions;
  }

  #decisions(
    name: string,
    group: Group,
    { unit }: GroupRows,
    kind: Decision,
    at: readonly ArgumentColumn[],
  ): readonly Decision[] {
    const columns = columnsIn(group);
    const roles = columns.map(({ name: column, role, from }): Decision => ({ about: column, decided: role, from }));
    const respelled =
      unit.written === unit.text ? [] : [{ about: unit.written, decided: unit.text, from: 'unit' as const }];
    const places = at.map(({ argument, from }): Decision => ({
      about: argument.name,
      decided: `${argument.role} argument`,
      from,
    }));
    const coverage = this.#beside().coverage;
    const factor: Decision[] = coverage
      ? [{ about: name, decided: `k = ${coverage.k} where none is stated`, from: 'mapping' }]
      : [];
    const names = new Set(columns.map((column) => column.name));
    const structure = this.#grouped.decisions.filter(
      ({ about }) => names.has(about) || at.some(({ argument }) => argument.name === about),
    );
    return [...roles, ...places, ...structure, ...respelled, kind, ...factor];
  }

  #beside(): Parameters<typeof rowsOf>[1] {
    const { mapping } = this.#context;
    const { place } = this.#source;
    const told = mapping.coverage.find(({ result }) => means(result, place.result, place.names));
    return {
      uncertainties: this.#columns.filter(({ role, unit }) => role === 'uncertainty' && unit),
      coverageFactors: this.#columns.filter(({ role, unit }) => role === 'coverageFactor' && unit),
      coverage: told ? { k: told.k, p: told.p ?? null } : null,
    };
  }

  /** Whatever is neither part of a result nor says where one holds. */
  #leftOut(): LeftOut[] {
    const used = new Set([...this.#grouped.groups.flatMap(columnsIn), ...this.#grouped.arguments]);
    const beside = new Set(['uncertainty', 'coverageFactor']);
    return this.#columns
      .filter((column) => !used.has(column) && !beside.has(column.role))
      .map((column) => ({ name: `${this.#source.name}: ${column.name}`, reason: whyLeftOut(column) }));
  }

  /** About the whole certificate, the measurement, this result, or one of its columns. */
  #statementsAbout(group: Group): readonly Statement[] {
    const quantities = columnsIn(group).map(({ quantity }) => quantity);
    const ids = new Set([...this.#source.refIds, ...quantities.flatMap(({ id }) => id ?? [])]);
    const ofCertificate = this.#context.certificate.statements.filter(
      ({ about }) => about.length === 0 || about.some((id) => ids.has(id)),
    );
    return [...ofCertificate, ...this.#source.metaData, ...quantities.flatMap(({ metaData }) => metaData)];
  }
}

function wholeConformity({ statements }: Certificate): readonly Statement[] {
  return statements.filter(({ about }) => about.length === 0);
}

function columnsIn({ value, indication, difference, nominal, further }: Group): readonly Column[] {
  const columns = [value, indication, difference, nominal, ...further].filter((column) => column !== null);
  return [...new Set(columns)];
}

function labelOf({ value, indication, difference }: Group): string {
  const speaking =
    value?.role === 'reference' ? (difference ?? indication ?? value) : (value ?? difference ?? indication);
  return oneLine(speaking?.name) || 'quantity';
}

function whyLeftOut({ reason, words, role }: Column): string {
  if (words.length > 0) {
    return `It states words: ${words.join(' ')}`;
  }
  return (
    reason ?? (role === 'ignored' ? 'It repeats what other columns say.' : 'No result of its kind stands beside it.')
  );
}

/** A row that does not say where it holds cannot be asked for: it is left out, and named. */
function placeRows(
  { rows }: GroupRows,
  at: readonly ArgumentColumn[],
): { readonly rows: readonly Row[]; readonly notes: readonly RowNote[] } {
  const placed = rows.map((row, i) => {
    const places = at.map(({ values }) => values[i] ?? null);
    const missing = places.findIndex((place) => place === null);
    return missing === -1
      ? { row: { ...row, at: places.filter((place) => place !== null) }, note: null }
      : {
          row: null,
          note: { row: i + 1, note: `it is left out: ${at[missing]?.argument.name ?? 'an argument'} is not stated` },
        };
  });
  return { rows: placed.flatMap(({ row }) => row ?? []), notes: placed.flatMap(({ note }) => note ?? []) };
}
