import type { Node } from './node.js';
import { readValues, type Values } from './quantities.js';
import type { Text, TextReader } from './text.js';

/** A quantity that is not a result: a property of an item, of equipment or of a method. */
export interface PrimitiveQuantity {
  readonly name: Text | null;
  readonly description: Text | null;
  readonly id: string | null;
  /** Identifiers of elements that it belongs to. */
  readonly refIds: readonly string[];
  readonly refType: string | null;
  /** Null if the certificate states words instead of values. */
  readonly values: Values | null;
  readonly words: string | null;
}

export function readPrimitiveQuantity(node: Node, texts: TextReader): PrimitiveQuantity {
  const noQuantity = node.child('noQuantity');
  return {
    name: texts.child(node, 'name'),
    description: texts.child(node, 'description'),
    id: node.attribute('id'),
    refIds: node.attributeWords('refId'),
    refType: node.attribute('refType'),
    values: readValues(node),
    words: (noQuantity && texts.read(noQuantity)?.text) ?? node.string('charsXMLList'),
  };
}
