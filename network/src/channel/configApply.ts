import { common, msp } from '@hyperledger/fabric-protos';
import { configElements, configTree, elementKey, type ConfigElement } from './configElements.js';
import { ChannelError } from './errors.js';

/** Who decides whether signatures satisfy a policy: the channel's access rules under its current configuration. */
export interface PolicyJudge {
  satisfies(
    policyPath: string,
    signed: readonly { readonly data: Uint8Array; readonly identity: Uint8Array; readonly signature: Uint8Array }[],
  ): { readonly satisfied: boolean };
}

/**
 * Applies a signed config update (an envelope of type CONFIG_UPDATE) as an orderer does: what it read must still be so, every
 * changed element moves up by one version, and each element's mod policy must be satisfied under the current configuration.
 * @returns The next configuration with the update that led to it.
 * @throws ChannelError BAD_UPDATE when it is malformed or does not fit, UPDATE_REFUSED when signatures are missing.
 */
export function applyConfigUpdate(
  channelId: string,
  current: common.Config,
  envelope: common.Envelope,
  judge: PolicyJudge,
): common.ConfigEnvelope {
  const { update, signed } = readUpdate(channelId, envelope);
  const existing = configElements(required(current.getChannelGroup()));
  const read = configElements(required(update.getReadSet()));
  checkReadSet(existing, read);
  const written = configElements(required(update.getWriteSet()));
  const delta = [...written].filter(([key, element]) => read.get(key)?.version !== element.version);
  if (delta.length === 0) throw new ChannelError('BAD_UPDATE', 'The update would change nothing.');
  for (const [key, element] of delta)
    checkChange(key, element, existing.get(key), (path) => judge.satisfies(path, signed).satisfied);
  const next = configTree(new Map([...existing, ...delta]));
  const reached = configElements(next);
  const lost = [...written.keys()].find((key) => !reached.has(key));
  if (lost !== undefined)
    throw new ChannelError('BAD_UPDATE', `The update writes ${lost} into a group that does not list it.`);
  checkTransition(required(current.getChannelGroup()), next);
  const config = new common.Config();
  config.setSequence(current.getSequence() + 1);
  config.setChannelGroup(next);
  const result = new common.ConfigEnvelope();
  result.setConfig(config);
  result.setLastUpdate(envelope);
  return result;
}

interface SignedUpdate {
  readonly update: common.ConfigUpdate;
  readonly signed: { readonly data: Uint8Array; readonly identity: Uint8Array; readonly signature: Uint8Array }[];
}

function readUpdate(channelId: string, envelope: common.Envelope): SignedUpdate {
  try {
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(required(payload.getHeader()).getChannelHeader_asU8());
    if (header.getType() !== common.HeaderType.CONFIG_UPDATE) throw new Error('the envelope is of another type');
    const updateEnvelope = common.ConfigUpdateEnvelope.deserializeBinary(payload.getData_asU8());
    const bytes = updateEnvelope.getConfigUpdate_asU8();
    const update = common.ConfigUpdate.deserializeBinary(bytes);
    if (update.getChannelId() !== channelId) {
      throw new ChannelError('BAD_UPDATE', `The update is for another channel than ${channelId}.`);
    }
    const signed = updateEnvelope.getSignaturesList().map((signature) => {
      const signatureHeader = signature.getSignatureHeader_asU8();
      return {
        data: Buffer.concat([signatureHeader, bytes]),
        identity: common.SignatureHeader.deserializeBinary(signatureHeader).getCreator_asU8(),
        signature: signature.getSignature_asU8(),
      };
    });
    return { update, signed };
  } catch (cause) {
    if (cause instanceof ChannelError) throw cause;
    throw new ChannelError('BAD_UPDATE', 'The envelope holds no config update.', cause);
  }
}

function checkReadSet(existing: ReadonlyMap<string, ConfigElement>, read: ReadonlyMap<string, ConfigElement>): void {
  for (const [key, element] of read) {
    const version = existing.get(key)?.version;
    if (version !== element.version) {
      const now = version === undefined ? 'it does not exist' : `it is at version ${version}`;
      throw new ChannelError('BAD_UPDATE', `The update was made for ${key} at version ${element.version}, but ${now}.`);
    }
  }
}

function checkChange(
  key: string,
  wanted: ConfigElement,
  existing: ConfigElement | undefined,
  isSatisfied: (policyPath: string) => boolean,
): void {
  if (!/^\/?[A-Za-z0-9.-]+(\/[A-Za-z0-9.-]+)*$/.test(wanted.modPolicy)) {
    throw new ChannelError('BAD_UPDATE', `The update gives ${key} no valid mod policy.`);
  }
  const expected = existing === undefined ? 0 : existing.version + 1;
  if (wanted.version !== expected) {
    throw new ChannelError(
      'BAD_UPDATE',
      `The update sets ${key} to version ${wanted.version}; the next one is ${expected}.`,
    );
  }
  // A new element is covered by the group that must change to list it.
  if (existing === undefined) return;
  const path = modPolicyPath(existing);
  if (!isSatisfied(path)) {
    throw new ChannelError('UPDATE_REFUSED', `The signatures do not satisfy ${path}, which guards ${key}.`);
  }
}

/** A relative mod policy is looked up in the group itself, or in the group that holds the value or policy. */
function modPolicyPath({ kind, path, modPolicy }: ConfigElement): string {
  if (modPolicy.startsWith('/')) return modPolicy;
  const group = kind === 'Group' ? path : path.slice(0, -1);
  return `/${[...group, modPolicy].join('/')}`;
}

/** What no signature allows: a section that disappears, or an organisation that changes its MSP id. */
function checkTransition(current: common.ConfigGroup, next: common.ConfigGroup): void {
  current.getGroupsMap().forEach((section: common.ConfigGroup, name: string) => {
    const nextSection = next.getGroupsMap().get(name);
    if (nextSection === undefined) throw new ChannelError('BAD_UPDATE', `The section ${name} cannot be removed.`);
    section.getGroupsMap().forEach((organisation: common.ConfigGroup, organisationName: string) => {
      const successor = nextSection.getGroupsMap().get(organisationName);
      if (successor !== undefined && mspIdOf(organisation) !== mspIdOf(successor)) {
        throw new ChannelError(
          'BAD_UPDATE',
          `${elementKey('Group', [name, organisationName])} cannot change its MSP id.`,
        );
      }
    });
  });
}

function mspIdOf(organisation: common.ConfigGroup): string {
  try {
    const config = msp.MSPConfig.deserializeBinary(required(organisation.getValuesMap().get('MSP')).getValue_asU8());
    return msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8()).getName();
  } catch (cause) {
    throw new ChannelError('BAD_UPDATE', 'An organisation has no readable MSP.', cause);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new ChannelError('BAD_UPDATE', 'A part of the configuration is missing.');
  return value;
}
