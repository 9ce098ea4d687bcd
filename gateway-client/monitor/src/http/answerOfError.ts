import { printable, RegistryError } from '@tracecal/core/model';
import { ApplicationError } from '@tracecal/gateway-client/application';
import { TraceCalError } from '@tracecal/gateway-client';
import { ZodError } from 'zod';
import { Refusal } from '../slices/index.js';
import { API_ERRORS, ApiError, STATUS_OF_REFUSAL } from './errors.js';
import type { ApiErrorCode } from './errors.js';

/** What somebody is told of an error. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string };
}

/** What fastify calls its own. */
const OF_FASTIFY: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE',
};

/** A wrong request is told why; of what went wrong inside, nothing but that it did. */
export function answerOfError(error: unknown): ErrorAnswer {
  if (error instanceof Refusal) return answer(STATUS_OF_REFUSAL[error.code], error.code, error.message);
  if (error instanceof ApiError) return answer(error.status, error.code, error.message);
  if (error instanceof ZodError) return ofInput(error);
  if (error instanceof RegistryError || error instanceof ApplicationError || error instanceof TraceCalError) {
    return ofRegistry(error);
  }
  return ofFastify(error);
}

/** Names where it is wrong. What was sent is not repeated. */
function ofInput({ issues }: ZodError): ErrorAnswer {
  const [issue] = issues;
  const at = issue && issue.path.length > 0 ? ` at ${printable(issue.path.map(String).join('.'), 80)}` : '';
  return answer(400, 'INPUT_INVALID', `The request has not the form that /openapi.json describes${at}.`);
}

const DOWN: ReadonlySet<string> = new Set(['NETWORK_DOWN', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'TIMEOUT']);

function ofRegistry({ code, message }: Error & { readonly code: string }): ErrorAnswer {
  if (DOWN.has(code)) return ofCode('UNAVAILABLE');
  return answer(code === 'INPUT_INVALID' ? 400 : 422, code, printable(message));
}

function ofFastify(error: unknown): ErrorAnswer {
  const { code = '', statusCode = 500 } = (error ?? {}) as { readonly code?: string; readonly statusCode?: number };
  const known = OF_FASTIFY[code];
  if (known) return ofCode(known);
  return ofCode(statusCode >= 400 && statusCode < 500 ? 'INPUT_INVALID' : 'INTERNAL');
}

function ofCode(code: ApiErrorCode): ErrorAnswer {
  const [status, message] = API_ERRORS[code];
  return answer(status, code, message);
}

function answer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { code, message } };
}
