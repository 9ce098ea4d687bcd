import type { Delivered } from '@tracecal/gateway-client/application';
import type { Style } from '../style.js';
import { committedJson, committedLine } from './committed.js';

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
    return [`${style.green('✓')} ${sentence}`, ...committed.map((each) => committedLine(each, style))].join('\n');
  }
  const next =
    missing.length === 0
      ? `Any member of the calibration level can submit it: tracecal statement submit ${file}`
      : `Signatures are missing of ${missing.join(', ')}: tracecal statement sign ${file} --as ORGANISATION`;
  return [`${style.green('✓')} Signed into ${file}.`, next].join('\n');
}
