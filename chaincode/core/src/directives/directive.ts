import * as z from '../shape/index.js';
import { millisecondsOf, shapeOf, shapes } from '../model/index.js';
import type { Instant } from '../model/index.js';

export const DIRECTIVE_TYPE = 'tracecal-directive/1';

/** What an operator can direct. */
export const DIRECTIVE_KINDS = ['measure', 'quarantine', 'release', 'limit', 'recalibrate', 'override'] as const;
export type DirectiveKind = (typeof DIRECTIVE_KINDS)[number];

/** Devices of one directive. */
export const MAX_DIRECTED = 100;
/** The last number that a directive about a device can have: one a minute reaches it after two years. */
export const MAX_DIRECTIVE_NUMBER = 999_999;
/**
 * How many directives about a device there may be since its last release before it can be asked for nothing more (`measure`,
 * `recalibrate`). For what restricts its use, or lifts that, there is always room.
 */
export const ROOM_FOR_REQUESTS = 900;
/** What a device or its gateway is to do. */
export const DIRECTED_REQUESTS: readonly DirectiveKind[] = ['measure', 'recalibrate'];
/** Measurements that one directive asks for. */
export const MAX_DIRECTED_MEASUREMENTS = 1000;
/** How long an override may last after it was signed. */
export const MOST_OVERRIDE_MS = 24 * 3600 * 1000;

/** A device that a directive is about. */
export interface Directed {
  readonly id: string;
  /**
   * Its number among the operator's directives about this device: 1, 2, 3 and so on, without a gap, so that nobody can take one away.
   * An override has none: it is signed in an emergency, when nobody can ask for the last number.
   */
  readonly number?: number;
}

/** The values of one kind of quantity that may pass. */
export interface Limit {
  readonly quantity: string;
  /** D-SI unit of both ends. */
  readonly unit: string;
  readonly lowest: number;
  readonly highest: number;
}

/** The values that a device is to measure. */
export interface ToMeasure {
  readonly quantity: string;
  readonly count: number;
}

/** What an operator directs about devices, as its officer signs it: canonical JSON, in the same envelope as statements. */
export interface Directive {
  readonly type: typeof DIRECTIVE_TYPE;
  /** The registry that knows the devices. */
  readonly registry: string;
  /** The organisation that directs. */
  readonly operator: string;
  /** When it was signed, according to its signer. */
  readonly date: Instant;
  readonly kind: DirectiveKind;
  readonly devices: readonly Directed[];
  readonly reason: string;
  /** From when on it holds; also before its date: what came since then is in doubt. */
  readonly from: Instant;
  /** When it ends. A quarantine ends with a release, and a release not at all; an override always has an end. */
  readonly until?: Instant;
  /** Of `limit` only. */
  readonly limit?: Limit;
  /** Of `measure` only. */
  readonly measure?: ToMeasure;
}

const limit = z
  .strictObject({ quantity: shapes.quantity, unit: shapes.unit, lowest: shapes.finite, highest: shapes.finite })
  .check(
    shapes.unitOfKind(),
    z.refine(({ lowest, highest }) => lowest <= highest, 'must have a lowest value that is not above the highest'),
  );

const number = z.int().check(z.minimum(1), z.maximum(MAX_DIRECTIVE_NUMBER));

const schema = z
  .strictObject({
    type: z.literal(DIRECTIVE_TYPE),
    registry: shapes.registry,
    operator: shapes.organisationId,
    date: shapes.instant,
    kind: z.enum(DIRECTIVE_KINDS),
    devices: z.array(z.strictObject({ id: shapes.ownedId, number: z.exactOptional(number) })).check(
      z.minLength(1),
      z.maxLength(MAX_DIRECTED),
      z.refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must name every device once'),
    ),
    reason: shapes.text,
    from: shapes.instant,
    until: z.exactOptional(shapes.instant),
    limit: z.exactOptional(limit),
    measure: z.exactOptional(
      z.strictObject({
        quantity: shapes.quantity,
        count: z.int().check(z.minimum(1), z.maximum(MAX_DIRECTED_MEASUREMENTS)),
      }),
    ),
  })
  .check(
    rule(
      ({ kind, limit: own }) => (kind === 'limit') === (own !== undefined),
      'must state a limit if it is one, and only then',
    ),
    rule(
      ({ kind, measure }) => (kind === 'measure') === (measure !== undefined),
      'must state what to measure if that is what it directs, and only then',
    ),
    rule(
      ({ kind, devices }) => devices.every((each) => (kind === 'override') === (each.number === undefined)),
      'must have a number for every device, and none in an override',
    ),
    rule(({ from, until }) => until === undefined || from < until, 'must end after it begins'),
    rule(
      ({ kind, until }) => until === undefined || (kind !== 'quarantine' && kind !== 'release'),
      'must have no end: a quarantine ends with a release, and a release not at all',
    ),
    // Without a clock, the number alone has to say whether a release counts.
    rule(
      ({ kind, from, date }) => kind !== 'release' || from <= date,
      'must release at once: sign a release when it is to hold',
    ),
    rule(({ kind, until }) => kind !== 'override' || until !== undefined, 'must have an end if it is an override'),
    rule(
      ({ kind, date, from, until = '' }) =>
        kind !== 'override' || (date <= from && millisecondsOf(until) - millisecondsOf(date) <= MOST_OVERRIDE_MS),
      'must, as an override, begin after it was signed and end within 24 hours of that',
    ),
  );

function rule(holds: (directive: Omit<Directive, 'type'>) => boolean, why: string): z.core.$ZodCheck<Directive> {
  return z.refine(holds, why);
}

/** A directive of the right shape. @throws RegistryError `INPUT_INVALID` */
export function directiveOf(value: unknown): Directive {
  return shapeOf<Directive>(schema, 'directive', value);
}

/** A directive's number for a device; undefined: it is not about this device, or it is an override. */
export function numberFor({ devices }: Directive, device: string): number | undefined {
  return devices.find(({ id }) => id === device)?.number;
}

/** Whether a directive is about a device. */
export function isAbout({ devices }: Directive, device: string): boolean {
  return devices.some(({ id }) => id === device);
}
