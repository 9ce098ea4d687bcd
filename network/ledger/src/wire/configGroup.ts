import { bytes, inner, int32, mapOf, repeated, string, uint64 } from './fields.js';
import { concatenate, NO_BYTES } from './bytes.js';
import { WireError } from './error.js';
import { folded } from './folded.js';
import { message, messageWithUnknown, type Message, type Unknown } from './message.js';
import type { Reader } from './reader.js';

/*
 * The elements of a configuration. An update can give them unknown fields, which Fabric keeps in the configuration, so they are compared
 * like the others.
 */

export interface Policy extends Unknown {
  readonly type: number;
  readonly value: Uint8Array;
}
export const Policy: Message<Policy> = messageWithUnknown<Omit<Policy, 'unknown'>>({ type: int32(1), value: bytes(2) });

export interface ConfigValue extends Unknown {
  readonly version: number;
  readonly value: Uint8Array;
  readonly modPolicy: string;
}
export const ConfigValue: Message<ConfigValue> = messageWithUnknown<Omit<ConfigValue, 'unknown'>>({
  version: uint64(1),
  value: bytes(2),
  modPolicy: string(3),
});

export interface ConfigPolicy extends Unknown {
  readonly version: number;
  readonly policy: Policy | undefined;
  readonly modPolicy: string;
}
export const ConfigPolicy: Message<ConfigPolicy> = messageWithUnknown<Omit<ConfigPolicy, 'unknown'>>({
  version: uint64(1),
  policy: inner(2, () => Policy),
  modPolicy: string(3),
});

export interface ConfigGroup extends Unknown {
  readonly version: number;
  readonly groups: ReadonlyMap<string, ConfigGroup>;
  readonly values: ReadonlyMap<string, ConfigValue>;
  readonly policies: ReadonlyMap<string, ConfigPolicy>;
  readonly modPolicy: string;
}

const OwnFields = {
  version: uint64(1),
  values: mapOf(3, () => ConfigValue),
  policies: mapOf(4, () => ConfigPolicy),
  modPolicy: string(5),
};
/** Groups within one another are read without recursion: the sender of an update decides how deep they are nested. */
export const ConfigGroup: Message<ConfigGroup> = messageWithUnknown<Omit<ConfigGroup, 'unknown'>>(
  {
    version: OwnFields.version,
    groups: mapOf(2, () => ConfigGroup),
    values: OwnFields.values,
    policies: OwnFields.policies,
    modPolicy: OwnFields.modPolicy,
  },
  readGroup,
);

/** A group with the entries of the groups within it still unread. */
type FlatGroup = Omit<ConfigGroup, 'groups'> & { readonly entries: readonly Uint8Array[] };
const FlatGroup: Message<FlatGroup> = messageWithUnknown<Omit<FlatGroup, 'unknown'>>({
  ...OwnFields,
  entries: repeated(bytes(2)),
});

/** A part that comes twice is merged: it is what its parts after one another say. */
const Entry = message<{ readonly name: string; readonly parts: readonly Uint8Array[] }>({
  name: string(1),
  parts: repeated(bytes(2)),
});

/** As deep as Go reads messages: each group is within an entry. */
const MAX_LEVELS = 5000;

interface Node {
  readonly name: string;
  readonly own: Omit<ConfigGroup, 'groups'>;
  readonly entries: readonly Uint8Array[];
}
type Named = readonly [name: string, group: ConfigGroup];

/** @param before What an earlier part of the same message said. */
function readGroup(reader: Reader, before: ConfigGroup | undefined): ConfigGroup {
  const root = nodeOf('', FlatGroup.readInto(reader, before && { ...before, entries: [] }));
  const [, group] = folded<Node, Named>(
    root,
    ({ entries }, depth) => {
      if (entries.length > 0 && depth >= MAX_LEVELS) throw new WireError('groups are nested too deep');
      return entries.map(openEntry);
    },
    (node, below) => {
      const known = node === root ? (before?.groups ?? []) : [];
      return [node.name, { ...node.own, groups: new Map([...known, ...below]) }];
    },
  );
  return group;
}

function openEntry(entry: Uint8Array): Node {
  const { name, parts } = Entry.decode(entry);
  return nodeOf(name, FlatGroup.decode(parts.length > 1 ? concatenate(...parts) : (parts[0] ?? NO_BYTES)));
}

function nodeOf(name: string, { entries, ...own }: FlatGroup): Node {
  return { name, own, entries };
}
