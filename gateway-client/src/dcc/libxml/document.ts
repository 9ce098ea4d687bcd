import type * as Libxml2 from 'libxml2-wasm' with { 'resolution-mode': 'import' };
import { DccError } from '../errors.js';
import { parseXml } from '../xml.js';
import type { XmlElement } from '../xml.js';
import type { CanonicalForm } from './canonical.js';

type Libxml = typeof Libxml2;
type XmlDocument = Libxml2.XmlDocument;
type XmlNode = Libxml2.XmlNode;

let loaded: Promise<Libxml> | undefined;

/** libxml2, loaded when first needed: a megabyte of WebAssembly that most commands never use. */
export function loadLibxml(): Promise<Libxml> {
  loaded ??= import('libxml2-wasm');
  return loaded;
}

/** Options of canonicalisation. */
export interface Canonicalisation {
  readonly form: CanonicalForm;
  /** Prefixes that exclusive canonicalisation treats like the inclusive form. */
  readonly inclusivePrefixes?: readonly string[];
}

const NAMESPACES = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
};

/**
 * A document that two parsers have accepted: our own, which allows no document types and no entities and has tight limits,
 * and libxml2, which provides canonical forms and schemas. Use {@link withDocument}, because the document is outside
 * JavaScript's memory.
 */
export class OpenDocument {
  readonly tree: XmlElement;
  readonly native: XmlDocument;
  readonly #libxml: Libxml;

  constructor(libxml: Libxml, native: XmlDocument, tree: XmlElement) {
    this.#libxml = libxml;
    this.native = native;
    this.tree = tree;
  }

  /** Nodes by XPath 1.0, with the prefixes `ds`, `xades` and `ec`. */
  find(xpath: string, below?: XmlNode): XmlNode[] {
    return (below ?? this.native).find(xpath, NAMESPACES);
  }

  /** The canonical bytes of the whole document, or of one element in its context. */
  canonical({ form, inclusivePrefixes }: Canonicalisation, element?: XmlNode): Buffer {
    const modes = this.#libxml.XmlC14NMode;
    const mode = {
      c14n: modes.XML_C14N_1_0,
      c14n11: modes.XML_C14N_1_1,
      'exc-c14n': modes.XML_C14N_EXCLUSIVE_1_0,
    }[form];
    const prefixes = inclusivePrefixes === undefined ? {} : { inclusiveNamespacePrefixes: [...inclusivePrefixes] };
    const options = { mode, withComments: false, ...prefixes };
    return Buffer.from((element ?? this.native).canonicalizeToString(options));
  }
}

/**
 * Parses with both parsers, passes the document to a function, and frees it afterwards.
 *
 * @throws DccError `XML_*`
 */
export async function withDocument<T>(bytes: Uint8Array, use: (document: OpenDocument) => T | Promise<T>): Promise<T> {
  const tree = parseXml(bytes);
  const libxml = await loadLibxml();
  const native = parseNative(libxml, bytes);
  try {
    return await use(new OpenDocument(libxml, native, tree));
  } finally {
    native.dispose();
  }
}

function parseNative(libxml: Libxml, bytes: Uint8Array): XmlDocument {
  const { XML_PARSE_NONET, XML_PARSE_NO_XXE, XML_PARSE_HUGE, XML_PARSE_BIG_LINES } = libxml.ParseOption;
  try {
    // HUGE: attachments are single texts of many megabytes; size and depth were limited before.
    const option: Libxml2.ParseOption = XML_PARSE_NONET | XML_PARSE_NO_XXE | XML_PARSE_HUGE | XML_PARSE_BIG_LINES;
    return libxml.XmlDocument.fromBuffer(bytes, { option });
  } catch (cause) {
    throw new DccError('XML_NOT_WELL_FORMED', cause instanceof Error ? cause.message : undefined, { cause });
  }
}
