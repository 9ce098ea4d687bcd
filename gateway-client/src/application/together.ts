/** Questions that are under way at the same time. */
const TOGETHER = 16;

/** What a question answers for each of many, in their order, a few at a time. */
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
