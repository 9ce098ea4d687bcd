import { element, withAttributes, type XmlOutput } from './write-xml.js';

export function text(name: string, content: string): XmlOutput {
  return element(name, element('dcc:content', content));
}

/** The schema has no empty lists. */
export function listOf(name: string, entries: readonly XmlOutput[]): XmlOutput | null {
  return entries.length === 0 ? null : element(name, ...entries);
}

export function optional(name: string, content: string | undefined): XmlOutput | null {
  return content === undefined ? null : element(name, content);
}

export function ofType(refType: string | undefined, output: XmlOutput): XmlOutput {
  return refType === undefined ? output : withAttributes(output, { refType });
}
