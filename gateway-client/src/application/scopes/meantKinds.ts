import { RegistryError } from '@tracecal/core/model';
import { meantKind } from '../../dcc/index.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A part of a JSON file (a result, a line of an accreditation) with its words replaced by the kinds of quantity that they mean: its own
 * kind, those of its arguments, and those of the standards that it uses.
 *
 * @param where - Name of the part in error messages.
 * @throws RegistryError `INPUT_INVALID` if a word means none
 */
export function withMeantKinds(part: JsonObject, where: string): JsonObject {
  const each = (all: unknown): unknown =>
    Array.isArray(all) ? all.map((one: unknown) => (isObject(one) ? withMeantKind(one, where) : one)) : all;
  const { arguments: places, support } = part;
  return {
    ...withMeantKind(part, where),
    ...(places !== undefined && { arguments: each(places) }),
    ...(isObject(support) && { support: { ...support, uses: each(support['uses']) } }),
  };
}

function withMeantKind(part: JsonObject, where: string): JsonObject {
  const { quantity } = part;
  if (typeof quantity !== 'string') {
    return part;
  }
  const meant = meantKind(quantity);
  if ('refusal' in meant) {
    throw new RegistryError('INPUT_INVALID', `${where}, quantity: ${meant.refusal}.`);
  }
  return { ...part, quantity: meant.name };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
