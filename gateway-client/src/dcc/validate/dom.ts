import type * as Slimdom from 'slimdom' with { 'resolution-mode': 'import' };
import { DccError } from '../errors.js';
import { decodeUtf8 } from '../encoding.js';
import { parseXml } from '../xml.js';
import type { XmlElement } from '../xml.js';

/** A document in the form that XPath needs, and the line of each element. */
export interface Dom {
  readonly document: Slimdom.Document;
  lineOf(node: Slimdom.Node): number | null;
}

/**
 * Parses strictly first (no document type, bounded), then into a tree for XPath. Both trees have their elements in the same
 * order; the line numbers come from the first one.
 *
 * @throws DccError `XML_*`
 */
export async function openDom(bytes: Uint8Array): Promise<Dom> {
  const tree = parseXml(bytes);
  const { parseXmlDocument } = await import('slimdom');
  const document = parse(parseXmlDocument, bytes);
  const lines = new Map<Slimdom.Node, number>();
  pair(document.documentElement, tree, lines);
  return {
    document,
    lineOf: (node) => {
      const element = 'ownerElement' in node ? (node as Slimdom.Attr).ownerElement : node;
      return (element && (lines.get(element) ?? (element.parentNode && lines.get(element.parentNode)))) ?? null;
    },
  };
}

function parse(parseXmlDocument: (text: string) => Slimdom.Document, bytes: Uint8Array): Slimdom.Document {
  try {
    return parseXmlDocument(decodeUtf8(bytes));
  } catch (cause) {
    throw new DccError('XML_NOT_WELL_FORMED', cause instanceof Error ? cause.message : undefined, { cause });
  }
}

function pair(element: Slimdom.Element | null, twin: XmlElement | undefined, lines: Map<Slimdom.Node, number>): void {
  if (element && twin) {
    lines.set(element, twin.line);
    element.children.forEach((child, index) => {
      pair(child, twin.children[index], lines);
    });
  }
}
