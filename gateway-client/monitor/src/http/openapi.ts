import { z } from 'zod';
import { TOKEN_SECONDS } from './authentication.js';
import { API_ERRORS, STATUS_OF_REFUSAL } from './errors.js';
import type { Route } from './route.js';
import { problem } from './shapes.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** The description of the API: OpenAPI 3.1, made of the same routes that serve it. */
export function openApiOf(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'TraceCal monitor',
      version: '1',
      description:
        'What a monitor has, for users of an operator: each sees their slice. Outside of it, everything is as if it did not exist.',
    },
    security: [{ token: [] }, { certificate: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `Signed with the user's key (EdDSA or ES256), typ JWT, kid: the RFC 7638 thumbprint of the key. Claims: aud (the monitor), iat, exp (at most ${TOKEN_SECONDS} s later), jti, and delegation (the digest of the one that the user acts by; absent for officers). A token changes something once.`,
        },
        certificate: {
          type: 'mutualTLS',
          description:
            'A client certificate whose fingerprint the monitor knows. The header TraceCal-Delegation is the digest of the delegation that the user acts by; absent for officers.',
        },
      },
      schemas: { Problem: schemaOf(problem) },
    },
  };
}

function operationOf({ id, summary, right, isForOfficers, params, query, body, response }: Route): JsonObject {
  const needs = isForOfficers ? 'Needs: an officer.' : right && `Needs the right: ${right}.`;
  return {
    operationId: id,
    summary,
    ...(needs && { description: needs }),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body && { requestBody: { required: true, content: json(schemaOf(body, 'input')) } }),
    responses: { 200: { description: summary, content: json(schemaOf(response)) }, ...problems() },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly JsonObject[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>).map(([name, each]) => ({
    name,
    in: place,
    required: !z.object({ [name]: each }).safeParse({}).success,
    schema: schemaOf(each),
  }));
}

/** Each status with the codes that it can have. */
function problems(): JsonObject {
  const all: readonly (readonly [string, number])[] = [
    ...Object.entries(STATUS_OF_REFUSAL),
    ...Object.entries(API_ERRORS).map(([code, [status]]) => [code, status] as const),
  ];
  const statuses = [...new Set([...all.map(([, status]) => status), 422])].sort((one, other) => one - other);
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = all.filter(([, each]) => each === status).map(([code]) => code);
      const description = codes.length > 0 ? codes.join(', ') : 'The code of the registry that refused it';
      return [status, { description, content: json({ $ref: '#/components/schemas/Problem' }) }];
    }),
  );
}

function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonObject {
  const made = z.toJSONSchema(schema, { io, target: 'draft-2020-12', reused: 'inline' });
  // The dialect is that of the whole document.
  return Object.fromEntries(Object.entries(made).filter(([name]) => name !== '$schema'));
}
