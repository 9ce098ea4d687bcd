import { printable } from '@tracecal/gateway-client';
import type { LeftOut } from '@tracecal/gateway-client/dcc';
import type { Style } from '../style.js';

/** A terminal is no place for a long list; `--json` has all of it. */
const MOST = 8;

/** A line for each quantity of a certificate that did not become a result, and why. */
export function omittedLines(omitted: readonly LeftOut[], style: Style): readonly string[] {
  const lines = [...new Set(omitted.map(({ name, reason }) => `${name}: ${reason}`))];
  const more = lines.length - MOST;
  return [
    ...lines.slice(0, MOST).map((line) => `    ${style.dim('left out')} ${printable(line)}`),
    ...(more > 0 ? [`    ${style.dim(`left out ${more} more: see --json`)}`] : []),
  ];
}
