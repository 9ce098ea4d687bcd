import { folded } from '../wire/folded.js';
import type { Rule } from './signaturePolicy.js';

/** More combinations than a planner could try; only the smallest are kept. */
const MAX_LAYOUTS = 500;

/** One layout: MSP ids in order; an id that appears twice stands for two different peers. */
type Layout = readonly string[];

/** The smallest sets of organisations whose peers satisfy a rule, smallest first, then by name. */
export function endorsementLayouts(rule: Rule): readonly Layout[] {
  return minimal(layoutsOf(rule));
}

function layoutsOf(rule: Rule): readonly Layout[] {
  return folded<Rule, readonly Layout[]>(
    rule,
    (current) => (current.kind === 'outOf' ? current.rules : []),
    (current, parts) => {
      if (current.kind === 'outOf') return chooseFrom(parts, Math.max(0, current.required));
      const { peerMsp } = current.principal;
      return peerMsp === undefined ? [] : [[peerMsp]];
    },
  );
}

/**
 * Every way to satisfy `required` of the alternatives, built one rule at a time to keep the number of combinations bounded.
 */
function chooseFrom(alternatives: readonly (readonly Layout[])[], required: number): readonly Layout[] {
  if (required > alternatives.length) return [];
  let chosen: (readonly Layout[])[] = [[[]]];
  for (const alternative of alternatives) {
    const next: Layout[][] = Array.from({ length: required + 1 }, () => []);
    chosen.forEach((layouts, count) => {
      next[count]?.push(...layouts);
      if (count < required) next[count + 1]?.push(...combine(layouts, alternative));
    });
    chosen = next.map(minimal);
  }
  return chosen[required] ?? [];
}

function combine(left: readonly Layout[], right: readonly Layout[]): Layout[] {
  return left.flatMap((some) => right.map((more) => [...some, ...more].sort()));
}

function minimal(layouts: readonly Layout[]): readonly Layout[] {
  const distinct = [...new Map(layouts.map((layout) => [layout.join('\0'), layout])).values()];
  distinct.sort((a, b) => a.length - b.length || (a.join('\0') < b.join('\0') ? -1 : 1));
  const kept: Layout[] = [];
  let shorter: Layout[] = [];
  for (const layout of distinct.slice(0, MAX_LAYOUTS)) {
    // Only a shorter one can be a subset, and because they are sorted by length all of those are known by now.
    if ((kept.at(-1)?.length ?? 0) < layout.length) shorter = [...kept];
    if (!shorter.some((smaller) => isWithin(smaller, layout))) kept.push(layout);
  }
  return kept;
}

/** Whether the larger contains every member of the smaller, with the same multiplicity; both are sorted. */
function isWithin(smaller: Layout, larger: Layout): boolean {
  let position = 0;
  for (const mspId of larger) {
    if (smaller[position] === mspId) position++;
  }
  return position === smaller.length;
}
