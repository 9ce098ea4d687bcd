import { setTimeout as pause } from 'node:timers/promises';
import { instantOf } from '@tracecal/core/model';
import { describeFailure } from '@tracecal/gateway-client/application';
import { spellHints } from './hint.js';
import type { Terminal } from './terminal.js';

export interface Repeating {
  readonly terminal: Terminal;
  readonly everySeconds: number;
  /**
   * What the span counts from: the end of the last round, or the moment of the first, so that rounds keep their times of day. A round that
   * takes longer than the span leaves out those that it has missed.
   */
  readonly from: 'end' | 'beginning';
  /** How often; absent: until it is told to stop. */
  readonly times?: number;
}

/**
 * Does something again and again, as a service: a failure is reported, and the next round comes in its time. On SIGINT or SIGTERM it ends
 * when the round that it is in has ended.
 */
export async function repeated(
  { terminal, everySeconds, from, times = Infinity }: Repeating,
  round: (count: number) => Promise<void>,
): Promise<void> {
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const first = performance.now();
  try {
    for (let count = 1; !stopping.signal.aborted; count += 1) {
      try {
        await round(count);
      } catch (error) {
        const { code, message } = describeFailure(error);
        terminal.error(`${roundText(count)}: ${spellHints(message, terminal.errorStyle.hint)}`, code);
      }
      if (count >= times) {
        break;
      }
      const wait = waitMs(performance.now() - first, everySeconds * 1000, from);
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Which round, and when: a service may write where nothing else says it. */
export function roundText(count: number): string {
  return `${instantOf(Date.now())}, round ${count}`;
}

/** How long until the next round. @param passedMs Since the first one began. */
export function waitMs(passedMs: number, everyMs: number, from: Repeating['from']): number {
  return from === 'end' ? everyMs : everyMs - (passedMs % everyMs);
}
