import { quoted, type ConfigGroup, type ConfigPolicy, type ConfigValue } from '../wire/index.js';
import { ConfigError } from './errors.js';

/** One versioned element of a configuration tree. */
export type ConfigElement = {
  /** The groups above it, starting with `Channel`; the element's own name is last. */
  readonly path: readonly string[];
} & (
  | { readonly kind: 'Group'; readonly message: ConfigGroup }
  | { readonly kind: 'Value'; readonly message: ConfigValue }
  | { readonly kind: 'Policy'; readonly message: ConfigPolicy }
);

/** The elements of a tree by a name that is unique within it: `[Value] /Channel/Orderer/BatchSize`. */
export type ConfigElements = ReadonlyMap<string, ConfigElement>;

const ROOT = ['Channel'];
/** Fabric takes no configuration deeper than three groups; what only an update writes can have any depth. */
const MAX_DEPTH = 16;

/**
 * @param beyond is called with an element that is deeper than one of a configuration can be; its names are checked
 * @throws ConfigError BAD_UPDATE if Fabric does not allow a name
 */
export function configElements(
  root: ConfigGroup,
  beyond: (message: ConfigElement['message']) => void = tooDeep,
): ConfigElements {
  const elements = new Map<string, ConfigElement>();
  const add = (element: ConfigElement): void => {
    if (element.path.length > MAX_DEPTH) beyond(element.message);
    else elements.set(elementKey(element.kind, element.path), element);
  };
  // Without recursion: a sender decides how deep groups are nested.
  const open = [{ path: ROOT as readonly string[], group: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, group } = next;
    add({ kind: 'Group', path, message: group });
    for (const [name, below] of group.groups) open.push({ path: within(path, name), group: below });
    for (const [name, message] of group.values) add({ kind: 'Value', path: within(path, name), message });
    for (const [name, message] of group.policies) add({ kind: 'Policy', path: within(path, name), message });
  }
  return elements;
}

function tooDeep(): never {
  throw new ConfigError('BAD_UPDATE', 'The configuration tree is too deep.');
}

export function elementKey(kind: ConfigElement['kind'], path: readonly string[]): string {
  return `[${kind}] /${path.join('/')}`;
}

/** Whether Fabric allows a name of an element, or of a policy in a path. */
export function isConfigName(name: string): boolean {
  return /^[A-Za-z0-9.-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

function within(path: readonly string[], name: string): readonly string[] {
  if (!isConfigName(name)) {
    throw new ConfigError('BAD_UPDATE', `${quoted(name)} is not a name that a configuration may use.`);
  }
  // Paths beyond that are all alike, or they would take memory by the square of the depth.
  return path.length > MAX_DEPTH ? path : [...path, name];
}

/**
 * Builds the tree from a map of elements: each group contains what it lists. @throws ConfigError BAD_UPDATE if a listed
 * element is missing
 */
export function configTree(elements: ConfigElements): ConfigGroup {
  const tree = assembled(elements, ROOT);
  return elements.has(ORDERER_CAPABILITIES) ? withModPolicies(tree) : tree;
}

const ORDERER_CAPABILITIES = '[Value] /Channel/Orderer/Capabilities';

/**
 * As Fabric does with every update of a channel whose orderers have capabilities: an element without a mod policy, which nobody could
 * ever change, gets `Admins`.
 */
function withModPolicies(group: ConfigGroup): ConfigGroup {
  const filled = <T extends { readonly modPolicy: string }>(element: T): T =>
    element.modPolicy === '' ? { ...element, modPolicy: 'Admins' } : element;
  const each = <T>(elements: ReadonlyMap<string, T>, fill: (element: T) => T): ReadonlyMap<string, T> =>
    new Map([...elements].map(([name, element]) => [name, fill(element)]));
  return {
    ...filled(group),
    groups: each(group.groups, withModPolicies),
    values: each(group.values, filled),
    policies: each(group.policies, filled),
  };
}

function assembled(elements: ConfigElements, path: readonly string[]): ConfigGroup {
  const listed = found(elements, 'Group', path);
  const each = <T>(names: ReadonlyMap<string, unknown>, read: (path: readonly string[]) => T): ReadonlyMap<string, T> =>
    new Map([...names.keys()].map((name) => [name, read([...path, name])]));
  return {
    ...listed,
    groups: each(listed.groups, (below) => assembled(elements, below)),
    values: each(listed.values, (below) => found(elements, 'Value', below)),
    policies: each(listed.policies, (below) => found(elements, 'Policy', below)),
  };
}

type MessageOf<K extends ConfigElement['kind']> = Extract<ConfigElement, { readonly kind: K }>['message'];

function found<K extends ConfigElement['kind']>(elements: ConfigElements, kind: K, path: readonly string[]) {
  const element = elements.get(elementKey(kind, path));
  if (element === undefined) {
    throw new ConfigError('BAD_UPDATE', `The update lists ${elementKey(kind, path)}, which is not there.`);
  }
  return element.message as MessageOf<K>;
}
