import { asciiOf, wantsAscii } from './text/ascii.js';
import { visible } from './text/visible.js';
import { columnsOf, DEFAULT_COLUMNS } from './text/width.js';

/** How a reader reads: with colours or without, how wide, in which characters, and how they call this program. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  /** Columns that a line has. */
  readonly columns: number;
  /** Text in characters that the reader has and sees: before its width is measured, for it may change. */
  readonly text: Paint;
  /** A command as the user can type it, in backticks: of `down` `tracecal down --data there`. */
  readonly hint: Paint;
}

export type Paint = (text: string) => string;

type Colours = Pick<Style, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

const NO_COLOURS: Colours = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs, cyan: asIs };

const COLOURS: Colours = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
};

const USUAL = { columns: DEFAULT_COLUMNS, text: visible, hint: (command: string) => `\`tracecal ${command}\`` };

export const PLAIN: Style = { ...NO_COLOURS, ...USUAL };
export const COLOURED: Style = { ...COLOURS, ...USUAL };

/** What of a stream decides how it is written to. */
export interface Reader {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface StyleWishes {
  /** False with `--no-color`. */
  readonly colour?: boolean;
  readonly hint?: Paint;
}

export function styleFor(
  stream: Reader,
  environment: NodeJS.ProcessEnv,
  { colour = true, hint = USUAL.hint }: StyleWishes = {},
): Style {
  return {
    ...(colour && wantsColour(stream, environment) ? COLOURS : NO_COLOURS),
    columns: columnsOf(stream, environment),
    text: wantsAscii(environment) ? (text) => asciiOf(visible(text)) : visible,
    hint,
  };
}

/** FORCE_COLOR goes before NO_COLOR, as in Node itself (force-color.org, no-color.org). */
function wantsColour({ isTTY = false }: Reader, environment: NodeJS.ProcessEnv): boolean {
  const forced = environment['FORCE_COLOR'] ?? '';
  if (forced !== '') {
    return forced !== '0' && forced !== 'false';
  }
  return isTTY && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}

/** The same in a narrower place. */
export function narrower(style: Style, by: number): Style {
  return { ...style, columns: style.columns - by };
}

function asIs(text: string): string {
  return text;
}

function sgr(on: number, off: number): Paint {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}
