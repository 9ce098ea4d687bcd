import type { Node } from './node.js';
import type { Text, TextReader } from './text.js';

/** A program that was used, or that runs in a device. */
export interface Software {
  readonly name: Text | null;
  readonly release: string | null;
  readonly id: string | null;
  readonly description: readonly Text[];
}

/** The programs in the list `parent/name`. */
export function readSoftware(parent: Node, name: string, texts: TextReader): Software[] {
  const list = parent.child(name);
  return (list?.children('software') ?? []).map((node) => {
    node.ignore('type');
    return {
      name: texts.child(node, 'name'),
      id: node.attribute('id'),
      release: node.string('release'),
      description: texts.children(node, 'description'),
    };
  });
}
