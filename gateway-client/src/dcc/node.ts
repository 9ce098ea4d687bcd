import { DccError } from './errors.js';
import { DCC_NAMESPACE, SI_NAMESPACE } from './namespaces.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';

/**
 * An element that is being read. It records which parts were requested, so that {@link unreadParts} can list the rest: no
 * part of a certificate is dropped silently.
 */
export class Node {
  readonly #element: XmlElement;
  readonly #reading: Reading;

  constructor(element: XmlElement, reading: Reading) {
    this.#element = element;
    this.#reading = reading;
    reading.read.add(element);
  }

  get name(): string {
    return this.#element.name;
  }

  get path(): string {
    return shortened(pathOf(this.#element));
  }

  /** The child elements with one of these names, in document order. */
  children(...names: readonly string[]): Node[] {
    return this.#children(DCC_NAMESPACE, names);
  }

  /** The child elements with this name that contain an element called `inner`; the others stay unread. */
  childrenHolding(name: string, inner: string): Node[] {
    return this.#element.children
      .filter((child) => child.namespace === DCC_NAMESPACE && child.name === name)
      .filter((child) => child.children.some((part) => part.name === inner))
      .map((child) => new Node(child, this.#reading));
  }

  /** The same for elements of D-SI. */
  siChildren(...names: readonly string[]): Node[] {
    return this.#children(SI_NAMESPACE, names);
  }

  /** @throws DccError `DCC_VALUE` if it occurs twice: two readers could choose different ones */
  child(...names: readonly string[]): Node | undefined {
    return this.#only(this.children(...names));
  }

  /** @throws DccError `DCC_VALUE` if it occurs twice */
  siChild(...names: readonly string[]): Node | undefined {
    return this.#only(this.siChildren(...names));
  }

  /** @throws DccError `DCC_MISSING` */
  required(name: string): Node {
    return this.child(name) ?? this.#missing(name);
  }

  /** The child's text without white space around it; null if it is absent or blank. */
  string(name: string): string | null {
    return this.child(name)?.text() ?? null;
  }

  siString(name: string): string | null {
    return this.siChild(name)?.text() ?? null;
  }

  strings(name: string): string[] {
    return this.children(name).flatMap((child) => child.text() ?? []);
  }

  /** @throws DccError `DCC_MISSING` if it is absent or blank */
  requiredString(name: string): string {
    return this.string(name) ?? this.#missing(name);
  }

  /** @throws DccError `DCC_MISSING` if it is absent or blank */
  requiredSiString(name: string): string {
    return this.siString(name) ?? this.#missing(name);
  }

  /** Its own text without white space around it; null if blank. */
  text(): string | null {
    const text = this.#element.text.trim();
    return text === '' ? null : text;
  }

  /** The entries of an `xs:list` in the first of these children that exists; empty if none exists. */
  words(...names: readonly string[]): string[] {
    return this.#split(names.map((name) => this.string(name)));
  }

  siWords(name: string): string[] {
    return this.#split([this.siString(name)]);
  }

  /** The entries of an attribute that is an `xs:list`; empty if it is absent. */
  attributeWords(name: string): string[] {
    return this.#split([this.attribute(name)]);
  }

  attribute(name: string): string | null {
    return this.#element.attributes.get(name)?.trim() ?? null;
  }

  /** Child elements that are known but not used here: they and everything below them count as read. */
  ignore(...names: readonly string[]): void {
    this.children(...names).forEach((child) => {
      markRead(child.#element, this.#reading.read);
    });
  }

  ignoreSi(...names: readonly string[]): void {
    this.siChildren(...names).forEach((child) => {
      markRead(child.#element, this.#reading.read);
    });
  }

  #split(lists: readonly (string | null)[]): string[] {
    const list = lists.find((text) => text !== null);
    return list ? this.#reading.split(list) : [];
  }

  #children(namespace: string, names: readonly string[]): Node[] {
    return this.#element.children
      .filter((child) => child.namespace === namespace && names.includes(child.name))
      .map((child) => new Node(child, this.#reading));
  }

  #only(found: readonly Node[]): Node | undefined {
    if (found.length > 1) {
      throw new DccError('DCC_VALUE', `${this.path} holds more than one ${found[0]?.name ?? 'element'}.`);
    }
    return found[0];
  }

  #missing(name: string): never {
    throw new DccError('DCC_MISSING', `${this.path} has no ${name}.`);
  }
}

function markRead(element: XmlElement, read: Set<XmlElement>): void {
  const pending = [element];
  for (let next = pending.pop(); next; next = pending.pop()) {
    read.add(next);
    for (const child of next.children) {
      pending.push(child);
    }
  }
}

const PREFIXES: ReadonlyMap<string, string> = new Map([
  [DCC_NAMESPACE, ''],
  [SI_NAMESPACE, 'si:'],
]);

/** Where an element stands, as `/digitalCalibrationCertificate/administrativeData/items/item[2]`; D-SI is `si:`. */
export function pathOf(element: XmlElement): string {
  const prefix = PREFIXES.get(element.namespace) ?? `{${element.namespace}}`;
  const index = indexOf(element);
  return `${element.parent ? pathOf(element.parent) : ''}/${prefix}${element.name}${index}`;
}

/** An error sentence starts with a path: invented names must not fill it. */
function shortened(path: string): string {
  return path.length > LONGEST_PATH ? `…${path.slice(-LONGEST_PATH).toWellFormed()}` : path;
}

const LONGEST_PATH = 400;

/** `[n]` among siblings of the same name; empty if there are no others. A hostile file may have very many. */
function indexOf(element: XmlElement): string {
  let [before, seen] = [0, false];
  for (const sibling of element.parent?.children ?? []) {
    if (sibling === element) {
      seen = true;
    } else if (sibling.name === element.name && sibling.namespace === element.namespace) {
      if (seen) {
        return `[${before + 1}]`;
      }
      before += 1;
    }
  }
  return before > 0 ? `[${before + 1}]` : '';
}
