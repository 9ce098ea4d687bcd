import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Repeats an attempt until it succeeds: what one organisation's peer has committed, another's may commit a moment later. */
export async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 60_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(PAUSE_MS);
    }
  }
}
