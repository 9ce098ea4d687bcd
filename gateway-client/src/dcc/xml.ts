import { SaxesParser, type SaxesTagNS } from 'saxes';
import { checkDeclaredEncoding, decodeUtf8 } from './encoding.js';
import { DccError } from './errors.js';

/** An element of a parsed document. Names are local names; prefixes have no meaning. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** By local name; an attribute that has a namespace by `{namespace}local`. Declarations of namespaces are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parent: XmlElement | null;
  readonly children: readonly XmlElement[];
  /** Its own character data, in order, without that of its children. */
  readonly text: string;
  /** The line where its start tag ends, counted from 1. */
  readonly line: number;
}

/** Limits of a file. The defaults are ten times the largest certificate with attachments seen in practice. */
export interface XmlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
  /** For one element, namespace declarations included. */
  readonly maxAttributes: number;
  /** Entries of `XMLList`s in the whole file: a byte there costs many bytes of memory. */
  readonly maxListEntries: number;
}

export const DEFAULT_XML_LIMITS: XmlLimits = {
  maxBytes: 32 * 1024 * 1024,
  maxDepth: 100,
  maxElements: 200_000,
  maxAttributes: 64,
  maxListEntries: 200_000,
};

/**
 * Parses XML 1.0 with namespaces and nothing more: no document type, no entities except the five predefined ones and
 * character references, and no external resources.
 *
 * @throws DccError `XML_*`
 */
export function parseXml(bytes: Uint8Array, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlElement {
  if (bytes.length > limits.maxBytes) {
    throw new DccError('XML_TOO_LARGE', `It has ${bytes.length} bytes; at most ${limits.maxBytes} are accepted.`);
  }
  return new TreeBuilder(limits).build(decodeUtf8(bytes));
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const PREDEFINED_ENTITIES = { amp: '&', gt: '>', lt: '<', quot: '"', apos: "'" };

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #root: XmlElement | undefined;
  #current: OpenElement | null = null;
  #depth = 0;
  #elements = 0;
  #attributes = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
    const parser = this.#parser;
    // saxes looks up entity names along a prototype chain, where it would find &constructor;.
    parser.ENTITIES = Object.assign(Object.create(null) as Record<string, string>, PREDEFINED_ENTITIES);
    parser.on('error', (error) => {
      throw new DccError('XML_NOT_WELL_FORMED', error.message, { cause: error });
    });
    parser.on('xmldecl', (declaration) => {
      checkDeclaredEncoding(declaration.encoding);
    });
    parser.on('doctype', () => {
      throw new DccError('XML_DOCTYPE');
    });
    parser.on('opentagstart', () => {
      this.#countElement();
    });
    parser.on('attribute', () => {
      this.#countAttribute();
    });
    parser.on('opentag', (tag) => {
      this.#open(tag);
    });
    parser.on('closetag', () => {
      this.#current = this.#current?.parent as OpenElement | null;
      this.#depth -= 1;
    });
    parser.on('text', (text) => {
      this.#append(text);
    });
    parser.on('cdata', (text) => {
      this.#append(text);
    });
  }

  build(text: string): XmlElement {
    this.#parser.write(text).close();
    if (!this.#root) {
      throw new DccError('XML_NOT_WELL_FORMED', 'It holds no element.');
    }
    return this.#root;
  }

  #countElement(): void {
    this.#elements += 1;
    this.#depth += 1;
    this.#attributes = 0;
    if (this.#elements > this.#limits.maxElements) {
      throw new DccError('XML_TOO_MANY', `At most ${this.#limits.maxElements} elements are accepted.`);
    }
    if (this.#depth > this.#limits.maxDepth) {
      throw new DccError('XML_TOO_DEEP', `At most ${this.#limits.maxDepth} levels are accepted.`);
    }
  }

  #countAttribute(): void {
    this.#attributes += 1;
    if (this.#attributes > this.#limits.maxAttributes) {
      throw new DccError('XML_TOO_MANY', `At most ${this.#limits.maxAttributes} attributes an element are accepted.`);
    }
  }

  #open(tag: SaxesTagNS): void {
    const element: OpenElement = {
      namespace: tag.uri,
      name: tag.local,
      attributes: attributesOf(tag),
      parent: this.#current,
      children: [],
      text: '',
      line: this.#parser.line,
    };
    this.#current?.children.push(element);
    this.#root ??= element;
    this.#current = element;
  }

  #append(text: string): void {
    if (this.#current) {
      this.#current.text += text;
    }
  }
}

function attributesOf(tag: SaxesTagNS): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const { uri, local, value } of Object.values(tag.attributes)) {
    if (uri !== XMLNS) {
      attributes.set(uri === '' ? local : `{${uri}}${local}`, value);
    }
  }
  return attributes;
}
