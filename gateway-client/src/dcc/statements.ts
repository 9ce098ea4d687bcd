import { parseBoolean, readBoolean } from './booleans.js';
import { CONFORMITIES } from './conformity.js';
import type { Conformity } from './conformity.js';
import { readContactChild } from './contacts.js';
import type { ResultData, Statement } from './data.js';
import { DccError, quoted } from './errors.js';
import type { Node } from './node.js';
import type { TextReader } from './text.js';

/** Reads what a `data` element holds. */
interface DataReader {
  read(node: Node): ResultData;
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
    // 2.x had a separate element for it.
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
