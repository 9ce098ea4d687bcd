/** Our own colours, and all that moves a cursor, hides text or turns its direction. */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- these are what it is about
  /\u001b\[(?:1|2|22|31|32|33|36|39)m|[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text in which a reader sees all that stands there. It quotes peers and files, and either could draw over what a command says, or put
 * a verdict of its own below it.
 */
export function visible(text: string): string {
  return text.replaceAll(CONTROLS, (found) =>
    found.length > 1 || found === '\n' || found === '\t' ? found : '\ufffd',
  );
}
