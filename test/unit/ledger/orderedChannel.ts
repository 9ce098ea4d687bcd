import { common, msp } from '@hyperledger/fabric-protos';
import { headerBytes, headerHash, trustConfigBlock, type TrustedConfig } from '@tracecal/ledger/block';
import { applyConfigUpdate } from '@tracecal/ledger/config';
import { Config } from '@tracecal/ledger/wire';
import {
  computeConfigUpdate,
  configUpdateEnvelope,
  defaultPolicyTemplateFile,
  genesisBlock,
  newBlock,
  readConfigBlock,
  readPolicyTemplate,
  signConfigUpdate,
} from '@tracecal/network/channel';
import type { Consortium } from '@tracecal/network/topology';
import { createHash, randomBytes } from 'node:crypto';
import { TestOrganisation, type Person } from './testChannel.js';

const CHANNEL = 'calibration';

/** One organisation that runs an orderer. */
export interface Orderer {
  readonly id: number;
  readonly organisation: TestOrganisation;
  readonly node: Person;
}

/** A channel that organisations of their own order, made for a test: it makes blocks and signs them as SmartBFT's nodes do. */
export class OrderedChannel {
  readonly orderers: readonly Orderer[];
  readonly #member: TestOrganisation;
  /** The administrator of the one member, whose signature is what every change of the configuration needs. */
  readonly admin: Person;
  readonly client: Person;
  readonly #tls: Person;

  private constructor(
    orderers: readonly Orderer[],
    member: TestOrganisation,
    people: { readonly admin: Person; readonly client: Person; readonly tls: Person },
  ) {
    this.orderers = orderers;
    this.#member = member;
    this.admin = people.admin;
    this.client = people.client;
    this.#tls = people.tls;
  }

  static async make(count = 4): Promise<OrderedChannel> {
    const ids = Array.from({ length: count }, (_, index) => index + 1);
    const orderers = await Promise.all(
      ids.map(async (id) => {
        const organisation = await TestOrganisation.make(`Orderer${id}MSP`);
        return { id, organisation, node: await organisation.person('orderer') };
      }),
    );
    const member = await TestOrganisation.make('MemberMSP');
    const [admin, client, tls] = await Promise.all([member.person('admin'), member.person('client'), member.tls()]);
    return new OrderedChannel(orderers, member, { admin, client, tls });
  }

  /** The first block, with its configuration changed as a test wants it. */
  genesis(change: (channel: common.ConfigGroup) => void = () => undefined, channelId = CHANNEL): common.Block {
    const channel = {
      name: channelId,
      level: 'calibration',
      writers: [this.#member.mspId],
      readers: [],
      batch: { maxMessages: 10, timeoutMs: 250 },
    } as const;
    const consortium: Consortium = {
      name: 'test',
      organisations: [
        {
          id: this.#member.mspId,
          mspId: this.#member.mspId,
          name: 'Member',
          kind: 'NMI',
          domain: 'member.example',
          country: 'ZZ',
          peers: [{ name: 'peer0', port: 7051 }],
          users: [],
        },
      ],
      orderers: this.orderers.map(({ id, organisation: { mspId } }) => ({
        name: `orderer${id}`,
        runBy: '',
        mspId,
        domain: `orderer${id}.example`,
        port: 7050 + id,
        adminPort: 8050 + id,
        consenterId: id,
      })),
      channels: [channel],
      chaincodes: [],
    };
    const tls = this.#tls.certificate;
    const organisations = [this.#member, ...this.orderers.map(({ organisation }) => organisation)];
    const material = {
      msps: new Map(organisations.map((organisation) => [organisation.mspId, organisation.material()])),
      consenters: new Map(
        this.orderers.map(({ organisation, node }) => [
          organisation.mspId,
          { identity: node.certificate, clientTls: tls, serverTls: tls },
        ]),
      ),
    };
    const template = readPolicyTemplate(defaultPolicyTemplateFile());
    const block = genesisBlock(consortium, channel, template, material, { hostOf: () => 'localhost' });
    const envelope = changedConfig(block, (envelope) => {
      change(envelope.getConfig()!.getChannelGroup()!);
    });
    return finished(newBlock(0, new Uint8Array(), [envelope]), block.getMetadata()!);
  }

  trusted(genesis = this.genesis()): TrustedConfig {
    return trustConfigBlock(genesis.serializeBinary(), hashOf(genesis));
  }

  /** An envelope as a client's transaction is one. */
  envelope(text: string, channelId = CHANNEL, type: number = common.HeaderType.ENDORSER_TRANSACTION): Uint8Array {
    const channelHeader = new common.ChannelHeader();
    channelHeader.setType(type);
    channelHeader.setChannelId(channelId);
    const header = new common.Header();
    header.setChannelHeader(channelHeader.serializeBinary());
    const payload = new common.Payload();
    payload.setHeader(header);
    payload.setData(Buffer.from(text));
    return this.signed(payload);
  }

  signed(payload: common.Payload): Uint8Array {
    const envelope = new common.Envelope();
    envelope.setPayload(payload.serializeBinary());
    envelope.setSignature(this.client.sign(payload.serializeBinary()));
    return envelope.serializeBinary();
  }

  /** The next configuration as an orderer makes an envelope of it: changed by an update that some administrators signed. */
  async reconfigured(
    before: common.Block,
    change: (channel: common.ConfigGroup) => void,
    { signers = [this.admin], forge = () => undefined, extended = (update) => update }: UpdateOptions = {},
  ): Promise<Uint8Array> {
    const { config } = readConfigBlock(before.serializeBinary());
    const wanted = config.clone();
    change(wanted.getChannelGroup()!);
    const update = extended(computeConfigUpdate(CHANNEL, config, wanted).serializeBinary());
    const signatures = await Promise.all(signers.map((signer) => signConfigUpdate(update, signer)));
    const sent = await configUpdateEnvelope(CHANNEL, update, signatures, this.client);
    // Whether the signatures suffice is for the test to find out.
    const access = {
      channelId: CHANNEL,
      config: config.serializeBinary(),
      satisfies: () => ({ satisfied: true as const }),
    };
    const next = Config.encode(applyConfigUpdate(access, sent.serializeBinary()));
    const envelope = common.Envelope.deserializeBinary(
      changedConfig(before, (configEnvelope) => {
        configEnvelope.setConfig(common.Config.deserializeBinary(next));
        configEnvelope.setLastUpdate(sent);
        forge(configEnvelope);
      }),
    );
    envelope.setSignature(this.client.sign(envelope.getPayload_asU8()));
    return envelope.serializeBinary();
  }

  /** A block of some envelopes, signed by some orderers (all but the last unless given) under some config block. */
  block(envelopes: readonly Uint8Array[], options: BlockOptions = {}): common.Block {
    const { number = 1, previous = new Uint8Array(32), lastConfig = 0, signers = this.orderers.slice(0, -1) } = options;
    const block = newBlock(number, previous, envelopes);
    const value = signedMetadata(lastConfig, options.consenterMetadata);
    sign(
      block,
      value,
      signers.map((signer) => ({ id: signer.id, node: signer.node, header: identifierHeader(signer.id) })),
    );
    setMetadata(block, common.BlockMetadataIndex.LAST_CONFIG, metadataOf(lastConfigOf(lastConfig).serializeBinary()));
    return block;
  }
}

export interface UpdateOptions {
  readonly signers?: readonly Person[];
  /** What the update says in the end, before administrators sign it. */
  readonly extended?: (update: Uint8Array) => Uint8Array;
  /** What lying orderers change of the envelope before they put it into a block. */
  readonly forge?: (envelope: common.ConfigEnvelope) => void;
}

export interface BlockOptions {
  readonly number?: number;
  readonly previous?: Uint8Array;
  readonly lastConfig?: number;
  readonly consenterMetadata?: Uint8Array;
  readonly signers?: readonly Pick<Orderer, 'id' | 'node'>[];
}

export function hashOf(block: common.Block): Uint8Array {
  return headerHash(headerOf(block));
}

export function headerOf(block: common.Block) {
  const header = block.getHeader()!;
  return {
    number: header.getNumber(),
    previousHash: header.getPreviousHash_asU8(),
    dataHash: header.getDataHash_asU8(),
  };
}

export function signedMetadata(lastConfig: number, consenterMetadata: Uint8Array = Buffer.from('a view')): Uint8Array {
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(lastConfigOf(lastConfig));
  value.setConsenterMetadata(consenterMetadata);
  return value.serializeBinary();
}

export function identifierHeader(id: number, nonce: Uint8Array = randomBytes(24)): Uint8Array {
  const header = new common.IdentifierHeader();
  header.setIdentifier(id);
  header.setNonce(nonce);
  return header.serializeBinary();
}

/** Puts signatures on a block: over what they are said to be over, whatever is stored beside them. */
export function sign(
  block: common.Block,
  value: Uint8Array,
  signers: readonly { readonly node: Person; readonly header: Uint8Array }[],
): void {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  for (const { node, header } of signers) {
    const signature = new common.MetadataSignature();
    signature.setIdentifierHeader(header);
    signature.setSignature(node.sign(Buffer.concat([value, header, headerBytes(headerOf(block))])));
    metadata.addSignatures(signature);
  }
  setMetadata(block, common.BlockMetadataIndex.SIGNATURES, metadata.serializeBinary());
}

export function signaturesOf(block: common.Block): common.Metadata {
  const [signatures] = block.getMetadata()!.getMetadataList_asU8();
  return common.Metadata.deserializeBinary(signatures!);
}

export function setMetadata(block: common.Block, index: number, bytes: Uint8Array): void {
  const parts = block.getMetadata()!.getMetadataList_asU8();
  parts[index] = bytes;
  block.getMetadata()!.setMetadataList(parts);
}

export function metadataOf(value: Uint8Array): Uint8Array {
  const metadata = new common.Metadata();
  metadata.setValue(value);
  return metadata.serializeBinary();
}

export function lastConfigOf(index: number): common.LastConfig {
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(index);
  return lastConfig;
}

export function consentersOf(channel: common.ConfigGroup): common.Orderers {
  return common.Orderers.deserializeBinary(ordererValue(channel, 'Orderers').getValue_asU8());
}

export function ordererValue(channel: common.ConfigGroup, name: string): common.ConfigValue {
  return channel.getGroupsMap().get('Orderer')!.getValuesMap().get(name)!;
}

/** Lists other consenters, and asks of blocks what follows from the list. */
export function setConsenters(channel: common.ConfigGroup, consenters: common.Orderers, quorum: number): void {
  ordererValue(channel, 'Orderers').setValue(consenters.serializeBinary());
  const envelope = new common.SignaturePolicyEnvelope();
  const group = new common.SignaturePolicy.NOutOf();
  group.setN(quorum);
  consenters.getConsenterMappingList().forEach((consenter, index) => {
    const identity = new msp.SerializedIdentity();
    identity.setMspid(consenter.getMspId());
    identity.setIdBytes(consenter.getIdentity_asU8());
    const principal = new msp.MSPPrincipal();
    principal.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
    principal.setPrincipal(identity.serializeBinary());
    envelope.addIdentities(principal);
    const rule = new common.SignaturePolicy();
    rule.setSignedBy(index);
    group.addRules(rule);
  });
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(group);
  envelope.setRule(rule);
  setBlockValidation(channel, common.Policy.PolicyType.SIGNATURE, envelope.serializeBinary());
}

export function setBlockValidation(channel: common.ConfigGroup, type: number, value: Uint8Array): void {
  const policy = new common.Policy();
  policy.setType(type);
  policy.setValue(value);
  channel.getGroupsMap().get('Orderer')!.getPoliciesMap().get('BlockValidation')!.setPolicy(policy);
}

function changedConfig(block: common.Block, change: (envelope: common.ConfigEnvelope) => void): Uint8Array {
  const envelope = common.Envelope.deserializeBinary(block.getData()!.getDataList_asU8()[0]!);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const configEnvelope = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
  change(configEnvelope);
  payload.setData(configEnvelope.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

function finished(block: common.Block, metadata: common.BlockMetadata): common.Block {
  block.setMetadata(metadata);
  return block;
}

/** SHA-256, told apart from the package's own. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
