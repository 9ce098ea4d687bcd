import { bytes, inner, int32, mapOf, repeated, string, uint64 } from './fields.js';
import { concatenate, NO_BYTES } from './bytes.js';
import { WireError } from './error.js';
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
const described: Message<ConfigGroup> = messageWithUnknown<Omit<ConfigGroup, 'unknown'>>({
  version: OwnFields.version,
  groups: mapOf(2, () => ConfigGroup),
  values: OwnFields.values,
  policies: OwnFields.policies,
  modPolicy: OwnFields.modPolicy,
});

/** Groups within one another are read without recursion: the sender of an update decides how deep they are nested. */
export const ConfigGroup: Message<ConfigGroup> = {
  decode: (bytes) => described.decode(bytes),
  decodeExact: (bytes) => described.decodeExact(bytes),
  decodeWellFormed: (bytes) => described.decodeWellFormed(bytes),
  encode: (value) => described.encode(value),
  writeInto: (writer, value) => {
    described.writeInto(writer, value);
  },
  readInto: readGroup,
};

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

interface Open {
  readonly entries: readonly Uint8Array[];
  readonly into: Map<string, ConfigGroup>;
  readonly level: number;
}

function readGroup(reader: Reader, before: ConfigGroup | undefined): ConfigGroup {
  const open: Open[] = [];
  const opened = (flat: FlatGroup, into: Map<string, ConfigGroup>, level: number): ConfigGroup => {
    const { entries, ...own } = flat;
    if (entries.length > 0) {
      if (level > MAX_LEVELS) throw new WireError('groups are nested too deep');
      open.push({ entries, into, level });
    }
    return { ...own, groups: into };
  };
  const group = opened(FlatGroup.readInto(reader, before && { ...before, entries: [] }), new Map(before?.groups), 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of next.entries) {
      const { name, parts } = Entry.decode(entry);
      const content = parts.length > 1 ? concatenate(...parts) : (parts[0] ?? NO_BYTES);
      next.into.set(name, opened(FlatGroup.decode(content), new Map(), next.level + 1));
    }
  }
  return group;
}
