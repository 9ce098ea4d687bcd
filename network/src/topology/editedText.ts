import { isDeepStrictEqual } from 'node:util';
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Node, Pair, Range, YAMLMap, YAMLSeq } from 'yaml';
import type { Consortium } from './consortium.js';
import { consortiumText } from './membership.js';
import { parseConsortium } from './read.js';

type Collection = YAMLMap | YAMLSeq;
type Fields = Readonly<Record<string, unknown>>;

/** One place of a text that is written anew. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A description's text after a change: only what differs is written anew, so that its author's comments, order and layout stay. Where that
 * cannot be done (aliases, for example), the whole text is written anew.
 */
export function editedText(text: string, next: Consortium): string {
  try {
    const root = parseDocument(text).contents;
    const edited = applied(text, new Editing(text).value(root, parseConsortium(text), next));
    if (isDeepStrictEqual(parseConsortium(edited), next)) return edited;
  } catch {
    // What the edits made unreadable is written anew.
  }
  return consortiumText(next);
}

function applied(text: string, edits: readonly Edit[]): string {
  const backwards = [...edits].sort((one, other) => other.start - one.start || other.end - one.end);
  return backwards.reduce((edited, each) => edited.slice(0, each.start) + each.text + edited.slice(each.end), text);
}

class Editing {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(node: unknown, before: unknown, next: unknown): readonly Edit[] {
    if (isDeepStrictEqual(before, next)) return [];
    if (!isNode(node) || isAlias(node)) throw new Error('there is no text of its own to edit');
    return this.#entries(node, before, next) ?? [{ start: startOf(node), end: endOf(node), text: flow(next) }];
  }

  /** The edits of a node's entries, if it has any before and after. */
  #entries(node: Node, before: unknown, next: unknown): readonly Edit[] | undefined {
    if (!isCollection(node) || node.items.length === 0) return undefined;
    if (isMap(node) && isFields(before) && isFields(next)) return this.#fields(node, before, next);
    const lists = isSeq(node) && Array.isArray(before) && Array.isArray(next) && next.length > 0;
    return lists ? this.#list(node, before, next) : undefined;
  }

  #fields(map: YAMLMap, before: Fields, next: Fields): readonly Edit[] {
    const pairs = new Map(map.items.map((pair, index) => [keyOf(pair), { value: pair.value, index }]));
    const changed = Object.keys({ ...before, ...next }).filter((key) => !isDeepStrictEqual(before[key], next[key]));
    const gone = changed.flatMap((key) => (next[key] === undefined ? (pairs.get(key)?.index ?? []) : []));
    const come = changed.filter((key) => next[key] !== undefined && !pairs.has(key));
    const kept = changed.filter((key) => next[key] !== undefined && pairs.has(key));
    return [
      ...kept.flatMap((key) => this.value(pairs.get(key)?.value, before[key], next[key])),
      ...this.#without(map, gone),
      ...this.#with(
        map,
        come.map((key) => `${key}: ${flow(next[key])}`),
      ),
    ];
  }

  /** Entries are recognised by their id or name; texts by themselves. */
  #list(list: YAMLSeq, before: readonly unknown[], next: readonly unknown[]): readonly Edit[] {
    const nextOf = new Map(next.map((entry) => [nameOf(entry), entry]));
    const known = new Set(before.map(nameOf));
    const gone = [...before.keys()].filter((index) => !nextOf.has(nameOf(before[index])));
    return [
      ...this.#without(list, gone),
      ...before.flatMap((entry, index) =>
        gone.includes(index) ? [] : this.value(list.items[index], entry, nextOf.get(nameOf(entry))),
      ),
      ...this.#with(list, next.filter((entry) => !known.has(nameOf(entry))).map(flow)),
    ];
  }

  #without(collection: Collection, gone: readonly number[]): readonly Edit[] {
    return gone.map((index) => {
      const [start, end] = collection.flow
        ? this.#flowSpan(collection, index, gone)
        : this.#lines(collection.items[index]);
      return { start, end, text: '' };
    });
  }

  /** An entry with one of the commas beside it. */
  #flowSpan({ items }: Collection, index: number, gone: readonly number[]): readonly [number, number] {
    const item = items[index];
    const lastKept = [...items.keys()].findLast((each) => !gone.includes(each)) ?? -1;
    if (lastKept >= 0 && lastKept < index) return [endOf(items[index - 1]), endOf(item)];
    return [startOf(item), index + 1 < items.length ? startOf(items[index + 1]) : this.#afterComma(endOf(item))];
  }

  #lines(item: unknown): readonly [number, number] {
    return [this.#text.lastIndexOf('\n', startOf(item)) + 1, this.#lineEnd(endOf(item)) + 1];
  }

  /** After the last entry, which shows how entries are set out. */
  #with(collection: Collection, come: readonly string[]): readonly Edit[] {
    const last = collection.items.at(-1);
    if (come.length === 0 || last === undefined) return [];
    const start = collection.flow ? endOf(last) : this.#lineEnd(endOf(last));
    const before = collection.flow ? this.#beforeFlow(collection, last) : this.#beforeLine(collection, last);
    return [{ start, end: start, text: come.map((entry) => before + entry).join('') }];
  }

  #beforeFlow(collection: Collection, last: unknown): string {
    const oneLine = !this.#text.slice(startOf(collection), startOf(last)).includes('\n');
    return oneLine ? ', ' : `,\n${this.#indent(startOf(last))}`;
  }

  #beforeLine(collection: Collection, last: unknown): string {
    return `\n${this.#indent(startOf(last))}${isSeq(collection) ? '- ' : ''}`;
  }

  /** The white space in front of the first entry of the line. */
  #indent(at: number): string {
    const line = this.#text.slice(this.#text.lastIndexOf('\n', at - 1) + 1, at);
    return line.slice(0, line.search(/\S|$/));
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end === -1 ? this.#text.length : end;
  }

  #afterComma(at: number): number {
    return at + (/^\s*,/.exec(this.#text.slice(at))?.[0].length ?? 0);
  }
}

function startOf(item: unknown): number {
  return rangeOf(isPair(item) ? item.key : item)[0];
}

/** Where the last text of an entry ends, without what follows it: a comment, a comma, the end of the line. */
function endOf(item: unknown): number {
  if (isPair(item)) return endOf(item.value ?? item.key);
  const last = isCollection(item) && item.flow !== true ? item.items.at(-1) : undefined;
  if (last !== undefined) return endOf(last);
  return rangeOf(item)[1];
}

function rangeOf(node: unknown): Range {
  if (!isNode(node) || !node.range) throw new Error('it has no place in the text');
  return node.range;
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

/** One line, whatever is in it. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (!isFields(value)) {
    const styled = { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0, singleQuote: true } as const;
    return stringify([value], styled).trim().slice(1, -1);
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.length === 0 ? '{}' : `{ ${fields.map(([key, field]) => `${key}: ${flow(field)}`).join(', ')} }`;
}

function nameOf(entry: unknown): unknown {
  return isFields(entry) ? (entry['id'] ?? entry['name']) : entry;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
