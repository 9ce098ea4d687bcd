import { uncertaintyText, valuesText } from '@tracecal/core/trace';
import type { Edge, Given, Verdict } from '@tracecal/core/trace';
import { nodesOf } from './nodes.js';
import type { PyramidNode } from './nodes.js';

export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly outcome: Edge['outcome'];
  /** The first line is its name. */
  readonly lines: readonly string[];
  /** Its uncertainty among those of its kind, 0..1; null without one. */
  readonly bar: number | null;
}

export interface Pyramid {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** What rests on what: the lower box on the upper one. */
  readonly links: readonly (readonly [upper: Box, lower: Box])[];
}

export const BOX = { width: 300, line: 17, padding: 10, bar: 12 } as const;
const GAP = { x: 24, y: 44, edge: 24 } as const;
/** Boxes beside each other: a picture is no place for a thousand. */
const MOST_BESIDE = 12;
/** Kinds of quantity in one box. */
const MOST_GIVEN = 3;

/** A box that has no place yet. */
type Loose = Omit<Box, 'x' | 'y'>;

const OUTCOMES: Readonly<Record<Verdict['status'], Edge['outcome']>> = {
  TRACEABLE: 'sound',
  ATTESTED: 'attested',
  INCOMPLETE: 'missing',
  FAILED: 'failed',
};

/** Places a verdict: the institutes on top, each report above all that rest on it, the device at the bottom. */
export function layout(verdict: Verdict): Pyramid {
  const nodes = nodesOf(verdict);
  const bars = barsOf(nodes);
  const depth = Math.max(0, ...nodes.map(({ level }) => level));
  const rows: (readonly Loose[])[] = [
    [loose('device', OUTCOMES[verdict.status], [verdict.device, verdict.status], null)],
  ];
  for (let level = 1; level <= depth; level += 1) {
    const here = nodes.filter((node) => node.level === level);
    rows.push(
      cut(
        here.map((node) => nodeBox(node, bars)),
        level,
      ),
    );
  }
  const roots = verdict.roots.map(({ organisation, sha256 }) =>
    loose(rootKey(organisation), 'sound', [organisation, 'root', `certificate ${sha256.slice(0, 16)}…`], null),
  );
  rows.push(...(roots.length > 0 ? [cut(roots, depth + 1)] : []));
  return placed(rows.toReversed(), linksOf(nodes, verdict));
}

/** Row below row, each in the middle. */
function placed(rows: readonly (readonly Loose[])[], links: readonly (readonly [string, string])[]): Pyramid {
  const widthOf = (count: number) => count * BOX.width + (count - 1) * GAP.x;
  const inner = Math.max(...rows.map((row) => widthOf(row.length)));
  const boxes = new Map<string, Box>();
  let y: number = GAP.edge;
  for (const row of rows) {
    const left = GAP.edge + (inner - widthOf(row.length)) / 2;
    for (const [place, box] of row.entries()) {
      boxes.set(box.key, { ...box, x: left + place * (BOX.width + GAP.x), y });
    }
    y += Math.max(...row.map(({ height }) => height)) + GAP.y;
  }
  return {
    width: inner + 2 * GAP.edge,
    height: y - GAP.y + GAP.edge,
    boxes: [...boxes.values()],
    links: links.flatMap(([from, to]) => {
      const [lower, upper] = [boxes.get(from), boxes.get(to)];
      return upper && lower ? [[upper, lower] as const] : [];
    }),
  };
}

/** From what rests on another to what it rests on. */
function linksOf(nodes: readonly PyramidNode[], { roots }: Verdict): readonly (readonly [string, string])[] {
  return [
    ...nodes.filter(({ edge }) => edge.level === 1).map(({ key }) => ['device', key] as const),
    ...nodes.flatMap(({ key, parents }) => parents.map((parent) => [key, parent] as const)),
    ...roots.flatMap(({ organisation }) => {
      const own = nodes.filter(({ edge }) => edge.organisation === organisation);
      const ends = own.filter(({ parents }) => parents.length === 0);
      return (ends.length > 0 ? ends : own).map(({ key }) => [key, rootKey(organisation)] as const);
    }),
  ];
}

function rootKey(organisation: string): string {
  return `root ${organisation}`;
}

function cut(row: readonly Loose[], level: number): readonly Loose[] {
  const kept = row.slice(0, row.length > MOST_BESIDE ? MOST_BESIDE - 1 : MOST_BESIDE);
  const left = row.slice(kept.length);
  const worst = (['failed', 'missing', 'attested'] as const).find((each) =>
    left.some(({ outcome }) => outcome === each),
  );
  return left.length === 0
    ? row
    : [...kept, loose(`more ${level}`, worst ?? 'sound', [`and ${left.length} more`, 'all of them: --json'], null)];
}

const WORDS: Readonly<Record<Edge['outcome'], string>> = {
  sound: '✓ sound',
  attested: '~ attested',
  missing: '? missing',
  failed: '✗ failed',
};

function nodeBox({ key, edge }: PyramidNode, bars: ReadonlyMap<Given, number>): Loose {
  const { device, report, amendedBy, organisation, performed, gives, outcome } = edge;
  const given = gives.slice(0, MOST_GIVEN);
  const lines = [
    device ?? 'outside the registry',
    ...(report === null ? [] : [amendedBy ?? report]),
    ...(organisation === null ? [] : [[organisation, performed].filter((part) => part !== null).join(', ')]),
    ...given.flatMap((each) => [`${each.quantity} ${valuesText(each)}`, uncertaintyText(each)]),
    ...(gives.length > MOST_GIVEN ? [`and ${gives.length - MOST_GIVEN} more`] : []),
    WORDS[outcome],
  ];
  return loose(key, outcome, lines, given.flatMap((each) => bars.get(each) ?? [])[0] ?? null);
}

function loose(key: string, outcome: Edge['outcome'], lines: readonly string[], bar: number | null): Loose {
  const height = lines.length * BOX.line + 2 * BOX.padding + (bar === null ? 0 : BOX.bar);
  return { key, outcome, lines, bar, width: BOX.width, height };
}

/** Where each uncertainty lies between the smallest and the largest of its kind, on a logarithmic scale. */
function barsOf(nodes: readonly PyramidNode[]): ReadonlyMap<Given, number> {
  const stated = nodes.flatMap(({ edge }) =>
    edge.gives.flatMap((given) => {
      const { uncertainty, quantity, unit } = given;
      return uncertainty && uncertainty.max > 0
        ? [{ given, kind: `${quantity} ${unit}`, size: Math.log(uncertainty.max) }]
        : [];
    }),
  );
  return new Map(
    stated.map(({ given, kind, size }) => {
      const all = stated.filter((each) => each.kind === kind).map((each) => each.size);
      const [least, most] = [Math.min(...all), Math.max(...all)];
      return [given, most > least ? SHORTEST + (1 - SHORTEST) * ((size - least) / (most - least)) : 1];
    }),
  );
}

/** The smallest of all is seen, too. */
const SHORTEST = 0.08;
