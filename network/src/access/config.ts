import { msp as mspProtos, orderer, peer, type common } from '@hyperledger/fabric-protos';
import { configOfBlock, type ConfigBlock } from '../channel/block.js';
import { AccessError } from './errors.js';
import { absolutePolicyPath } from './acls.js';
import { Msp } from './msp.js';
import type { ChannelAccess } from './types.js';

/** Fabric's MSP type for X.509; the other one is idemix. */
const X509_MSP = 0;

/** The config and the channel's name out of a config block (the genesis block is one). */
export function configFromBlock(block: common.Block): ConfigBlock {
  return malformedUnless('The block is not a config block.', () => configOfBlock(block));
}

/** The MSPs of all organisations of a channel, orderers included; an MSP that several groups define is taken once. */
export function readMsps(channel: common.ConfigGroup): Msp[] {
  const msps = new Map<string, { readonly bytes: string; readonly msp: Msp }>();
  channel.getGroupsMap().forEach((section: common.ConfigGroup) => {
    section.getGroupsMap().forEach((organisation: common.ConfigGroup, name: string) => {
      const config = mspConfig(organisation, name);
      const bytes = Buffer.from(config.serializeBinary()).toString('latin1');
      const existing = msps.get(config.getName());
      if (existing === undefined) msps.set(config.getName(), { bytes, msp: new Msp(config) });
      else if (existing.bytes !== bytes)
        throw malformed(`Two organisations define the MSP ${config.getName()} differently.`);
    });
  });
  return [...msps.values()].map(({ msp }) => msp);
}

/** The organisations of the Application group by MSP id, in order of the groups' names. */
export function applicationGroups(channel: common.ConfigGroup): ReadonlyMap<string, string> {
  const ids: [string, string][] = [];
  channel
    .getGroupsMap()
    .get('Application')
    ?.getGroupsMap()
    .forEach((organisation: common.ConfigGroup, name: string) => {
      ids.push([mspConfig(organisation, name).getName(), name]);
    });
  return new Map(ids.sort(([, a], [, b]) => (a < b ? -1 : 1)));
}

/** The channel's own ACLs: resource to absolute policy path. */
export function readAcls(channel: common.ConfigGroup): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const value = channel.getGroupsMap().get('Application')?.getValuesMap().get('ACLs');
  if (value === undefined) return paths;
  const acls = malformedUnless('The ACLs cannot be read.', () => peer.ACLs.deserializeBinary(value.getValue_asU8()));
  acls.getAclsMap().forEach((resource: peer.APIResource, name: string) => {
    if (resource.getPolicyRef() !== '') paths.set(name, absolutePolicyPath(resource.getPolicyRef()));
  });
  return paths;
}

/** How the orderers cut blocks. */
export function readBatch(channel: common.ConfigGroup): ChannelAccess['batch'] {
  return malformedUnless('The batch size or timeout cannot be read.', () => {
    const values = required(channel.getGroupsMap().get('Orderer')).getValuesMap();
    const size = orderer.BatchSize.deserializeBinary(required(values.get('BatchSize')).getValue_asU8());
    const timeout = orderer.BatchTimeout.deserializeBinary(required(values.get('BatchTimeout')).getValue_asU8());
    const batch = {
      maxMessages: size.getMaxMessageCount(),
      timeoutMs: goDurationMs(timeout.getTimeout()),
      maxBytes: size.getAbsoluteMaxBytes(),
      preferredMaxBytes: size.getPreferredMaxBytes(),
    };
    if (Object.values(batch).some((number) => number <= 0)) throw new Error('a limit is not positive');
    return batch;
  });
}

function mspConfig(organisation: common.ConfigGroup, name: string): mspProtos.FabricMSPConfig {
  return malformedUnless(`The MSP of the organisation ${name} cannot be read.`, () => {
    const value = required(organisation.getValuesMap().get('MSP'));
    const config = mspProtos.MSPConfig.deserializeBinary(value.getValue_asU8());
    if (config.getType() !== X509_MSP) throw new Error('it is not an X.509 MSP');
    return mspProtos.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
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
