import { common } from '@hyperledger/fabric-protos';
import { ChannelError } from './errors.js';

/** One versioned element of a configuration tree. */
export interface ConfigElement {
  readonly kind: 'Group' | 'Value' | 'Policy';
  /** The groups above it, from `Channel`; the element's own name last. */
  readonly path: readonly string[];
  readonly version: number;
  readonly modPolicy: string;
  readonly message: common.ConfigGroup | common.ConfigValue | common.ConfigPolicy;
}

const MAX_DEPTH = 16;

/**
 * All elements of a tree by a name that is unique in it (`[Value] /Channel/Orderer/BatchSize`).
 * @throws ChannelError BAD_UPDATE when a name is not one that Fabric allows.
 */
export function configElements(root: common.ConfigGroup): Map<string, ConfigElement> {
  const elements = new Map<string, ConfigElement>();
  collect(elements, ['Channel'], root);
  return elements;
}

/** The tree of a map of elements: each group holds what it lists. @throws ChannelError BAD_UPDATE when it lists what is not there. */
export function configTree(elements: ReadonlyMap<string, ConfigElement>): common.ConfigGroup {
  return assemble(elements, ['Channel']);
}

export function elementKey(kind: ConfigElement['kind'], path: readonly string[]): string {
  return `[${kind}] /${path.join('/')}`;
}

function collect(elements: Map<string, ConfigElement>, path: readonly string[], group: common.ConfigGroup): void {
  if (path.length > MAX_DEPTH) throw new ChannelError('BAD_UPDATE', 'The configuration tree is too deep.');
  add(elements, 'Group', path, group);
  group.getGroupsMap().forEach((below: common.ConfigGroup, name: string) => {
    collect(elements, [...path, name], below);
  });
  group.getValuesMap().forEach((value: common.ConfigValue, name: string) => {
    add(elements, 'Value', [...path, name], value);
  });
  group.getPoliciesMap().forEach((policy: common.ConfigPolicy, name: string) => {
    add(elements, 'Policy', [...path, name], policy);
  });
}

function add(
  elements: Map<string, ConfigElement>,
  kind: ConfigElement['kind'],
  path: readonly string[],
  message: ConfigElement['message'],
): void {
  const name = path.at(-1) ?? '';
  if (!/^[A-Za-z0-9.-]{1,249}$/.test(name) || name === '.' || name === '..') {
    throw new ChannelError(
      'BAD_UPDATE',
      `${JSON.stringify(name.slice(0, 64))} is not a name that a configuration may use.`,
    );
  }
  elements.set(elementKey(kind, path), {
    kind,
    path,
    version: message.getVersion(),
    modPolicy: message.getModPolicy(),
    message,
  });
}

function assemble(elements: ReadonlyMap<string, ConfigElement>, path: readonly string[]): common.ConfigGroup {
  const listed = lookup(elements, 'Group', path) as common.ConfigGroup;
  const group = new common.ConfigGroup();
  group.setVersion(listed.getVersion());
  group.setModPolicy(listed.getModPolicy());
  listed.getGroupsMap().forEach((_: common.ConfigGroup, name: string) => {
    group.getGroupsMap().set(name, assemble(elements, [...path, name]));
  });
  listed.getValuesMap().forEach((_: common.ConfigValue, name: string) => {
    group.getValuesMap().set(name, lookup(elements, 'Value', [...path, name]) as common.ConfigValue);
  });
  listed.getPoliciesMap().forEach((_: common.ConfigPolicy, name: string) => {
    group.getPoliciesMap().set(name, lookup(elements, 'Policy', [...path, name]) as common.ConfigPolicy);
  });
  return group;
}

function lookup(
  elements: ReadonlyMap<string, ConfigElement>,
  kind: ConfigElement['kind'],
  path: readonly string[],
): ConfigElement['message'] {
  const element = elements.get(elementKey(kind, path));
  if (element === undefined)
    throw new ChannelError('BAD_UPDATE', `The update lists ${elementKey(kind, path)}, which is not there.`);
  return element.message;
}
