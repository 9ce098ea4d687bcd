import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { ConsortiumProblem } from './consortiumError.js';

/** A place in a document: keys of maps and positions in lists. */
export type Path = readonly (string | number)[];

/** An error at a place of a document. */
export interface Finding {
  readonly path: Path;
  readonly reason: string;
}

const MAX_CHARACTERS = 200_000;
const MAX_DEPTH = 50;

/** A YAML text that knows the line of each value. */
export class SourceDocument {
  /** The parsed content, or undefined if it is not valid YAML. */
  readonly value: unknown;
  /** Why it is not valid YAML. */
  readonly problems: readonly ConsortiumProblem[];
  readonly #document: Document | undefined;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    const excess = excessOf(text);
    if (excess !== undefined) {
      this.problems = [{ reason: excess }];
      return;
    }
    try {
      const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      this.#document = document;
      // Report only the first syntax error: the others usually follow from it.
      this.problems = [...document.errors, ...document.warnings].slice(0, 1).map((error) => ({
        line: this.#lines.linePos(error.pos[0]).line,
        reason: error.code === 'MULTIPLE_DOCS' ? 'holds a second document.' : `is not valid YAML: ${error.message}.`,
      }));
      if (this.problems.length === 0) this.value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      // Aliases that expand too much fail here.
      this.problems = [
        { reason: `cannot be read as YAML: ${error instanceof Error ? error.message : 'unknown reason'}.` },
      ];
    }
  }

  /** The line of a value, or of its closest ancestor in the text. */
  lineOf(path: Path): number {
    let node: unknown = this.#document?.contents;
    let offset = offsetOf(node) ?? 0;
    for (const step of path) {
      const next = child(node, step);
      if (next === undefined) break;
      offset = next.offset ?? offset;
      node = next.node;
    }
    return this.#lines.linePos(offset).line;
  }
}

/** Refuses text that would crash the parser: it recurses, and deep nesting ends the whole process. */
function excessOf(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return `is longer than ${MAX_CHARACTERS} characters.`;
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  const compact = new RegExp(`(?:[-?:]\\s+){${MAX_DEPTH}}`).test(text);
  const indented = new RegExp(`^ {${2 * MAX_DEPTH}}`, 'm').test(text);
  return deepest > MAX_DEPTH || compact || indented ? `is nested more than ${MAX_DEPTH} levels deep.` : undefined;
}

function child(node: unknown, step: string | number): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { node: item, offset: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { node: pair.value, offset: offsetOf(pair.key) };
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
