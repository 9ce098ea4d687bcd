/** An element to write, or text. Null elements are omitted. */
export type XmlContent = XmlOutput | string | null;

export interface XmlOutput {
  /** With its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly XmlContent[];
}

export function element(name: string, ...content: readonly XmlContent[]): XmlOutput {
  return { name, attributes: {}, content };
}

export function withAttributes(output: XmlOutput, attributes: Readonly<Record<string, string>>): XmlOutput {
  return { ...output, attributes };
}

/**
 * A document in UTF-8: one element per line, two spaces per level, a line feed at the end. The same input gives the same
 * bytes.
 *
 * @throws RangeError if a text contains a character that XML does not allow
 */
export function serialiseXml(root: XmlOutput, comment: string): Uint8Array {
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- ${comment.replaceAll('--', '- -')} -->\n`;
  return Buffer.from(`${head}${serialise(root, '')}\n`, 'utf8');
}

function serialise({ name, attributes, content }: XmlOutput, indent: string): string {
  const start = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(value)}"`)
    .join('')}`;
  const parts = content.filter((part) => part !== null);
  if (parts.length === 0) {
    return `${start}/>`;
  }
  if (parts.every((part) => typeof part === 'string')) {
    return `${start}>${escape(parts.join(''))}</${name}>`;
  }
  const inner = parts.map((part) =>
    typeof part === 'string' ? `${indent}  ${escape(part)}` : serialise(part, `${indent}  `),
  );
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\r', '&#13;'],
  ['\n', '&#10;'],
  ['\t', '&#9;'],
]);
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function escape(text: string): string {
  if (FORBIDDEN.test(text) || !text.isWellFormed()) {
    throw new RangeError(`XML cannot carry the text ${JSON.stringify(text)}.`);
  }
  return text.replaceAll(/[&<>"\r\n\t]/g, (character) => ESCAPES.get(character) ?? character);
}
