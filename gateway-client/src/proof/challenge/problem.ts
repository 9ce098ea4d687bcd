/** Why a service does not answer, as RFC 9457 has it: the detail is one sentence. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function invalid(detail: string): Problem {
  return new Problem(400, 'The question cannot be read', detail);
}

/** @param seconds After which it is worth asking again. */
export function tooMany(detail: string, seconds: number): Problem {
  return new Problem(429, 'Too many questions', detail, { 'Retry-After': String(seconds) });
}

export function busy(detail: string, seconds: number): Problem {
  return new Problem(503, 'Not now', detail, { 'Retry-After': String(seconds) });
}
