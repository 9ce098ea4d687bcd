import { unitName, withUnit } from '@tracecal/core/model';
import type { ArgumentColumn } from './arguments.js';
import type { Column } from './column.js';
import { mayDescribe } from './descriptions.js';
import { columnsIn, type Group } from './groups.js';
import type { DraftKind } from './kinds.js';
import type { Beside, GroupRows } from './rows.js';
import type { Decision, Question } from './shapes.js';
import { unitAgainstName } from './unitInName.js';
import { draftUnit } from './units.js';

/** A result, and how it was derived. */
interface Remarked {
  readonly name: string;
  readonly group: Group;
  readonly rows: GroupRows;
  readonly kind: DraftKind;
  readonly at: readonly ArgumentColumn[];
  readonly beside: Beside;
  /** Decisions from the structure of the table, about its columns. */
  readonly structure: readonly Decision[];
  /** Why other columns of the table do not state its arguments. */
  readonly unplaced: readonly string[];
  /** Columns of the result's own dimension of which nobody says what they are. */
  readonly unclear: readonly Column[];
}

const MOST_SHOWN = 3;
const MOST_NAMED = 6;

/** The assumptions made for a result, each with its source. */
export function decisionsOf({ name, group, rows: { unit }, kind, at, beside, structure }: Remarked): Decision[] {
  const columns = columnsIn(group);
  const about = new Set([...columns.map((column) => column.name), ...at.map(({ argument }) => argument.name)]);
  const { coverage } = beside;
  return [
    ...columns.map((column): Decision => ({ about: column.name, decided: column.role, from: column.from })),
    ...at.map(({ argument, from }): Decision => ({ about: argument.name, decided: `${argument.role} argument`, from })),
    ...structure.filter((decision) => about.has(decision.about)),
    ...columns
      .filter(({ ofResult }) => ofResult)
      .map((column): Decision => ({
        about: column.name,
        decided: 'its uncertainty is that of the result',
        from: 'mapping',
      })),
    ...columns.flatMap((column): Decision[] => {
      const found = unitAgainstName(column);
      return found
        ? [
            {
              about: column.name,
              decided: `in ${found.is}, although its name says ${found.says}: check which`,
              from: 'unit',
            },
          ]
        : [];
    }),
    ...(unit.written === unit.text ? [] : [{ about: unit.written, decided: unit.text, from: 'unit' as const }]),
    { about: `kind of "${name}"`, decided: kind.quantity, from: kind.from },
    ...(coverage ? [{ about: name, decided: `k = ${coverage.k} where none is stated`, from: 'mapping' as const }] : []),
  ];
}

/** Information about a result that is missing in the certificate. */
export function questionsOf({ name, group, rows, kind, at, beside, unplaced, unclear }: Remarked): Question[] {
  const questions = uncertaintyQuestions(name, group, rows);
  if (!group.value && !group.indication && !group.nominal) {
    const because = unplaced.length === 0 ? '' : ` (${unplaced.join('; ')})`;
    const what = kind.quantity.replace(/-difference$/, '');
    const text = `Which ${what}? "${name}" states deviations and not where they hold${because}: tell the values of its ${count(rows.rows.length, 'row')} in a mapping file (arguments, role reference).`;
    questions.push({ asks: 'argument', result: name, text });
  }
  if (rows.ofUnknownSpan.length > 0) {
    const entry = JSON.stringify({ name: 'Full scale', role: 'setting', unit: rows.unit.text, values: ['NUMBER'] });
    const text = `Percent of what? "${name}" states parts of a full scale (${quotedList(rows.ofUnknownSpan)}), which the file does not state: tell it in a mapping file (arguments): ${entry.replace('"NUMBER"', '...')}.`;
    questions.push({ asks: 'argument', result: name, text });
  }
  for (const { argument } of at.filter(isInDoubt)) {
    const entry = JSON.stringify({ column: argument.name, role: 'ignored' });
    const text = `Where does it hold? "${name}" is taken to hold only at the values of "${argument.name}". If these describe the item or its surroundings, say so in a mapping file (columns): ${entry}.`;
    questions.push({ asks: 'argument', result: name, text });
  }
  for (const { name: column } of unclear) {
    const entry = JSON.stringify({ column, role: 'ignored' });
    const text = `What is "${column}"? It is in the unit of "${name}", and its name does not say whether the result holds only there, so its rows count as without value until a mapping file says it (columns): ${entry} if it describes the item or the work, role argument if the result holds only there, role reference, nominal or indication if it is that.`;
    questions.push({ asks: 'argument', result: name, text });
  }
  const [share] = rows.maybeShares;
  if (share) {
    const entry = JSON.stringify({ column: share.name, role: share.role, relative: true });
    const text = `Part of the value? "${name}" is in ${unitName(rows.unit.text)}, ${quotedList(rows.maybeShares.map((column) => column.name))} in another unit of dimension one, so it may be a part of the value or not; until a mapping file says which (columns), it counts as not stated: ${entry}, or "relative": false.`;
    questions.push({ asks: 'uncertainty', result: name, text });
  }
  const bare = rows.withoutCoverage.filter((U) => U !== null);
  if (bare.length > 0 && !beside.coverage) {
    const values = `${bare.slice(0, MOST_SHOWN).join(', ')}${bare.length > MOST_SHOWN ? ', ...' : ''}`;
    const shown = withUnit(values, rows.unit.text);
    const text = `Which coverage factor? "${name}" states ${count(bare.length, 'uncertainty', 'uncertainties')} (${shown}) without one: tell it in a mapping file (coverage).`;
    questions.push({ asks: 'coverage', result: name, text });
  }
  return [...questions, ...kindQuestion(name, rows, kind)];
}

/** Whose an uncertainty is, and which of several counts. */
function uncertaintyQuestions(name: string, group: Remarked['group'], rows: Remarked['rows']): Question[] {
  const questions: Question[] = [];
  if (rows.ofReferenceOnly && group.value) {
    const entry = JSON.stringify({ column: group.value.name, role: 'reference', uncertainty: 'result' });
    const text = `Whose uncertainty? "${name}" states one only at its reference values ("${group.value.name}"): that is the uncertainty of the reference, so the result states none. If it is that of the result, say so in a mapping file (columns): ${entry}.`;
    questions.push({ asks: 'uncertainty', result: name, text });
  }
  if (rows.contested.length > 0) {
    const entry = JSON.stringify({ column: rows.contested[0], role: 'ignored' });
    const text = `Which uncertainty? "${name}" states different ones for one row (${quotedList(rows.contested)}), so rows in which they differ count as without value. Say in a mapping file (columns) which column is not part of it, for instance ${entry}, or which is the uncertainty (role uncertainty).`;
    questions.push({ asks: 'uncertainty', result: name, text });
  }
  return questions;
}

/** An argument by the structure of the table only, which may be something else. */
function isInDoubt({ argument, from }: ArgumentColumn): boolean {
  const dimension = argument.unit === null ? undefined : draftUnit(argument.unit)?.dimension;
  return from === 'structure' && dimension !== undefined && mayDescribe({ names: [argument.name], dimension });
}

function quotedList(names: readonly string[]): string {
  return someOf([...new Set(names)].map((name) => `"${name}"`));
}

function kindQuestion(name: string, { unit }: GroupRows, { candidates, because }: DraftKind): Question[] {
  if (candidates.length === 0) {
    return [];
  }
  const text = `Which kind of quantity is "${name}" in ${unitName(unit.text)}: ${someOf(candidates)}? Known so far by ${because}. Tell it in a mapping file (kinds).`;
  return [{ asks: 'kind', result: name, text }];
}

/** A list short enough to read. */
function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`;
}
