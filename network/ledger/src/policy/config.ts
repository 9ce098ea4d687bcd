import { AccessError, Msp } from '../identity/index.js';
import { Acls, BatchSize, BatchTimeout, FabricMspConfig, keyOf, MspConfig, type ConfigGroup } from '../wire/index.js';
import { absolutePolicyPath } from './acls.js';
import type { ChannelAccess } from './types.js';

/** Fabric's MSP type for X.509; the other one is idemix. */
const X509_MSP = 0;

/** The MSPs of all organisations of a channel, orderers included; an MSP that several groups define appears once. */
export function readMsps(channel: ConfigGroup): Msp[] {
  const msps = new Map<string, { readonly bytes: string; readonly msp: Msp }>();
  for (const section of channel.groups.values()) {
    for (const [name, organisation] of section.groups) {
      const config = mspConfig(organisation, name);
      const bytes = keyOf(FabricMspConfig.encode(config));
      const existing = msps.get(config.name);
      if (existing === undefined) msps.set(config.name, { bytes, msp: new Msp(config) });
      else if (existing.bytes !== bytes)
        throw malformed(`Two organisations define the MSP ${config.name} differently.`);
    }
  }
  return [...msps.values()].map(({ msp }) => msp);
}

/** The organisations of the Application group by MSP id, in order of the groups' names. */
export function applicationGroups(channel: ConfigGroup): ReadonlyMap<string, string> {
  const groups = [...(channel.groups.get('Application')?.groups ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(groups.map(([name, organisation]) => [mspConfig(organisation, name).name, name]));
}

/** The channel's own ACLs: resource to absolute policy path. */
export function readAcls(channel: ConfigGroup): ReadonlyMap<string, string> {
  const value = channel.groups.get('Application')?.values.get('ACLs');
  if (value === undefined) return new Map();
  const { acls } = malformedUnless('The ACLs cannot be read.', () => Acls.decode(value.value));
  const own = [...acls].filter(([, { policyRef }]) => policyRef !== '');
  return new Map(own.map(([resource, { policyRef }]) => [resource, absolutePolicyPath(policyRef)]));
}

/** How the orderers cut blocks. */
export function readBatch(channel: ConfigGroup): ChannelAccess['batch'] {
  return malformedUnless('The batch size or timeout cannot be read.', () => {
    const { values } = required(channel.groups.get('Orderer'));
    const size = BatchSize.decode(required(values.get('BatchSize')).value);
    const { timeout } = BatchTimeout.decode(required(values.get('BatchTimeout')).value);
    const batch = {
      maxMessages: size.maxMessageCount,
      timeoutMs: goDurationMs(timeout),
      maxBytes: size.absoluteMaxBytes,
      preferredMaxBytes: size.preferredMaxBytes,
    };
    if (Object.values(batch).some((number) => number <= 0)) throw new Error('a limit is not positive');
    return batch;
  });
}

function mspConfig(organisation: ConfigGroup, name: string): FabricMspConfig {
  return malformedUnless(`The MSP of the organisation ${name} cannot be read.`, () => {
    const { type, config } = MspConfig.decode(required(organisation.values.get('MSP')).value);
    if (type !== X509_MSP) throw new Error('it is not an X.509 MSP');
    return FabricMspConfig.decode(config);
  });
}

const UNIT_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** Milliseconds of a duration as Go writes it: `2s`, `1m30s`, `250ms`. */
function goDurationMs(text: string): number {
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) throw new Error(`${text} is not a duration`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? NaN);
  }
  return total;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a part is missing');
  return value;
}

function malformedUnless<T>(sentence: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof AccessError ? cause : malformed(sentence, cause);
  }
}

function malformed(sentence: string, cause?: unknown): AccessError {
  return new AccessError('MALFORMED_CONFIG', sentence, { cause });
}
