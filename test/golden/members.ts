import * as z from 'zod/mini';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Paths of all members that a shape allows, at any depth: `body.results[].rows`. */
export function membersOf(schema: z.core.$ZodType): readonly string[] {
  return [...new Set(pathsIn(z.toJSONSchema(schema, { io: 'input' }), ''))];
}

function pathsIn(schema: JsonSchema, path: string): readonly string[] {
  const {
    properties = {},
    items,
    prefixItems = [],
    anyOf = [],
    oneOf = [],
  } = schema as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema;
    readonly prefixItems?: readonly JsonSchema[];
    readonly anyOf?: readonly JsonSchema[];
    readonly oneOf?: readonly JsonSchema[];
  };
  return [
    ...Object.entries(properties).flatMap(([name, member]) => {
      const below = path === '' ? name : `${path}.${name}`;
      return [below, ...pathsIn(member, below)];
    }),
    ...[...anyOf, ...oneOf].flatMap((each) => pathsIn(each, path)),
    ...[...prefixItems, ...(items ? [items] : [])].flatMap((each) => pathsIn(each, `${path}[]`)),
  ];
}

/** Paths of all members of a value that are more than null. */
export function membersIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => membersIn(each, `${path}[]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const below = path === '' ? name : `${path}.${name}`;
    return member === null ? [] : [below, ...membersIn(member, below)];
  });
}
