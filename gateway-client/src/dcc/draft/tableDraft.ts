import type { Certificate } from '../certificate.js';
import { oneLine } from '../oneLine.js';
import type { Quantity } from '../data.js';
import type { Statement } from '../data.js';
import { argumentsOf, placeRows } from './arguments.js';
import { claimsOf } from './claims.js';
import { columnsOf } from './columns.js';
import type { Column } from './column.js';
import { conformityOf } from './conformity.js';
import { columnsIn, groupColumns, type Group, type Grouped } from './groups.js';
import { ofPoints, takeKind, type DraftKind } from './kinds.js';
import { means } from './mapping.js';
import { draftMethod, proposeMethod, type MethodProposal } from './methods.js';
import { decisionsOf, questionsOf } from './remarks.js';
import type { DraftContext, Drafted, DraftResult, Source } from './drafted.js';
import { rowsOf, type Beside, type GroupRows } from './rows.js';
import type { LeftOut } from './shapes.js';
import { toldReferences } from './told.js';

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
    this.#columns = [...columns, ...toldReferences(columns, source.place, told)];
    this.#grouped = groupColumns(this.#columns);
  }

  get groups(): number {
    return this.#grouped.groups.length;
  }

  /** @param named - Whether each result is named after its column, because there are several. */
  draft(named: boolean): Drafted {
    const results: DraftResult[] = [];
    const [leftOut, refused] = [this.#leftOut(), [] as LeftOut[]];
    for (const group of this.#grouped.groups) {
      const name = named ? oneLine(`${this.#source.name}: ${labelOf(group)}`) : this.#source.name;
      const beside = this.#besideOf(group);
      const rows = rowsOf(group, beside);
      if (!rows) {
        leftOut.push({ name, reason: 'It states no values.' });
      } else if (rows.refused !== null) {
        refused.push({ name, reason: rows.refused });
      } else {
        results.push(this.#result(name, group, rows, beside));
      }
    }
    return { results, leftOut, refused };
  }

  #result(name: string, group: Group, rows: GroupRows, beside: Beside): DraftResult {
    const { told, proposeKind, parents, certificate } = this.#context;
    const { place, metaData, refIds } = this.#source;
    const quantities = columnsIn(group).map(({ quantity }) => quantity);
    const circumstances = [...quantities.map((quantity) => quantity.circumstances), ...this.#source.circumstances];
    const methods = [...new Set(circumstances.flatMap((each) => each.methods))];
    const ofColumns = quantities.flatMap((quantity) => quantity.metaData);
    const kind = this.#kindOf(group, rows);
    const at = argumentsOf(group, this.#grouped.arguments, rows.rows.length, {
      place,
      told,
      surroundings: this.#source.circumstances.flatMap((each) => each.conditions),
      kindOf: (clues, { text }) => takeKind(proposeKind(clues, text), certificate.core.uniqueIdentifier).quantity,
    });
    const placed = placeRows(rows.rows, at);
    const remarks = {
      name,
      group,
      rows,
      kind,
      at,
      beside,
      structure: this.#grouped.decisions,
      unplaced: this.#unplaced(group),
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
    const evidence = {
      refTypes: [...speaking.flatMap((column) => column.refTypes), ...(refType?.split(/\s+/) ?? [])],
      names: speaking.filter(({ role }) => role === 'value' || role === 'indication').flatMap(({ names }) => names),
      titles: [...place.names, ...speaking.flatMap(({ names }) => names)],
      context: clues,
    };
    const proposed = proposeKind(evidence, unit.text);
    const kind = group.difference && group.value ? ofPoints(proposed) : proposed;
    return takeKind(kind, this.#context.certificate.core.uniqueIdentifier);
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

  /** Uncertainties in separate columns: those with the dimension of the group before relative ones, then by position. */
  #besideOf(group: Group): Beside {
    const last = Math.max(...columnsIn(group).map((column) => this.#columns.indexOf(column)));
    const dimension = dimensionOf(group);
    const stated = this.#nearest('uncertainty', last);
    const own = stated.filter(({ unit }) => unit?.dimension === dimension);
    const uncertainties = [...own, ...stated.filter((column) => !own.includes(column))];
    const [nearest] = uncertainties;
    return {
      uncertainties,
      coverageFactors: nearest ? this.#nearest('coverageFactor', this.#columns.indexOf(nearest)) : [],
      coverage: this.#context.told.coverage(this.#source.place) ?? null,
    };
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
  #leftOut(): LeftOut[] {
    const { groups, arguments: places } = this.#grouped;
    const rows = new Set([1, ...groups.flatMap(columnsIn).map(({ cells }) => cells.length)]);
    const placed = places.filter(({ unit, cells }) => unit === null || rows.has(cells.length));
    const used = new Set([...groups.flatMap(columnsIn), ...placed]);
    return this.#columns
      .filter((column) => !used.has(column) && !BESIDE.has(column.role))
      .map((column) => ({ name: `${this.#source.name}: ${column.name}`, reason: whyLeftOut(column) }));
  }

  /** About the whole certificate, this result, or one of its columns. */
  #statementsAbout(quantities: readonly Quantity[]): readonly Statement[] {
    const ids = new Set([...this.#source.refIds, ...quantities.flatMap(({ id }) => id ?? [])]);
    return this.#context.certificate.statements.filter(
      ({ about }) => about.length === 0 || about.some((id) => ids.has(id)),
    );
  }
}

/** Columns that become part of a result without being a result themselves. */
const BESIDE: ReadonlySet<Column['role']> = new Set(['uncertainty', 'coverageFactor', 'limit']);

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

function whyLeftOut({ reason, words, role }: Column): string {
  if (words.length > 0) {
    return `It states words: ${words.join(' ')}`;
  }
  return (
    reason ?? (role === 'ignored' ? 'It repeats what other columns say.' : 'It belongs to no result of its table.')
  );
}
