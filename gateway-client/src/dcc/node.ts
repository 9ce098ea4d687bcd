import { DccError } from './errors.js';
import { DCC_NAMESPACE, SI_NAMESPACE } from './namespaces.js';
import type { XmlElement } from './xml.js';

/**
 * An element while it is being read. It remembers what was asked for, so that {@link unreadParts} can name whatever
 * nobody asked for: that is how nothing of a certificate is dropped in silence.
 */
export class Node {
  readonly #element: XmlElement;
  readonly #read: Set<XmlElement>;

  constructor(element: XmlElement, read = new Set<XmlElement>()) {
    this.#element = element;
    this.#read = read;
    read.add(element);
  }

  get name(): string {
    return this.#element.name;
  }

  get path(): string {
    return pathOf(this.#element);
  }

  /** The child elements with one of these names, in document order. */
  children(...names: readonly string[]): Node[] {
    return this.#children(DCC_NAMESPACE, names);
  }

  /** The same for elements of D-SI. */
  siChildren(...names: readonly string[]): Node[] {
    return this.#children(SI_NAMESPACE, names);
  }

  /** @throws DccError `DCC_VALUE` if it stands twice: two readers could take different ones */
  child(...names: readonly string[]): Node | undefined {
    return this.#only(this.children(...names));
  }

  /** @throws DccError `DCC_VALUE` if it stands twice */
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

  attribute(name: string): string | null {
    return this.#element.attributes.get(name)?.trim() ?? null;
  }

  /** It and everything below it counts as read: for parts that are named in another way. */
  skip(): void {
    markRead(this.#element, this.#read);
  }

  #children(namespace: string, names: readonly string[]): Node[] {
    return this.#element.children
      .filter((child) => child.namespace === namespace && names.includes(child.name))
      .map((child) => new Node(child, this.#read));
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
  const siblings = element.parent?.children.filter((s) => s.name === element.name && s.namespace === element.namespace);
  const index = siblings && siblings.length > 1 ? `[${siblings.indexOf(element) + 1}]` : '';
  return `${element.parent ? pathOf(element.parent) : ''}/${prefix}${element.name}${index}`;
}
