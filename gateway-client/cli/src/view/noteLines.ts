import { spellHints } from '../hint.js';
import type { Style } from '../style.js';
import { hanging } from '../text/wrap.js';

/**
 * A sentence below a result, with hints as the user can type them, in lines that fit.
 *
 * @param sentence - Its further lines are indented as far as its beginning.
 */
export function noteLines(sentence: string, style: Style): readonly string[] {
  const [indent = ''] = /^ */.exec(sentence) ?? [];
  return hanging(indent, style.text(spellHints(sentence.slice(indent.length), style.hint)), style.columns);
}
