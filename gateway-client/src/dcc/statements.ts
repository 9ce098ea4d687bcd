import { readContactChild, type Contact } from './contacts.js';
import { CONFORMITIES, type Conformity } from './conformity.js';
import { DccError, quoted } from './errors.js';
import { parseBoolean, readBoolean } from './booleans.js';
import type { Node } from './node.js';
import type { DataReader, ResultData } from './results.js';
import type { Text, TextReader } from './text.js';

/** A statement about the certificate, or metadata of a result, a table or a quantity: the schema has one type for both. */
export interface Statement {
  readonly id: string | null;
  readonly refType: string | null;
  /** Identifiers of elements that it is about. */
  readonly about: readonly string[];
  readonly name: Text | null;
  readonly declaration: Text | null;
  readonly norms: readonly string[];
  /** Parts of norms, and links. */
  readonly references: readonly string[];
  readonly countries: readonly string[];
  readonly convention: string | null;
  /** One for all values, or one for each; empty if conformity is not stated. */
  readonly conformity: readonly Conformity[];
  readonly traceable: boolean | null;
  readonly valid: readonly boolean[];
  readonly date: string | null;
  readonly period: string | null;
  readonly authority: Contact | null;
  /** A unit outside SI that the certificate defines. */
  readonly nonSi: { readonly unit: string | null; readonly definition: string | null } | null;
  /** Limits, nominal values and the like. */
  readonly data: ResultData | null;
}

/** The statements in `parent/list/entry`. */
export function readStatements(
  parent: Node,
  list: 'statements' | 'measurementMetaData',
  texts: TextReader,
  data: DataReader,
): Statement[] {
  const entry = list === 'statements' ? 'statement' : 'metaData';
  return (parent.child(list)?.children(entry) ?? []).map((node) => readStatement(node, texts, data));
}

function readStatement(node: Node, texts: TextReader, data: DataReader): Statement {
  const dataNode = node.child('data');
  return {
    id: node.attribute('id'),
    refType: node.attribute('refType'),
    // 2.x had an element for it.
    about: [...node.attributeWords('refId'), ...node.words('refId')],
    name: texts.child(node, 'name'),
    declaration: texts.child(node, 'declaration') ?? texts.child(node, 'description'),
    norms: node.strings('norm'),
    references: [...node.strings('reference'), ...node.strings('link')],
    countries: node.strings('countryCodeISO3166_1'),
    convention: node.string('convention'),
    conformity: readConformity(node),
    traceable: readBoolean(node, 'traceable'),
    valid: node.words('valid', 'validXMLList').map((word) => parseBoolean(word, node)),
    date: node.string('date'),
    period: node.string('period'),
    authority: readContactChild(node, 'respAuthority', texts),
    nonSi: nonSiOf(node.string('nonSIUnit'), node.string('nonSIDefinition')),
    data: dataNode ? data.read(dataNode) : null,
  };
}

function nonSiOf(unit: string | null, definition: string | null): Statement['nonSi'] {
  return unit === null && definition === null ? null : { unit, definition };
}

function readConformity(node: Node): Conformity[] {
  return node.words('conformity', 'conformityXMLList').map((word) => {
    const conformity = CONFORMITIES.find((known) => known === word);
    if (!conformity) {
      throw new DccError('DCC_VALUE', `${node.path} states the conformity ${quoted(word)}.`);
    }
    return conformity;
  });
}
