/** Questions that are under way at the same time. */
const TOGETHER = 16;

/** Asks a question about each of many items, a few at a time. Answers keep the order of the items. */
export async function together<T, Answer>(
  items: readonly T[],
  ask: (item: T) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let first = 0; first < items.length; first += TOGETHER) {
    answers.push(...(await Promise.all(items.slice(first, first + TOGETHER).map(ask))));
  }
  return answers;
}
