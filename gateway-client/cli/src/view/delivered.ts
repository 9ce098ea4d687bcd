import type { Delivered } from '@tracecal/gateway-client/application';
import { spellHints } from '../hint.js';
import type { Style } from '../style.js';
import { word } from '../text/quoted.js';
import { committedJson, committedLines } from './committed.js';

/** What `--json` says about statements that were registered, the last transaction first, or written into a file. */
export function deliveredJson({ committed, file, missing }: Delivered) {
  const last = committed.at(-1);
  return file === null
    ? { ...(last && committedJson(last)), transactions: committed.map(committedJson) }
    : { signed: file, missing };
}

/** What people read about it. */
export function deliveredText({ committed, file, missing }: Delivered, sentence: string, style: Style): string {
  if (file === null) {
    return [
      `${style.green('✓')} ${spellHints(sentence, style.hint)}`,
      ...committed.flatMap((each) => committedLines(each, style)),
    ].join('\n');
  }
  const next =
    missing.length === 0
      ? `Any member of the calibration level can submit it: ${style.hint(`statement submit ${word(file)}`)}.`
      : // Others sign with keys of their own, in another data directory: the hint repeats no option of this call.
        `Signatures are missing of ${missing.join(', ')}; where their keys are: \`tracecal statement sign ${word(file)} --as ORGANISATION\`.`;
  return [`${style.green('✓')} Signed into ${file}.`, next].join('\n');
}
