import { CONFORMITY_WORDS, givenText } from '@tracecal/core/trace';
import type { Edge, ResultVerdict, Verdict, VerdictStatus } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { widthOf } from '../text/width.js';
import { hanging } from '../text/wrap.js';
import { dueWords } from './ownersWords.js';
import { paintOf } from './paint.js';

/** A terminal is no place for a long list; `--quantity` asks about one kind, `--json` has all of it. */
const MOST = 12;

/** A line for each result of a device: its kind, range and uncertainty, how it stands, where it ends, and conformity. */
export function resultLines({ results, reason, quantity }: Verdict, style: Style): readonly string[] {
  const shown = results.length > MOST ? worstFirst(results).slice(0, MOST) : results;
  const more = results.length - shown.length;
  const hint = quantity === null ? 'ask about one kind with --quantity, or see --json' : 'see --json';
  return [
    ...shown.flatMap((result) => linesOf(result, nameOf(result, results), reason, style)),
    ...(more > 0 ? hanging('  ', style.dim(`and ${more} more: ${hint}`), style.columns) : []),
  ];
}

function linesOf(result: ResultVerdict, name: string, said: string, style: Style): readonly string[] {
  const { status, roots, reason, counted, due } = result;
  const stands = [
    ...(roots.length > 0 ? [`to ${roots.map((root) => printable(root)).join(' and ')}`] : []),
    ...(counted ? [] : ['not counted']),
    ...conformityWords(result),
    ...dueWords(due),
  ];
  const { columns, text } = style;
  const [what, given] = [text(printable(name)), text(printable(givenText(result)))];
  const margin = `  ${text(MARKS[status])} `;
  const head = `${style.bold(what)}  ${given}`;
  const how = [paintOf(status, style)(status), ...stands.map(text)].join(style.dim(text(' · ')));
  // A reason that the verdict states above is not repeated.
  const why = status === 'TRACEABLE' || reason === said ? [] : hanging(INDENT, text(printable(reason)), columns);
  const isOneLine = widthOf(`${margin}${head}  ${how}`) <= columns;
  return [
    ...(isOneLine
      ? [`${margin}${head}  ${how}`]
      : [...hanging(margin, head, columns, INDENT), ...hanging(INDENT, how, columns)]),
    ...why,
  ];
}

const INDENT = ' '.repeat(6);

/** Beside it how much the certificate is worth there: a simple rule takes no account of U. */
function conformityWords({ conformity, tur }: ResultVerdict): readonly string[] {
  if (conformity === null) {
    return [];
  }
  const ratio = tur === null ? '' : ` (${tur < 1 ? 'U exceeds the limits, ' : ''}TUR ${Number(tur.toPrecision(2))})`;
  return [`conformity: ${CONFORMITY_WORDS[conformity]}${ratio}`];
}

/** Results of one kind are told apart by the certificate's names. */
function nameOf({ name, quantity, report }: ResultVerdict, all: readonly ResultVerdict[]): string {
  const isAlone = all.filter((other) => other.quantity === quantity && other.report === report).length <= 1;
  return isAlone ? quantity : `${quantity} (${name})`;
}

function worstFirst(results: readonly ResultVerdict[]): readonly ResultVerdict[] {
  return results.toSorted((a, b) => SEVERITY[b.status] - SEVERITY[a.status]);
}

const SEVERITY: Readonly<Record<VerdictStatus, number>> = { TRACEABLE: 0, ATTESTED: 1, INCOMPLETE: 2, FAILED: 3 };
const MARKS: Readonly<Record<VerdictStatus, string>> = { TRACEABLE: '✓', ATTESTED: '~', INCOMPLETE: '?', FAILED: '✗' };

/** What a level gives of the kinds that are relied on, for the tree. */
export function givesLines({ gives }: Pick<Edge, 'gives'>): readonly string[] {
  const lines = gives.slice(0, MOST_GIVEN).map((given) => printable(`${given.quantity} ${givenText(given)}`));
  return gives.length > MOST_GIVEN ? [...lines, `and ${gives.length - MOST_GIVEN} more: see --json`] : lines;
}

const MOST_GIVEN = 4;
