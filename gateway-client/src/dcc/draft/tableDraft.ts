import { kindNamed, type KindEvidence } from '@tracecal/core/model';
import type { Certificate } from '../certificate.js';
import { oneLine } from '../oneLine.js';
import type { Quantity } from '../data.js';
import type { Statement } from '../data.js';
import { argumentsOf, isDescription, placeRows } from './arguments.js';
import { claimsOf } from './claims.js';
import { columnsOf } from './columns.js';
import type { Column } from './column.js';
import { conformityOf } from './conformity.js';
import { namesSpan } from './fullScale.js';
import { columnsIn, groupColumns, type Group, type Grouped } from './groups.js';
import { ofPoints, takeKind, type DraftKind } from './kinds.js';
import { means } from './mapping.js';
import { draftMethod, proposeMethod, type MethodProposal } from './methods.js';
import { decisionsOf, questionsOf } from './remarks.js';
import type { DraftContext, Drafted, DraftResult, Source } from './drafted.js';
import { rowsOf, type Beside, type GroupRows } from './rows.js';
import type { LeftOut } from './shapes.js';
import { toldColumns } from './told.js';

/** Drafts the results of one table. */
export class TableDraft {
  readonly #source: Source;
  readonly #context: DraftContext;
  readonly #columns: readonly Column[];
  readonly #grouped: Grouped;

  constructor(table: readonly Quantity[], source: Source, context: DraftContext) {
    const { told } = context;
    const columns = columnsOf(table, source.place, told);
    this.#source = source;
    this.#context = context;
    this.#columns = [...columns, ...toldColumns(columns, source.place, told)];
    this.#grouped = groupColumns(this.#columns);
  }

  get groups(): number {
    return this.#grouped.groups.length;
  }

  /** @param named - Whether each result is named after its column, because there are several. */
  draft(named: boolean): Drafted {
    const results: DraftResult[] = [];
    const [empty, refused]: [LeftOut[], LeftOut[]] = [[], []];
    for (const group of this.#grouped.groups) {
      const name = named ? oneLine(`${this.#source.name}: ${labelOf(group)}`) : this.#source.name;
      const beside = this.#besideOf(group);
      const rows = rowsOf(group, beside);
      if (!rows) {
        empty.push({ name, reason: 'It states no values.' });
      } else if (rows.refused !== null) {
        refused.push({ name, reason: rows.refused });
      } else {
        results.push(this.#result(name, group, rows, beside));
      }
    }
    return { results, leftOut: [...this.#leftOut(results), ...empty], refused };
  }

  #result(name: string, group: Group, rows: GroupRows, beside: Beside): DraftResult {
    const { told, parents, certificate } = this.#context;
    const { place, metaData, refIds } = this.#source;
    const quantities = columnsIn(group).map(({ quantity }) => quantity);
    const circumstances = [...quantities.map((quantity) => quantity.circumstances), ...this.#source.circumstances];
    const methods = [...new Set(circumstances.flatMap((each) => each.methods))];
    const ofColumns = quantities.flatMap((quantity) => quantity.metaData);
    const kind = this.#kindOf(group, rows);
    const unclear = this.#unclear(group, kind);
    const places = this.#grouped.arguments.filter((column) => !unclear.includes(column));
    const at = argumentsOf(group, places, rows.rows.length, {
      place,
      told,
      quantity: kind.quantity,
      surroundings: this.#source.circumstances.flatMap((each) => each.conditions),
      kindOf: (clues, { text }) => this.#proposed(clues, text).quantity,
    });
    // Nothing may rest on a result as long as nobody says what its columns are.
    const placed = placeRows(
      unclear.length === 0 ? rows.rows : rows.rows.map((row) => ({ ...row, value: null, error: null })),
      at,
    );
    const remarks = {
      name,
      group,
      rows,
      kind,
      at,
      beside,
      structure: this.#grouped.decisions,
      unplaced: this.#unplaced(group),
      unclear,
    };
    return {
      result: {
        name,
        quantity: kind.quantity,
        unit: rows.unit.text,
        arguments: at.map(({ argument }) => argument),
        rows: placed.rows,
      },
      counted: placed.rows.some(({ uncertainty }) => uncertainty !== null),
      notes: [...rows.notes, ...placed.notes],
      nominal: group.nominal?.cells.map(({ value }) => value) ?? null,
      method: this.#method(proposeMethod(methods, place.names)),
      methods: methods.map(draftMethod),
      uses: parents.usesOf(circumstances, [...ofColumns, ...metaData]),
      claims: claimsOf(certificate.laboratory.code, [...this.#statementsAbout(quantities), ...metaData, ...ofColumns]),
      conformity: conformityOf(group, rows, this.#quantitiesOf('limit'), metaData, aboutAll(certificate)),
      decisions: decisionsOf(remarks),
      questions: questionsOf(remarks),
      refIds: [...quantities.flatMap((quantity) => quantity.refIds), ...refIds],
      words: this.#columns.flatMap(({ words }) => words),
      place,
      columns: columnsIn(group).flatMap(({ role, names }) => (role === 'reference' || role === 'nominal' ? [] : names)),
    };
  }

  #kindOf(group: Group, { unit }: GroupRows): DraftKind {
    const { told, proposeKind } = this.#context;
    const { place, clues, refType } = this.#source;
    const columns = columnsIn(group);
    const entry = told.kind(place, (pointer) =>
      columns.some((column) =>
        means(pointer, this.#columns.indexOf(column) + 1, [...column.names, ...column.refTypes]),
      ),
    );
    if (entry) {
      return { quantity: entry.quantity, from: 'mapping', because: 'the mapping file', candidates: [] };
    }
    // An error next to values has their kind; an error alone is a difference, and its name determines its kind.
    const points = columns.filter((column) => column !== group.difference && !group.further.includes(column));
    const speaking = points.length > 0 ? points : columns;
    const naming = group.value || group.indication ? speaking : columns;
    const evidence = {
      refTypes: [...speaking.flatMap((column) => column.refTypes), ...(refType?.split(/\s+/) ?? [])],
      names: speaking.filter(({ role }) => role === 'value' || role === 'indication').flatMap(({ names }) => names),
      // What a deviation is of refines what a nominal value is called; its table may say it too.
      titles: [...place.names, ...listNamesOf(columns), ...naming.flatMap(({ names }) => names)],
      context: clues,
    };
    const proposed = proposeKind(evidence, unit.text);
    const kind = group.difference && points.length > 0 ? ofPoints(proposed) : proposed;
    return takeKind(kind, this.#context.certificate.core.uniqueIdentifier);
  }

  /**
   * Columns in the dimension of a result that would be its arguments by the structure of the table alone, unless their names say that they
   * are of another kind: a place, a description, or a reference by an unknown name.
   */
  #unclear(group: Group, { quantity }: DraftKind): readonly Column[] {
    const dimension = dimensionOf(group);
    // Deviations alone are asked about as a whole.
    const hasPoints = [group.value, group.indication, group.nominal].some((column) => column !== null);
    const candidates = hasPoints ? this.#grouped.arguments : [];
    return candidates.filter((column) => {
      const { role, from, unit, names, refTypes } = column;
      const isByStructure = role === 'reference' ? from === 'name' : role === 'argument' && from === 'structure';
      return (
        isByStructure &&
        unit?.dimension === dimension &&
        !isDescription(column, quantity) &&
        !isOfOtherKind(this.#proposed({ names, refTypes }, unit?.text ?? ''), quantity)
      );
    });
  }

  #proposed(clues: KindEvidence, unit: string): DraftKind {
    const { proposeKind, certificate } = this.#context;
    return takeKind(proposeKind(clues, unit), certificate.core.uniqueIdentifier);
  }

  /** Columns that would be the arguments of a lone deviation, if they had its unit and its number of values. */
  #unplaced({ difference }: Group): readonly string[] {
    const points = this.#columns.filter(({ role }) => role === 'reference' || role === 'nominal' || role === 'value');
    return points.flatMap(({ name, reason, unit, cells }) => {
      if (unit === null || difference?.unit == null) {
        return reason === null ? [] : [`"${name}" cannot be used: ${reason.replace(/\.$/, '')}`];
      }
      if (unit.dimension !== difference.unit.dimension) {
        return [`"${name}" is in ${unit.written}, "${difference.name}" in ${difference.unit.written}`];
      }
      const isAsLong = cells.length === difference.cells.length;
      return isAsLong
        ? []
        : [`"${name}" has ${valuesIn(cells.length)}, "${difference.name}" ${valuesIn(difference.cells.length)}`];
    });
  }

  /**
   * Uncertainties in separate columns: those with the dimension of the group before relative ones, then by position. If every group has
   * its own columns after it, only these; otherwise nobody knows whose they are, and all count as those of the group.
   */
  #besideOf(group: Group): Beside {
    const dimension = dimensionOf(group);
    const stated = this.#uncertaintiesOf(group);
    const areApart = this.#grouped.groups.every((each) => this.#ownUncertainties(each).length > 0);
    const rivals = areApart ? this.#ownUncertainties(group) : stated;
    const own = rivals.filter(({ unit }) => unit?.dimension === dimension);
    const uncertainties = [...own, ...rivals.filter((column) => !own.includes(column))];
    return {
      uncertainties: uncertainties.map((column) => ({
        column,
        coverageFactor: this.#nearest('coverageFactor', this.#columns.indexOf(column))[0] ?? null,
      })),
      coverage: this.#context.told.coverage(this.#source.place) ?? null,
      span: this.#columns.find((column) => isSpanOf(column, group)) ?? null,
    };
  }

  /** Those that may be of a group, the nearest first. What has the dimension of another group's values is that group's. */
  #uncertaintiesOf(group: Group): readonly Column[] {
    const dimension = dimensionOf(group);
    const others = new Set(this.#grouped.groups.map(dimensionOf).filter((other) => other !== dimension));
    return this.#nearest('uncertainty', this.#lastOf(group)).filter(
      ({ unit }) => unit?.dimension === dimension || (unit?.dimension === '' && !others.has('')),
    );
  }

  /** Those between a group and the next one. */
  #ownUncertainties(group: Group): readonly Column[] {
    const last = this.#lastOf(group);
    const next = Math.min(...this.#grouped.groups.map((each) => this.#lastOf(each)).filter((place) => place > last));
    return this.#uncertaintiesOf(group).filter((column) => {
      const place = this.#columns.indexOf(column);
      return last < place && place < next;
    });
  }

  #lastOf(group: Group): number {
    return Math.max(...columnsIn(group).map((column) => this.#columns.indexOf(column)));
  }

  /** Columns after a place, the nearest first, then those before it. */
  #nearest(role: Column['role'], place: number): readonly Column[] {
    const distance = (column: Column) => {
      const after = this.#columns.indexOf(column) - place;
      return after > 0 ? after : this.#columns.length - after;
    };
    return this.#columns
      .filter((column) => column.role === role && column.unit)
      .sort((one, other) => distance(one) - distance(other));
  }

  #quantitiesOf(role: Column['role']): readonly Quantity[] {
    return this.#columns.filter((column) => column.role === role).map(({ quantity }) => quantity);
  }

  #method(proposed: MethodProposal | null): DraftResult['method'] {
    const chosen = this.#context.told.method(this.#source.place);
    return chosen
      ? { classes: [chosen.method], because: 'the mapping file', confirmed: true }
      : proposed && { ...proposed, confirmed: false };
  }

  /** The columns that are neither part of a result nor an argument. */
  #leftOut(results: readonly DraftResult[]): LeftOut[] {
    const { groups, arguments: places } = this.#grouped;
    const described = places.filter(
      (column) => results.length > 0 && results.every(({ result }) => isDescription(column, result.quantity)),
    );
    const rows = new Set([1, ...groups.flatMap(columnsIn).map(({ cells }) => cells.length)]);
    const placed = places.filter(({ unit, cells }) => unit === null || rows.has(cells.length));
    const used = new Set([...groups.flatMap(columnsIn), ...placed.filter((column) => !described.includes(column))]);
    return this.#columns
      .filter((column) => !used.has(column) && !BESIDE.has(column.role))
      .map((column) => ({
        name: `${this.#source.name}: ${column.name}`,
        reason: described.includes(column) ? whyDescribed(column) : whyLeftOut(column),
      }));
  }

  /** About the whole certificate, this result, or one of its columns. */
  #statementsAbout(quantities: readonly Quantity[]): readonly Statement[] {
    const ids = new Set([...this.#source.refIds, ...quantities.flatMap(({ id }) => id ?? [])]);
    return this.#context.certificate.statements.filter(
      ({ about }) => about.length === 0 || about.some((id) => ids.has(id)),
    );
  }
}

function listNamesOf(columns: readonly Column[]): readonly string[] {
  const names = columns.flatMap(({ quantity }) => (quantity.list?.all ?? []).map(({ text }) => oneLine(text)));
  return [...new Set(names)].filter(Boolean);
}

/** By its name, and not a difference of such values. */
function isOfOtherKind({ quantity, from, candidates }: DraftKind, result: string): boolean {
  const kind = kindNamed(quantity);
  const isNamed = kind?.published === true && candidates.length === 0 && from !== 'unit';
  return isNamed && quantity !== result && kind.differenceOf === null;
}

/** Columns that become part of a result without being a result themselves. */
const BESIDE: ReadonlySet<Column['role']> = new Set(['uncertainty', 'coverageFactor', 'limit']);

/** A full scale or a range, in the unit of the values: of it, a relative column of the group may be a part. */
function isSpanOf(column: Column, group: Group): boolean {
  const { names, unit, role } = column;
  const states = !columnsIn(group).includes(column) && role !== 'uncertainty' && role !== 'limit';
  return states && unit !== null && unit.dimension === dimensionOf(group) && namesSpan(names);
}

function valuesIn(count: number): string {
  return `${count} ${count === 1 ? 'value' : 'values'}`;
}

function dimensionOf({ value, indication, nominal, difference }: Group): string | undefined {
  return [value, indication, nominal, difference].find((column) => column?.unit)?.unit?.dimension;
}

function aboutAll({ statements }: Certificate): readonly Statement[] {
  return statements.filter(({ about }) => about.length === 0);
}

function labelOf({ value, indication, difference }: Group): string {
  const ofReference = difference ?? indication ?? value;
  const speaking = value?.role === 'reference' ? ofReference : (value ?? ofReference);
  return oneLine(speaking?.name) || 'quantity';
}

function whyDescribed({ name }: Column): string {
  const entry = JSON.stringify({ column: name, role: 'argument' });
  return `It describes the weights or how they were weighed: their mass holds everywhere. If it holds only there, say so in a mapping file (columns): ${entry}.`;
}

function whyLeftOut(column: Column): string {
  const { reason, words, role } = column;
  if (words.length > 0) {
    return `It states words: ${words.join(' ')}`;
  }
  return reason ?? (role === 'ignored' ? 'It repeats or explains what other columns say.' : whyUnused(column));
}

function whyUnused({ name, role }: Column): string {
  const why = 'It belongs to no result of its table';
  if (role !== 'setting') {
    return `${why}.`;
  }
  return `${why}, and by its name it is a setting. If it is the result, say so in a mapping file (columns): ${JSON.stringify({ column: name, role: 'value' })}.`;
}
