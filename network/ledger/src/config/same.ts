import { Config, sameBytes, type ConfigGroup } from '../wire/index.js';

/** Whether two configurations are equal. The order of map entries has no meaning, and Fabric writes them in any order. */
export function sameConfig(left: Config, right: Config): boolean {
  return sameBytes(configInOrder(left), configInOrder(right));
}

/** A configuration in bytes that are equal for equal configurations: map entries in the order of their names. */
export function configInOrder(config: Config): Uint8Array {
  return Config.encode(inOrder(config));
}

function inOrder({ sequence, channelGroup }: Config): Config {
  return { sequence, channelGroup: channelGroup && groupInOrder(channelGroup) };
}

function groupInOrder(group: ConfigGroup): ConfigGroup {
  const groups = sorted(group.groups).map(([name, below]) => [name, groupInOrder(below)] as const);
  return {
    ...group,
    groups: new Map(groups),
    values: new Map(sorted(group.values)),
    policies: new Map(sorted(group.policies)),
  };
}

function sorted<T>(entries: ReadonlyMap<string, T>): (readonly [string, T])[] {
  return [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
}
