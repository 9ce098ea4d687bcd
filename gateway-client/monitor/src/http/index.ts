/** The monitor's HTTP API. */
export { monitorApi, type ApiOptions } from './api.js';
export { StoredAudit, type AuditEntry, type AuditLog } from './audit.js';
export { Authentication, signToken, TOKEN_SECONDS, type Credentials, type TokenFor } from './authentication.js';
export type { Rate } from './buckets.js';
export { API_ERRORS, ApiError, type ApiErrorCode } from './errors.js';
export { openApiOf } from './openapi.js';
export type { ApiServices, Route } from './route.js';
export { ROUTES } from './routes.js';
export { apiServices, type ApiParts, type SlicedApi } from './services.js';
