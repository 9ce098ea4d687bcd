/**
 * The result of some work, as long as its caller waits.
 * @throws the signal's reason when the caller has gone
 */
export function unlessGone<T>(work: Promise<T>, gone: AbortSignal | undefined): Promise<T> {
  if (!gone) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(gone.reason as Error);
    };
    gone.addEventListener('abort', leave, { once: true });
    if (gone.aborted) leave();
    work.then(resolve, reject).finally(() => {
      gone.removeEventListener('abort', leave);
    });
  });
}
