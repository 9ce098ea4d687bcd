import type { Rule } from './signaturePolicy.js';

/** More combinations than a planner could try; only the smallest are kept. */
const MAX_LAYOUTS = 500;

/** One layout: MSP ids in order; an id that appears twice stands for two different peers. */
type Layout = readonly string[];

/** The smallest sets of organisations whose peers satisfy a rule, smallest first, then by name. */
export function endorsementLayouts(rule: Rule): readonly Layout[] {
  return minimal(layoutsOf(rule));
}

/** Without recursion: see `compileSignaturePolicy`. */
function layoutsOf(rule: Rule): readonly Layout[] {
  const found: (readonly Layout[])[] = [];
  const open: { readonly rule: Rule; readonly into: (readonly Layout[])[]; readonly parts?: (readonly Layout[])[] }[] =
    [{ rule, into: found }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { rule: current, into, parts } = next;
    if (current.kind === 'signedBy') {
      const { peerMsp } = current.principal;
      into.push(peerMsp === undefined ? [] : [[peerMsp]]);
    } else if (parts === undefined) {
      const below: (readonly Layout[])[] = [];
      open.push({ rule: current, into, parts: below });
      for (const inner of current.rules.toReversed()) open.push({ rule: inner, into: below });
    } else {
      into.push(chooseFrom(parts, Math.max(0, current.required)));
    }
  }
  return found[0] ?? [];
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
