import type { TraceQuestion } from './traceQuestion.js';

type Place = NonNullable<TraceQuestion['at']>;

/** Where a question is about, as people write it: `20`, `frequency=50`, `10,frequency=50,range=10 V`; undefined if it names no place. */
export function placeIn(text: string): Place | undefined {
  let value: number | undefined;
  const named = new Map<string, number | string>();
  for (const entry of text.split(',')) {
    const [name = '', ...rest] = entry.split('=').map((part) => part.trim());
    const stated = rest.join('=');
    if (rest.length === 0) {
      if (value !== undefined || !isNumber(name)) return undefined;
      value = Number(name);
    } else if (name === '' || stated === '' || named.has(name)) {
      return undefined;
    } else {
      named.set(name, isNumber(stated) ? Number(stated) : stated);
    }
  }
  return { ...(value !== undefined && { value }), arguments: Object.fromEntries(named) };
}

/** The text that {@link placeIn} reads. */
export function placeText({ value, arguments: all = {} }: Place): string {
  const named = Object.entries(all).map(([name, each]) => `${name}=${each}`);
  return [...(value === undefined ? [] : [String(value)]), ...named].join(',');
}

function isNumber(text: string): boolean {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}
