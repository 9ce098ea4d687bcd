/** A page of a list; `bookmark` asks for the next one and is empty after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly bookmark: string;
}
