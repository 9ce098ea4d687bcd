import { XMLDSIG_NAMESPACE, XSI_NAMESPACE } from './namespaces.js';
import { pathOf } from './node.js';
import type { XmlElement } from './xml.js';

/** A part of a certificate that was not understood. */
export interface Unsupported {
  /** Its place in the document. */
  readonly path: string;
  readonly reason: string;
}

const MAX_NAMED = 500;
const NOT_UNDERSTOOD = 'This element is not understood.';
const EMBEDDED = 'An embedded file is kept with the certificate, but not looked into.';
const HINT = 'How many digits to print: values are shown as written.';
const REASONS: ReadonlyMap<string, string> = new Map([
  ['file', EMBEDDED],
  ['byteData', EMBEDDED],
  ['descriptionData', EMBEDDED],
  ['document', EMBEDDED],
  ['formula', 'A formula that is not in LaTeX is not shown.'],
  ['significantDigit', HINT],
  ['significantDigitXMLList', HINT],
  ['listsignificantDigit', HINT],
  ['covarianceMatrix', 'A covariance is not read.'],
]);
const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'id',
  'refId',
  'refType',
  'lang',
  'schemaVersion',
  `{${XSI_NAMESPACE}}schemaLocation`,
  `{${XSI_NAMESPACE}}noNamespaceSchemaLocation`,
]);

/** Lists every element, attribute and stray text below `root` that no reader requested, outermost first. */
export function unreadParts(root: XmlElement, read: ReadonlySet<XmlElement>): Unsupported[] {
  const found: { element: XmlElement; suffix: string; reason: string }[] = [];
  const pending = [root];
  for (let element = pending.pop(); element; element = pending.pop()) {
    if (!read.has(element)) {
      found.push({ element, suffix: '', reason: REASONS.get(element.name) ?? NOT_UNDERSTOOD });
      continue;
    }
    if (element.namespace === XMLDSIG_NAMESPACE) {
      continue;
    }
    for (const name of element.attributes.keys()) {
      if (!KNOWN_ATTRIBUTES.has(name)) {
        found.push({ element, suffix: `/@${name}`, reason: 'This attribute is not understood.' });
      }
    }
    if (element.children.length > 0 && element.text.trim() !== '') {
      found.push({ element, suffix: '/text()', reason: 'Text between elements is not understood.' });
    }
    for (const child of element.children.toReversed()) {
      pending.push(child);
    }
  }
  const named = found.slice(0, MAX_NAMED).map((part) => ({
    path: `${pathOf(part.element)}${part.suffix}`,
    reason: part.reason,
  }));
  const more = found.length - named.length;
  return more === 0 ? named : [...named, { path: '/', reason: `${more} more parts are not understood.` }];
}
