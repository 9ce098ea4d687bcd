import type { XmlElement } from '../xml.js';
import { wrong } from './seal.js';

export const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

export function isElement(element: XmlElement, namespace: string, name: string): boolean {
  return element.namespace === namespace && element.name === name;
}

/** An element and everything below it, in document order. */
export function* walk(root: XmlElement): Generator<XmlElement> {
  const pending = [root];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index -= 1) {
      const child = next.children[index];
      if (child) {
        pending.push(child);
      }
    }
  }
}

export function childrenOf(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.filter((child) => isElement(child, namespace, name));
}

/** The one child of this name; undefined if it is absent. */
export function childOf(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const found = childrenOf(element, namespace, name);
  return found.length > 1 ? wrong('structure', `${element.name} holds more than one ${name}.`) : found[0];
}

/** The one child of this name, which must exist. */
export function requiredChild(element: XmlElement, namespace: string, name: string): XmlElement {
  return childOf(element, namespace, name) ?? wrong('structure', `${element.name} has no ${name}.`);
}

/** Refuses children that no code reads: unknown content must not be covered by a signature. */
export function allowOnly(element: XmlElement, ...names: readonly string[]): void {
  const other = element.children.find(({ namespace, name }) => namespace !== DSIG || !names.includes(name));
  if (other) {
    wrong('structure', `${element.name} holds ${other.name}, which is not accepted.`);
  }
}

/** The algorithm that the one child of this name states. */
export function algorithmIn(element: XmlElement, name: string): string {
  return requiredChild(element, DSIG, name).attributes.get('Algorithm') ?? '';
}

/** Base64 with white space in it; anything else refuses the signature. */
export function base64Of(element: XmlElement): Buffer {
  const text = element.text.replaceAll(/\s+/g, '');
  const isBase64 = text !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  return isBase64 && element.children.length === 0
    ? Buffer.from(text, 'base64')
    : wrong('structure', `${element.name} holds no base64.`);
}

/** Prefixes that exclusive canonicalisation must treat like the inclusive form. */
export function inclusivePrefixesOf(method: XmlElement): { readonly inclusivePrefixes?: readonly string[] } {
  const list = childOf(method, EXCLUSIVE, 'InclusiveNamespaces')?.attributes.get('PrefixList');
  return list === undefined ? {} : { inclusivePrefixes: list.split(/\s+/).filter((prefix) => prefix !== '') };
}
