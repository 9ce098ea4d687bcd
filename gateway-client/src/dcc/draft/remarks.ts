import { unitName, withUnit } from '@tracecal/core/model';
import type { ArgumentColumn } from './arguments.js';
import { columnsIn, type Group } from './groups.js';
import type { DraftKind } from './kinds.js';
import type { Beside, GroupRows } from './rows.js';
import type { Decision, Question } from './shapes.js';

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
    ...(unit.written === unit.text ? [] : [{ about: unit.written, decided: unit.text, from: 'unit' as const }]),
    { about: `kind of "${name}"`, decided: kind.quantity, from: kind.from },
    ...(coverage ? [{ about: name, decided: `k = ${coverage.k} where none is stated`, from: 'mapping' as const }] : []),
  ];
}

/** Information about a result that is missing in the certificate. */
export function questionsOf({ name, group, rows, kind, beside, unplaced }: Remarked): Question[] {
  const questions: Question[] = [];
  if (!group.value && !group.indication && !group.nominal) {
    const because = unplaced.length === 0 ? '' : ` (${unplaced.join('; ')})`;
    const what = kind.quantity.replace(/-difference$/, '');
    const text = `Which ${what}? "${name}" states deviations and not where they hold${because}: tell the values of its ${count(rows.rows.length, 'row')} in a mapping file (arguments, role reference).`;
    questions.push({ asks: 'argument', result: name, text });
  }
  if (rows.ofReferenceOnly && group.value) {
    const entry = JSON.stringify({ column: group.value.name, role: 'reference', uncertainty: 'result' });
    const text = `Whose uncertainty? "${name}" states one only at its reference values ("${group.value.name}"): that is the uncertainty of the reference, so the result states none. If it is that of the result, say so in a mapping file (columns): ${entry}.`;
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
