import type { RefusalCode } from '../slices/index.js';

/** Why a request is refused, beside what slices refuse. */
export const API_ERRORS = {
  UNAUTHENTICATED: [401, 'Nobody known asks: send a fresh token of a known key, or a known client certificate.'],
  TOKEN_USED: [401, 'This token has changed something before: make a new one for each change.'],
  INPUT_INVALID: [400, 'The request has not the form that /openapi.json describes.'],
  NO_ROUTE: [404, 'There is nothing here: see /openapi.json.'],
  TOO_LARGE: [413, 'The request is too large: send less.'],
  MEDIA_TYPE: [415, 'Send JSON: application/json.'],
  TOO_MANY: [429, 'Too many requests: wait a moment.'],
  INTERNAL: [500, 'The monitor cannot answer now: try later, or ask who runs it.'],
  UNAVAILABLE: [503, 'The registry does not answer now: try later.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** The HTTP status of each refusal of slices. */
export const STATUS_OF_REFUSAL: Readonly<Record<RefusalCode, number>> = {
  KEY_INVALID: 400,
  SIGNATURE_INVALID: 400,
  CONTENT_INVALID: 400,
  OTHER_MONITOR: 400,
  CHAIN_BROKEN: 400,
  TOO_DEEP: 400,
  WIDER: 400,
  TOO_LONG: 400,
  TIME_WRONG: 400,
  OUTPUT_TOO_LARGE: 400,
  EXPIRED: 401,
  NOT_YET: 401,
  REVOKED: 401,
  NOT_DELEGATED: 401,
  NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  QUOTA_SPENT: 429,
  PROBE_TOO_SOON: 429,
};

/** A request that is refused. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly status: number;

  constructor(code: ApiErrorCode, sentence: string = API_ERRORS[code][1]) {
    super(sentence);
    this.code = code;
    this.status = API_ERRORS[code][0];
  }
}
