import type { Config } from '../wire/index.js';
import { ConfigUpdate, sameBytes, ConfigGroup, ConfigPolicy, ConfigValue, NO_BYTES } from '../wire/index.js';
import { newConfig } from './apply.js';
import { configElements, elementKey, type ConfigElement } from './elements.js';
import { ConfigError } from './errors.js';

/** One element of a configuration that an update changes. */
export interface ConfigChange {
  readonly kind: ConfigElement['kind'];
  /** From `Channel` to the element's own name. */
  readonly path: readonly string[];
  /** Undefined if the update adds it. */
  readonly before: ConfigElement | undefined;
  /** Undefined if the update removes it. */
  readonly after: ConfigElement | undefined;
}

/** The effect of an update on a configuration, whoever signs it. */
export interface ConfigEffect {
  readonly next: Config;
  /** All elements that differ afterwards, whatever the update says about itself, in the order of their paths. */
  readonly changes: readonly ConfigChange[];
  /** Paths of the policies that must be satisfied. */
  readonly guards: readonly string[];
}

/**
 * Computes what an update (a serialised `common.ConfigUpdate`) does to a configuration.
 * @throws ConfigError BAD_UPDATE if it does not fit the configuration, or is in another form than the canonical one
 */
export function configEffect(channelId: string, config: Config, update: Uint8Array): ConfigEffect {
  const { channelId: named, readSet, writeSet } = canonical(update);
  if (named !== channelId) throw new ConfigError('BAD_UPDATE', `The update is for another channel than ${channelId}.`);
  const guards = new Set<string>();
  const next = newConfig(config, { read: readSet, written: writeSet }, (path) => {
    guards.add(path);
    return true;
  });
  return { next, changes: changesBetween(config, next), guards: [...guards].sort() };
}

/** Whether a configuration has what changes lead to, whatever else was changed after them. */
export function hasChanges({ channelGroup }: Config, changes: readonly ConfigChange[]): boolean {
  const elements = configElements(channelGroup ?? NO_GROUP);
  return changes.every(({ kind, path, after }) => {
    const present = elements.get(elementKey(kind, path));
    if (after === undefined || present === undefined) return after === present;
    return present.message.version >= after.message.version && isSame(present, after);
  });
}

function canonical(bytes: Uint8Array): ConfigUpdate {
  try {
    const update = ConfigUpdate.decode(bytes);
    if (sameBytes(ConfigUpdate.encode(update), bytes)) return update;
  } catch (cause) {
    throw new ConfigError('BAD_UPDATE', 'The bytes are no config update.', { cause });
  }
  // Whatever cannot be written again as it was read could mean something else to another reader.
  throw new ConfigError('BAD_UPDATE', 'The update is not in canonical form.');
}

function changesBetween(current: Config, next: Config): readonly ConfigChange[] {
  const [before, after] = [current, next].map(({ channelGroup }) => configElements(channelGroup ?? NO_GROUP));
  const keys = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])];
  const changes = keys.flatMap((key): readonly ConfigChange[] => {
    const [old, present] = [before?.get(key), after?.get(key)];
    const element = present ?? old;
    if (element === undefined || (old !== undefined && present !== undefined && isSame(old, present))) return [];
    return [{ kind: element.kind, path: element.path, before: old, after: present }];
  });
  return changes.sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

const NO_GROUP = ConfigGroup.decode(NO_BYTES);

function nameOf({ path, kind }: ConfigChange): string {
  return `${path.join('/')} ${kind}`;
}

/** Without versions, and of a group without the elements in it, which are compared on their own. */
function isSame(left: ConfigElement, right: ConfigElement): boolean {
  return sameBytes(ownContent(left), ownContent(right));
}

function ownContent({ kind, message }: ConfigElement): Uint8Array {
  switch (kind) {
    case 'Group':
      return ConfigGroup.encode({ ...message, version: 0, ...EMPTY });
    case 'Value':
      return ConfigValue.encode({ ...message, version: 0 });
    case 'Policy':
      return ConfigPolicy.encode({ ...message, version: 0 });
  }
}

const EMPTY = { groups: new Map(), values: new Map(), policies: new Map() };
