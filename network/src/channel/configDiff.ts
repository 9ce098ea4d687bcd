import { common } from '@hyperledger/fabric-protos';
import { ChannelError } from './errors.js';

/**
 * Computes the smallest update that turns one configuration into another: the read set with its versions, and the write set with the
 * version of each changed element increased by one.
 * @throws ChannelError NO_CHANGE when both are equal.
 */
export function computeConfigUpdate(
  channelId: string,
  current: common.Config,
  wanted: common.Config,
): common.ConfigUpdate {
  const difference = groupDifference(rootOf(current), rootOf(wanted));
  if (!difference.changed)
    throw new ChannelError('NO_CHANGE', `The configuration of ${channelId} is already as wanted.`);
  const update = new common.ConfigUpdate();
  update.setChannelId(channelId);
  update.setReadSet(difference.read);
  update.setWriteSet(difference.write);
  return update;
}

interface GroupDifference {
  readonly read: common.ConfigGroup;
  readonly write: common.ConfigGroup;
  readonly changed: boolean;
}

type Element = common.ConfigValue | common.ConfigPolicy;

/** The part of a protobuf map that is needed here. */
interface ElementMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): unknown;
  forEach(visit: (value: T, key: string) => void): void;
}

function groupDifference(current: common.ConfigGroup, wanted: common.ConfigGroup): GroupDifference {
  const sides = { read: new common.ConfigGroup(), write: new common.ConfigGroup() };
  const same = { read: new common.ConfigGroup(), write: new common.ConfigGroup() };
  for (const side of [sides, same]) {
    side.read.setVersion(current.getVersion());
    side.write.setVersion(current.getVersion());
  }
  const membership = [
    elementDifferences(current.getValuesMap(), wanted.getValuesMap(), sides.write.getValuesMap(), (key, version) => {
      for (const group of [same.read, same.write])
        group.getValuesMap().set(key, versioned(new common.ConfigValue(), version));
    }),
    elementDifferences(
      current.getPoliciesMap(),
      wanted.getPoliciesMap(),
      sides.write.getPoliciesMap(),
      (key, version) => {
        for (const group of [same.read, same.write]) {
          group.getPoliciesMap().set(key, versioned(new common.ConfigPolicy(), version));
        }
      },
    ),
    groupDifferences(current, wanted, sides, same),
  ];
  if (!membership.includes(true) && current.getModPolicy() === wanted.getModPolicy()) {
    return { ...sides, changed: isInhabited(sides.write) };
  }
  // The group itself changes: its version increases, and every element that stays must be listed, or it would be removed.
  copyInto(same.read, sides.read);
  copyInto(same.write, sides.write);
  sides.write.setVersion(current.getVersion() + 1);
  sides.write.setModPolicy(wanted.getModPolicy());
  return { ...sides, changed: true };
}

/** @returns Whether an element was added or removed. */
function elementDifferences<T extends Element>(
  current: ElementMap<T>,
  wanted: ElementMap<T>,
  write: ElementMap<T>,
  keep: (key: string, version: number) => void,
): boolean {
  let membersChanged = false;
  current.forEach((element, key) => {
    const replacement = wanted.get(key);
    if (replacement === undefined) membersChanged = true;
    else if (isEqual(element, replacement)) keep(key, element.getVersion());
    else write.set(key, versioned(replacement.clone() as T, element.getVersion() + 1));
  });
  wanted.forEach((element, key) => {
    if (current.get(key) !== undefined) return;
    membersChanged = true;
    write.set(key, versioned(element.clone() as T, 0));
  });
  return membersChanged;
}

/** @returns Whether a group below was added or removed. */
function groupDifferences(
  current: common.ConfigGroup,
  wanted: common.ConfigGroup,
  changed: { readonly read: common.ConfigGroup; readonly write: common.ConfigGroup },
  same: { readonly read: common.ConfigGroup; readonly write: common.ConfigGroup },
): boolean {
  let membersChanged = false;
  current.getGroupsMap().forEach((group: common.ConfigGroup, name: string) => {
    const replacement = wanted.getGroupsMap().get(name);
    if (replacement === undefined) {
      membersChanged = true;
      return;
    }
    const difference = groupDifference(group, replacement);
    const into = difference.changed ? changed : same;
    into.read.getGroupsMap().set(name, difference.read);
    into.write.getGroupsMap().set(name, difference.changed ? difference.write : difference.read);
  });
  wanted.getGroupsMap().forEach((group: common.ConfigGroup, name: string) => {
    if (current.getGroupsMap().get(name) !== undefined) return;
    membersChanged = true;
    const { write } = groupDifference(new common.ConfigGroup(), group);
    write.setVersion(0);
    write.setModPolicy(group.getModPolicy());
    changed.write.getGroupsMap().set(name, write);
  });
  return membersChanged;
}

function isEqual(current: Element, wanted: Element): boolean {
  const content = (element: Element): Uint8Array => versioned(element.clone(), 0).serializeBinary();
  return Buffer.from(content(current)).equals(content(wanted));
}

function isInhabited(group: common.ConfigGroup): boolean {
  return group.getValuesMap().getLength() + group.getPoliciesMap().getLength() + group.getGroupsMap().getLength() > 0;
}

function copyInto(from: common.ConfigGroup, into: common.ConfigGroup): void {
  from.getValuesMap().forEach((value: common.ConfigValue, key: string) => into.getValuesMap().set(key, value));
  from.getPoliciesMap().forEach((policy: common.ConfigPolicy, key: string) => into.getPoliciesMap().set(key, policy));
  from.getGroupsMap().forEach((group: common.ConfigGroup, key: string) => into.getGroupsMap().set(key, group));
}

function versioned<T extends Element>(element: T, version: number): T {
  element.setVersion(version);
  return element;
}

function rootOf(config: common.Config): common.ConfigGroup {
  const root = config.getChannelGroup();
  if (root === undefined) throw new ChannelError('BAD_UPDATE', 'A configuration has no channel group.');
  return root;
}
