import { DccError, quoted } from './errors.js';
import type { Node } from './node.js';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The `xs:boolean` in `parent/name`; null if it is absent or blank. */
export function readBoolean(parent: Node, name: string): boolean | null {
  const text = parent.string(name);
  return text === null ? null : parseBoolean(text, parent);
}

/** @throws DccError `DCC_VALUE` */
export function parseBoolean(text: string, where: Node): boolean {
  const value = BOOLEANS.get(text);
  if (value === undefined) {
    throw new DccError('DCC_VALUE', `${where.path} says ${quoted(text)} where it must say true or false.`);
  }
  return value;
}
