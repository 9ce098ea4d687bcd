/** What is wrong with a value, as the schema library names it: its code, and what that code says. */
export interface Wrong {
  readonly code: string;
  readonly input: unknown;
  /** Where it is, below the value that was checked. */
  readonly path?: readonly PropertyKey[];
  readonly message?: string;
  readonly [more: string]: unknown;
}

/** The sentence about a fault, of a shape or check that has one of its own. */
export type Says = ((wrong: Wrong) => string | undefined) | undefined;

/** The first thing that is wrong with a value. It is returned, never thrown: one choice of several may have it, and another one fit. */
export class Fault {
  readonly path: PropertyKey[];
  message: string | undefined;

  /** @param isMild - Whether the value has the type that was asked for all the same. */
  constructor(
    readonly wrong: Wrong,
    readonly isMild: boolean,
    says: Says,
  ) {
    this.path = [...(wrong.path ?? [])];
    this.message = wrong.message ?? says?.(wrong);
  }

  within(member: PropertyKey): this {
    this.path.unshift(member);
    return this;
  }

  /** As the schema library tells it. */
  issue(): Readonly<Record<string, unknown>> {
    const { input, ...rest } = this.wrong;
    return { ...rest, path: this.path, message: this.message ?? usual(this.wrong.code, this.wrong['expected'], input) };
  }
}

/** What nobody has a sentence for: `issueText` says it in words of the field. */
function usual(code: string, expected: unknown, input: unknown): string {
  return code === 'invalid_type'
    ? `Invalid input: expected ${String(expected)}, received ${typeName(input)}`
    : 'Invalid input';
}

function typeName(input: unknown): string {
  return input === null ? 'null' : Array.isArray(input) ? 'array' : Number.isNaN(input) ? 'nan' : typeof input;
}
