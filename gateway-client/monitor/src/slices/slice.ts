import { IDENTIFIER, ORGANISATION_ID, OWNED_ID } from '@tracecal/core/model';
import { z } from 'zod';
import type { Instrument } from '../model/index.js';

/** What a user may do with the devices of a slice. */
export const RIGHTS = ['read', 'measurements', 'findings', 'probe', 'issue', 'observe', 'delegate'] as const;
export type Right = (typeof RIGHTS)[number];

/** Most names in one list of a slice. */
const MOST_NAMES = 1000;

const word = z.string().regex(IDENTIFIER);
const words = z.array(word).max(MOST_NAMES).readonly();
const count = z.int().min(0);

export const quotasSchema = z
  .strictObject({
    probesPerDay: count,
    /** Of answers. */
    bytesPerDay: count,
    /** Different devices that are asked about on one day. */
    devices: count,
  })
  .readonly();

export const probeLimitsSchema = z
  .strictObject({
    /** Between two probes of one device. */
    leastSecondsBetween: count,
    /** The largest value that a probe may set, without its sign, in the unit of the instrument. */
    largestOutput: z.number().min(0),
  })
  .readonly();

/** A list that is absent limits nothing; an empty one lets nothing through. A device has to pass all of them. */
export const sliceSchema = z
  .strictObject({
    operator: z.string().regex(ORGANISATION_ID),
    sites: words.exactOptional(),
    departments: words.exactOptional(),
    kinds: words.exactOptional(),
    devices: z.array(z.string().regex(OWNED_ID)).max(MOST_NAMES).readonly().exactOptional(),
    may: z.array(z.enum(RIGHTS)).max(RIGHTS.length).readonly(),
    quotas: quotasSchema,
    probeLimits: probeLimitsSchema,
  })
  .readonly();

/** The part of an operator's devices that a user sees, what the user may do with them, and how much of it in a UTC day. */
export type Slice = z.infer<typeof sliceSchema>;
export type Quotas = z.infer<typeof quotasSchema>;
export type AllowedProbes = z.infer<typeof probeLimitsSchema>;

/** The lists of a slice, each with the member of an instrument that it is about. */
const LISTS = { sites: 'site', departments: 'department', kinds: 'kind', devices: 'device' } as const;
type ListName = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as readonly ListName[];

/** Whether a slice has an instrument. What an instrument does not state, no list has. */
export function isWithin(slice: Slice, instrument: Instrument): boolean {
  const passes = (name: ListName): boolean => {
    const [list, value] = [slice[name], instrument[LISTS[name]]];
    return list === undefined || (value !== undefined && list.includes(value));
  };
  return instrument.operator === slice.operator && LIST_NAMES.every(passes);
}

/** Whether a slice has all devices of a site, and those that will come. */
export function hasWholeSite(slice: Slice, site: string): boolean {
  const { sites, departments, kinds, devices } = slice;
  return [departments, kinds, devices].every((list) => list === undefined) && (sites?.includes(site) ?? true);
}

/** Where one slice gives more than another: a name of what it has too much of; undefined where it gives at most as much. */
export function widerIn(slice: Slice, than: Slice): string | undefined {
  if (slice.operator !== than.operator) return 'operator';
  if (!isSubset(slice.may, than.may)) return 'may';
  return (
    LIST_NAMES.find((name) => !isSubset(slice[name], than[name])) ??
    (['probesPerDay', 'bytesPerDay', 'devices'] as const).find((name) => slice.quotas[name] > than.quotas[name]) ??
    widerProbes(slice.probeLimits, than.probeLimits)
  );
}

function widerProbes(limits: AllowedProbes, than: AllowedProbes): string | undefined {
  if (limits.leastSecondsBetween < than.leastSecondsBetween) return 'leastSecondsBetween';
  return limits.largestOutput > than.largestOutput ? 'largestOutput' : undefined;
}

/** Absent means all: only what is as wide has that. */
function isSubset<T>(list: readonly T[] | undefined, of: readonly T[] | undefined): boolean {
  return of === undefined || (list?.every((each) => of.includes(each)) ?? false);
}
