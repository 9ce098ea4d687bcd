const SPAN = /^(\d{1,9})([smhd])$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A span of time in seconds: `90s`, `15m`, `24h`, `7d`. Undefined for anything else, and for no time at all. */
export function secondsIn(text: string): number | undefined {
  const [, count = '', unit = ''] = SPAN.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  return seconds >= 1 ? seconds : undefined;
}
