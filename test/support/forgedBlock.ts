import { base64Text } from '@tracecal/core/platform';
import type { Trust, TrustedChannel } from '@tracecal/gateway-client';
import type { Bundle } from '@tracecal/gateway-client/proof';
import { dataHash, headerBytes, headerHash } from '@tracecal/ledger/block';
import { sha256 } from '@tracecal/ledger/crypto';
import {
  Block,
  ChaincodeAction,
  ChaincodeActionPayload,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  concatenate,
  Config,
  ConfigEnvelope,
  Envelope,
  IdentifierHeader,
  Metadata,
  METADATA,
  Payload,
  ProposalResponsePayload,
  Transaction,
} from '@tracecal/ledger/wire';
import type { BlockHeader, ConfigGroup } from '@tracecal/ledger/wire';
import { randomBytes } from 'node:crypto';
import { bytesOf } from './forgedAnswer.js';
import type { StolenKey, StolenKeys } from './stolenKeys.js';

/** The parts of a block that a test changes. */
export interface Parts {
  readonly header: BlockHeader;
  readonly envelopes: readonly Uint8Array[];
  readonly metadata: readonly Uint8Array[];
}

export function partsOf(block: string): Parts {
  const { header, data, metadata } = Block.decode(bytesOf(block));
  return { header: header!, envelopes: data!.data, metadata: metadata!.metadata };
}

export function blockOf({ header, envelopes, metadata }: Parts): string {
  return base64Text(Block.encode({ header, data: { data: envelopes }, metadata: { metadata } }));
}

/** The same bundle with its block changed, and nobody signing it again. */
export function withBlock(bundle: Bundle, change: (parts: Parts) => Partial<Parts>): Bundle {
  const parts = partsOf(bundle.recorded!.block);
  return { ...bundle, recorded: { ...bundle.recorded!, block: blockOf({ ...parts, ...change(parts) }) } };
}

/** The members that run orderers, by the numbers of these. */
const ORDERERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha'];

/** The same bundle with other envelopes, in a block that a quorum of orderers signs who look at nothing. */
export function withForgedBlock(
  bundle: Bundle,
  keys: StolenKeys,
  envelopes: readonly Uint8Array[],
  by = [1, 2, 3],
): Bundle {
  return withBlock(bundle, ({ header: before, metadata }) => {
    const header = { ...before, dataHash: dataHash(envelopes) };
    const { value } = Metadata.decode(metadata[METADATA.signatures]!);
    const signatures = by.map((identifier) => {
      const identifierHeader = IdentifierHeader.encode({ identifier, nonce: randomBytes(24) });
      const data = concatenate(value, identifierHeader, headerBytes(header));
      return {
        signatureHeader: new Uint8Array(),
        identifierHeader,
        signature: keys.sign(`${ORDERERS[identifier - 1]!}/orderer`, data),
      };
    });
    return {
      header,
      envelopes,
      metadata: metadata.map((bytes, place) =>
        place === METADATA.signatures ? Metadata.encode({ value, signatures }) : bytes,
      ),
    };
  });
}

/** What somebody changes in a transaction who has its sender's key and those of peers. */
export interface ForgedTransaction {
  readonly by?: readonly StolenKey[];
  readonly results?: (results: Uint8Array) => Uint8Array;
  readonly transaction?: string;
  readonly creator?: StolenKey;
}

/** The same transaction, changed and signed again. */
export function forgedAnchor(bytes: Uint8Array, keys: StolenKeys, forgery: ForgedTransaction): Uint8Array {
  const {
    by = ['nmi-north/peer', 'nmi-south/peer'],
    results = (same: Uint8Array) => same,
    creator = 'lab-alpha/client',
  } = forgery;
  const payload = Payload.decode(Envelope.decode(bytes).payload);
  const [action] = Transaction.decode(payload.data).actions;
  const { chaincodeProposalPayload, action: endorsed } = ChaincodeActionPayload.decode(action!.payload);
  const before = ChaincodeAction.decode(ProposalResponsePayload.decode(endorsed!.proposalResponsePayload).extension);
  const proposal = renamed(chaincodeProposalPayload, forgery.transaction);
  const response = ProposalResponsePayload.encode({
    proposalHash: sha256(payload.header!.channelHeader, action!.header, proposal),
    extension: ChaincodeAction.encode({ ...before, results: results(before.results) }),
  });
  const endorsements = by.map((key) => {
    const endorser = keys.identity(key);
    return { endorser, signature: keys.sign(key, concatenate(response, endorser)) };
  });
  const actionPayload = ChaincodeActionPayload.encode({
    chaincodeProposalPayload: proposal,
    action: { proposalResponsePayload: response, endorsements },
  });
  const data = Transaction.encode({ actions: [{ header: action!.header, payload: actionPayload }] });
  const signed = Payload.encode({ header: payload.header, data });
  return Envelope.encode({ payload: signed, signature: keys.sign(creator, signed) });
}

function renamed(proposal: Uint8Array, transaction: string | undefined): Uint8Array {
  if (transaction === undefined) return proposal;
  const { chaincodeSpec: spec } = ChaincodeInvocationSpec.decode(ChaincodeProposalPayload.decode(proposal).input);
  const input = { ...spec!.input!, args: [Buffer.from(transaction), ...spec!.input!.args.slice(1)] };
  return ChaincodeProposalPayload.encode({
    input: ChaincodeInvocationSpec.encode({ chaincodeSpec: { ...spec!, input } }),
  });
}

/** A trust in a channel whose configuration is another one, as somebody takes it who is handed a wrong file. */
export function trustingOther(
  trust: Pick<Trust, 'channel'>,
  change: (channel: ConfigGroup) => ConfigGroup,
): TrustedChannel {
  const channel = trust.channel!;
  const { header, envelopes, metadata } = partsOf(channel.configuration);
  const envelope = Envelope.decode(envelopes[0]!);
  const payload = Payload.decode(envelope.payload);
  const { config, lastUpdate } = ConfigEnvelope.decode(payload.data);
  const { sequence, channelGroup } = Config.decode(config);
  const changed = Config.encode({ sequence, channelGroup: change(channelGroup!) });
  const data = ConfigEnvelope.encode({ config: changed, lastUpdate });
  const changedEnvelope = Envelope.encode({ ...envelope, payload: Payload.encode({ ...payload, data }) });
  const changedHeader = { ...header, dataHash: dataHash([changedEnvelope]) };
  const isFirst = header.number === 0;
  return {
    ...channel,
    ...(isFirst && { genesis: Buffer.from(headerHash(changedHeader)).toString('hex') }),
    configuration: blockOf({ header: changedHeader, envelopes: [changedEnvelope], metadata }),
  };
}

/** A group with a policy of one of its groups replaced. */
export function withPolicy(
  channel: ConfigGroup,
  group: string,
  name: string,
  policy: { type: number; value: Uint8Array },
): ConfigGroup {
  const section = channel.groups.get(group)!;
  const before = section.policies.get(name)!;
  const policies = new Map([...section.policies, [name, { ...before, policy }]]);
  return { ...channel, groups: new Map([...channel.groups, [group, { ...section, policies }]]) };
}
