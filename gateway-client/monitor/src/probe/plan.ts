import { ApplicationError } from '@tracecal/gateway-client/application';
import { z } from 'zod';
import type { Instrument } from '../model/index.js';
import { ALLOWED } from './allowed.js';
import { addressOf } from './connection.js';
import { MODBUS_NUMBERS, MODBUS_PORT } from './modbus.js';
import { brokerAddress } from './mqtt.js';
import { SCPI_PORT } from './scpi.js';

const positive = z.number().positive();
const port = z.int().min(1).max(65_535);
const text = z.string().min(1).max(256);
const host = z.string().regex(/^[A-Za-z0-9_.:-]{1,253}$/, 'give a name or an address');
const uncertainty = z.strictObject({ expanded: positive, coverageFactor: positive });
const broker = {
  url: text,
  username: z.exactOptional(text),
  /** The password is read from there: a plan holds no secrets. */
  passwordFile: z.exactOptional(text),
  caFile: z.exactOptional(text),
};

const via = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('modbus'),
    host,
    port: port.default(MODBUS_PORT),
    unitId: z.exactOptional(z.int().min(0).max(255)),
    code: z.int().refine((code) => Object.hasOwn(ALLOWED.modbus, code), 'use 1, 2, 3 or 4, which read'),
    register: z.int().min(0).max(65_535),
    number: z.enum(MODBUS_NUMBERS),
    lastFirst: z.exactOptional(z.boolean()),
    scale: z.exactOptional(z.number()),
    offset: z.exactOptional(z.number()),
  }),
  z.strictObject({ kind: z.literal('scpi'), host, port: port.default(SCPI_PORT), query: text }),
  z.strictObject({
    kind: z.literal('mqtt'),
    ...broker,
    topic: text,
    member: z.exactOptional(text),
    live: z.exactOptional(z.boolean()),
  }),
  z.strictObject({ kind: z.literal('challenge'), ...broker, request: text, answer: text }),
]);

const source = z.strictObject({
  host,
  port: port.default(SCPI_PORT),
  /** `SOUR:TEMP`. */
  command: text,
  /** A part of its answer to `*IDN?`. */
  identity: text,
  lowest: z.number(),
  highest: z.number(),
  shortestSeconds: z.number().min(1),
  settleSeconds: z.exactOptional(z.number().min(0).max(3600)),
  ...uncertainty.shape,
});

const entry = z.strictObject({
  device: text,
  /** D-SI unit of its values. */
  unit: text,
  via,
  /** The mean of the time between two probes. */
  everySeconds: z.number().min(1).max(31_622_400),
  /** How much of that time is random: 0 for none, which a liar can count on; 0.9 by default. */
  jitter: z.number().min(0).max(1).default(0.9),
  /** Of the values that it shows. */
  uncertainty: z.exactOptional(uncertainty),
  timeoutMs: z.exactOptional(z.int().min(10).max(60_000)),
  /** The reference source at its input: that may be set, because this plan says so. Without one nothing is ever written. */
  source: z.exactOptional(text),
});

const schema = z.strictObject({
  sources: z.record(text, source).default({}),
  probes: z.array(entry).min(1).max(10_000),
});

export type ProbeEntry = z.infer<typeof entry>;
export type ProbeVia = z.infer<typeof via>;
export type SourceEntry = z.infer<typeof source>;

/** Which instruments are asked, how and when. */
export type ProbePlan = z.infer<typeof schema>;

/**
 * A plan from what a file says.
 *
 * @param instruments - Those that the monitor looks after: others are not probed.
 * @throws ApplicationError `INPUT_INVALID` with the first thing that is wrong
 */
export function planOf(value: unknown, instruments: readonly Instrument[]): ProbePlan {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`at ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'wrong shape'}`);
  }
  const plan = parsed.data;
  const known = new Map(instruments.map((each) => [each.device, each]));
  const planned = new Map(plan.probes.map((each) => [each.device, each]));
  if (planned.size < plan.probes.length) throw refused('it names a device twice: leave one of them out');
  for (const { device, source } of plan.probes) {
    const instrument = known.get(device);
    if (!instrument) throw refused(`${device} is not in the list of instruments: add it there`);
    if (source !== undefined && !Object.hasOwn(plan.sources, source)) throw refused(`it lacks the source ${source}`);
    requireStandard(instrument, planned);
  }
  requireOwnSources(plan);
  return plan;
}

/** Without the standard's values there is nothing to compare with, and nobody would notice. */
function requireStandard({ device, checkStandard }: Instrument, planned: ReadonlyMap<string, ProbeEntry>): void {
  if (checkStandard === undefined) return;
  const standard = planned.get(checkStandard);
  if (!standard) throw refused(`it does not say how to read ${checkStandard}, the check standard of ${device}`);
  if (!standard.uncertainty) throw refused(`it lacks the uncertainty of the check standard ${checkStandard}`);
  if (standard.unit !== planned.get(device)?.unit) throw refused(`${device} and ${checkStandard} have different units`);
}

/** A source is set, so it must not be an instrument, nor be set by two limits. */
function requireOwnSources({ sources, probes }: ProbePlan): void {
  const instruments = new Set(probes.map(({ via: how }) => endpointOf(how).toLowerCase()));
  const seen = new Set<string>();
  for (const [name, each] of Object.entries(sources)) {
    const address = addressOf(each).toLowerCase();
    if (instruments.has(address))
      throw refused(`the source ${name} has the address of an instrument, which is never set`);
    if (seen.has(address)) throw refused(`two sources have the address ${address}: give one, with one set of limits`);
    seen.add(address);
  }
}

function endpointOf(how: ProbeVia): string {
  return how.kind === 'modbus' || how.kind === 'scpi' ? addressOf(how) : brokerAddress(how);
}

function refused(why: string): ApplicationError {
  return new ApplicationError('INPUT_INVALID', `The plan of probes cannot be used: ${why}.`);
}

/**
 * How long to wait until the next probe, in milliseconds. The random part has no memory: how long nobody has asked says nothing about when
 * somebody will, so that a liar cannot know when to be honest.
 *
 * @param random - At least 0, less than 1.
 */
export function waitMs({ everySeconds, jitter }: Pick<ProbeEntry, 'everySeconds' | 'jitter'>, random: number): number {
  return 1000 * everySeconds * (1 - jitter - jitter * Math.log(1 - random));
}
