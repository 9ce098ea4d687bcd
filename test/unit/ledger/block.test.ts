import { common } from '@hyperledger/fabric-protos';
import {
  checkFollows,
  headerHash,
  trustConfigBlock,
  verifyBlock,
  type TrustedConfig,
  type VerifiedBlock,
} from '@tracecal/ledger/block';
import { Block, IdentifierHeader, sameBytes } from '@tracecal/ledger/wire';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { X509Certificate } from 'node:crypto';
import { property } from '../../support/property.js';
import {
  consentersOf,
  hashOf,
  headerOf,
  identifierHeader,
  lastConfigOf,
  metadataOf,
  OrderedChannel,
  ordererValue,
  setBlockValidation,
  setConsenters,
  setMetadata,
  sha256,
  sign,
  signaturesOf,
  signedMetadata,
  type BlockOptions,
} from './orderedChannel.js';
import { DAY_MS } from './testChannel.js';

const { SIGNATURES, LAST_CONFIG } = common.BlockMetadataIndex;
/** Half the order of P-256 and the order itself. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

describe('A block of a channel with four orderers', () => {
  let channel: OrderedChannel;
  let trusted: TrustedConfig;
  let envelopes: readonly Uint8Array[];

  before(async () => {
    channel = await OrderedChannel.make();
    trusted = channel.trusted();
    envelopes = [channel.envelope('one'), channel.envelope('two')];
  });

  const verify = (block: common.Block): VerifiedBlock => verifyBlock(block.serializeBinary(), trusted);
  const made = (options: BlockOptions = {}): common.Block => channel.block(envelopes, options);
  const refused = (block: common.Block, code: string): void => {
    assert.throws(() => verify(block), { name: 'BlockError', code });
  };

  it('is good with the signatures of three', () => {
    const { signers, header, envelopes: found } = verify(made());
    assert.deepEqual(
      signers.map(({ id, mspId }) => [id, mspId]),
      [1, 2, 3].map((id) => [id, `Orderer${id}MSP`]),
    );
    assert.equal(header.number, 1);
    assert.deepEqual(found.map(asBuffer), envelopes.map(asBuffer));
    assert.deepEqual([trusted.orderers.consenters, trusted.orderers.required, trusted.orderers.tolerated], [4, 3, 1]);
  });

  it('needs three of them', () => {
    refused(made({ signers: channel.orderers.slice(0, 2) }), 'NO_QUORUM');
    refused(made({ signers: [] }), 'NO_QUORUM');
    verify(made({ signers: channel.orderers }));
  });

  it('counts an orderer once, however often it signed', () => {
    const [first, second] = channel.orderers;
    refused(made({ signers: [first!, second!, second!] }), 'NO_QUORUM');
    refused(made({ signers: [first!, first!, first!, first!] }), 'NO_QUORUM');
  });

  it('counts a number only with the key that the configuration gives it', () => {
    const [first, second, third] = channel.orderers;
    refused(made({ signers: [first!, second!, { id: 4, node: third!.node }] }), 'NO_QUORUM');
  });

  it('passes over the signature of a number that is no orderer', () => {
    const [first, second, third] = channel.orderers;
    const stranger = { id: 9, node: first!.node };
    refused(made({ signers: [first!, second!, stranger] }), 'NO_QUORUM');
    assert.equal(verify(made({ signers: [stranger, first!, second!, third!] })).signers.length, 3);
  });

  it('does not count a signature with the greater of its two s values', () => {
    const block = made();
    const signatures = signaturesOf(block);
    const [first] = signatures.getSignaturesList();
    first!.setSignature(withHighS(first!.getSignature_asU8()));
    setMetadata(block, SIGNATURES, signatures.serializeBinary());
    refused(block, 'NO_QUORUM');
  });

  it('of no transactions is refused', () => {
    refused(channel.block([]), 'WRONG_DATA');
  });

  it('belongs to the channel that its envelopes name: orderers sign for several with one key', () => {
    refused(channel.block([channel.envelope('one', 'measurement-a')]), 'WRONG_DATA');
    refused(channel.block([channel.envelope('one'), channel.envelope('two', 'measurement-a')]), 'WRONG_DATA');
  });

  it('with anything of it missing is malformed', () => {
    const [header, data] = [made(), made()];
    header.clearHeader();
    data.clearData();
    refused(header, 'MALFORMED_BLOCK');
    refused(data, 'MALFORMED_BLOCK');
    assert.throws(() => verifyBlock(Buffer.from('no block'), trusted), { code: 'MALFORMED_BLOCK' });
    const short = made();
    short.getMetadata()!.setMetadataList(short.getMetadata()!.getMetadataList_asU8().slice(0, 4));
    refused(short, 'WRONG_METADATA');
  });

  it('is refused with any bit of what was signed changed', () => {
    const bytes = made().serializeBinary();
    const original = Block.decode(bytes);
    property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const damaged = Uint8Array.from(bytes);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      let found: VerifiedBlock;
      try {
        found = verifyBlock(damaged, trusted);
      } catch (error) {
        assert.equal((error as Error).name, 'BlockError');
        return;
      }
      // What is left is what nobody signs: the flags of transactions, the commit hash.
      assert.ok(sameBytes(found.hash, headerHash(original.header!)));
      assert.deepEqual(found.envelopes.map(asBuffer), envelopes.map(asBuffer));
      assert.deepEqual(Block.decode(damaged).metadata!.metadata.slice(0, 2), original.metadata!.metadata.slice(0, 2));
    });
  });

  describe('that was divided differently under the same data hash', () => {
    /** The header and signatures of a block with other pieces of the same bytes. */
    const recut = (pieces: readonly Uint8Array[]): common.Block => {
      const block = made();
      assert.deepEqual(Buffer.from(sha256(Buffer.concat(pieces))), Buffer.from(headerOf(block).dataHash));
      block.getData()!.setDataList([...pieces]);
      return block;
    };

    it('with two envelopes as one is refused', () => {
      refused(recut([Buffer.concat(envelopes)]), 'WRONG_DATA');
    });

    it('with one envelope as two is refused', () => {
      const [one, two] = envelopes;
      // A payload without its signature is an envelope that protobuf can read.
      const unsigned = common.Envelope.deserializeBinary(one!);
      unsigned.setSignature('');
      const end = unsigned.serializeBinary().length;
      refused(recut([one!.subarray(0, end), one!.subarray(end), two!]), 'WRONG_DATA');
    });

    it('with an empty envelope beside them is refused', () => {
      refused(recut([...envelopes, new Uint8Array()]), 'WRONG_DATA');
    });

    it('with a byte that moved from one envelope to the other is refused', () => {
      const [one, two] = envelopes;
      refused(recut([one!.subarray(0, -1), Buffer.concat([one!.subarray(-1), two!])]), 'WRONG_DATA');
    });
  });

  it('with an envelope that says something twice, or without a signature, is refused', () => {
    const [one] = envelopes;
    for (const addition of [Buffer.from([0x12, 0]), Buffer.from([0x1a, 1, 7, 0x12, 1, 7]), Buffer.from([0x0a, 0])]) {
      refused(channel.block([Buffer.concat([one!, addition])]), 'WRONG_DATA');
    }
    const envelope = common.Envelope.deserializeBinary(one!);
    envelope.setSignature('');
    refused(channel.block([envelope.serializeBinary()]), 'WRONG_DATA');
  });

  describe('with signed metadata that was divided differently', () => {
    /** The same signed bytes, with another boundary between the metadata and each orderer's own header. */
    const divided = (block: common.Block, boundary: number): common.Block => {
      const signatures = signaturesOf(block);
      const value = signatures.getValue_asU8();
      signatures.setValue(value.slice(0, boundary));
      for (const signature of signatures.getSignaturesList()) {
        signature.setIdentifierHeader(Buffer.concat([value.slice(boundary), signature.getIdentifierHeader_asU8()]));
      }
      setMetadata(block, SIGNATURES, signatures.serializeBinary());
      return block;
    };

    it('is refused wherever the boundary is', () => {
      const { length } = signaturesOf(made()).getValue_asU8();
      for (let boundary = 0; boundary < length; boundary++) refused(divided(made(), boundary), 'WRONG_METADATA');
      verify(divided(made(), length));
    });

    it('is refused where all of it moved, though protobuf still finds the orderers and the signatures fit', () => {
      const block = divided(made(), 0);
      const [signature] = signaturesOf(block).getSignaturesList();
      const read = IdentifierHeader.decode(signature!.getIdentifierHeader_asU8());
      assert.deepEqual([read.identifier, read.nonce.length], [1, 24]);
      refused(block, 'WRONG_METADATA');
    });
  });

  describe("with an orderer's header in another form", () => {
    const [first, second, third] = [0, 1, 2].map((index) => () => channel.orderers[index]!);
    const signedWith = (header: Uint8Array): common.Block => {
      const block = made();
      const good = [second!(), third!()].map(({ id, node }) => ({ node, header: identifierHeader(id) }));
      sign(block, signedMetadata(0), [{ node: first!().node, header }, ...good]);
      return block;
    };

    it('is refused: a nonce of another length', () => {
      for (const length of [0, 23, 25])
        refused(signedWith(identifierHeader(1, Buffer.alloc(length, 1))), 'WRONG_METADATA');
    });

    it('is refused: an unknown field, another order, a number written long', () => {
      const nonce = Buffer.concat([Buffer.from([0x12, 24]), Buffer.alloc(24, 1)]);
      for (const header of [
        Buffer.concat([identifierHeader(1), Buffer.from([0x18, 1])]),
        Buffer.concat([nonce, Buffer.from([0x08, 1])]),
        Buffer.concat([Buffer.from([0x08, 0x81, 0x00]), nonce]),
        Buffer.from('no header'),
        Buffer.alloc(0),
      ]) {
        refused(signedWith(header), 'WRONG_METADATA');
      }
    });

    it('is refused: the form of Raft, which names the signer itself', () => {
      const block = made();
      const signatures = signaturesOf(block);
      const { node } = first!();
      const signatureHeader = new common.SignatureHeader();
      signatureHeader.setCreator(node.serialized);
      signatureHeader.setNonce(Buffer.alloc(24, 1));
      const signature = new common.MetadataSignature();
      signature.setSignatureHeader(signatureHeader.serializeBinary());
      signature.setSignature(node.sign(signatureHeader.serializeBinary()));
      signatures.setSignaturesList([signature, ...signatures.getSignaturesList().slice(1)]);
      setMetadata(block, SIGNATURES, signatures.serializeBinary());
      refused(block, 'WRONG_METADATA');
    });
  });

  describe('that says it was made under another configuration', () => {
    it('is refused', () => {
      refused(made({ number: 7, lastConfig: 5 }), 'WRONG_CONFIG');
      refused(made({ number: 7, lastConfig: 7 }), 'WRONG_CONFIG');
    });

    it('is refused where the signed number and the other differ, or one is missing', () => {
      const block = made({ number: 7 });
      for (const value of [metadataOf(lastConfigOf(5).serializeBinary()), Buffer.from('x')]) {
        const other = block.clone();
        setMetadata(other, LAST_CONFIG, value);
        refused(other, 'WRONG_METADATA');
      }
      const without = new common.OrdererBlockMetadata();
      without.setConsenterMetadata(Buffer.from('a view'));
      const signers = channel.orderers.map(({ id, node }) => ({ node, header: identifierHeader(id) }));
      sign(block, without.serializeBinary(), signers);
      refused(block, 'WRONG_METADATA');
      sign(block, new Uint8Array(), signers);
      refused(block, 'WRONG_METADATA');
    });
  });

  it('continues the block before it, and no other', () => {
    const genesis = channel.genesis();
    const block = headerOf(made({ previous: hashOf(genesis) }));
    checkFollows(block, headerOf(genesis));
    const broken = { code: 'BROKEN_CHAIN' };
    assert.throws(() => {
      checkFollows({ ...block, number: 2 }, headerOf(genesis));
    }, broken);
    assert.throws(() => {
      checkFollows({ ...block, previousHash: sha256(new Uint8Array()) }, headerOf(genesis));
    }, broken);
  });

  describe('where an orderer', () => {
    it('has a certificate that was revoked, does not count it', async () => {
      const own = await OrderedChannel.make();
      const [first] = own.orderers;
      const { serialNumber } = new X509Certificate(first!.node.certificate);
      const list = await first!.organisation.ca.revocationList({
        revoked: [{ serialNumber, revokedAt: new Date(), reason: 'keyCompromise' }],
        thisUpdate: new Date(),
        nextUpdate: new Date(Date.now() + DAY_MS),
        number: 1,
      });
      first!.organisation.extra = { revocationList: [list] };
      const bytes = own.block([own.envelope('one')]).serializeBinary();
      assert.throws(() => verifyBlock(bytes, own.trusted()), { code: 'NO_QUORUM' });
    });

    it('has a certificate that has ended, still counts it, and says when it ended', async () => {
      const own = await OrderedChannel.make();
      const [first] = own.orderers;
      const validity = { notBefore: new Date(Date.now() - 10 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
      Object.assign(first!, { node: await first!.organisation.person('orderer', validity) });
      const bytes = own.block([own.envelope('one')]).serializeBinary();
      const [signer] = verifyBlock(bytes, own.trusted()).signers;
      assert.equal(signer!.notAfter, Math.floor(validity.notAfter.getTime() / 1000) * 1000);
    });

    it('has a certificate of a CA that its MSP does not know, does not count it', async () => {
      const [own, other] = [await OrderedChannel.make(), await OrderedChannel.make(1)];
      Object.assign(own.orderers[0]!, { node: other.orderers[0]!.node });
      const bytes = own.block([own.envelope('one')]).serializeBinary();
      assert.throws(() => verifyBlock(bytes, own.trusted()), { code: 'NO_QUORUM' });
    });
  });
});

describe('A configuration', () => {
  let channel: OrderedChannel;
  before(async () => {
    channel = await OrderedChannel.make();
  });

  const refused = (change: (group: common.ConfigGroup) => void): void => {
    const genesis = channel.genesis(change);
    assert.throws(() => channel.trusted(genesis), { name: 'BlockError', code: 'WRONG_CONFIG' });
  };

  it('is trusted by the hash of its block, and that alone', () => {
    const genesis = channel.genesis();
    assert.equal(channel.trusted(genesis).number, 0);
    assert.throws(() => trustConfigBlock(genesis.serializeBinary(), sha256(Buffer.from('another'))), {
      code: 'WRONG_DATA',
    });
    const other = channel.genesis((group) => {
      group.setModPolicy('another');
    });
    other.setHeader(genesis.getHeader());
    assert.throws(() => trustConfigBlock(other.serializeBinary(), hashOf(genesis)), { code: 'WRONG_DATA' });
    const block = channel.block([channel.envelope('one')]);
    assert.throws(() => trustConfigBlock(block.serializeBinary(), hashOf(block)), { code: 'MALFORMED_BLOCK' });
  });

  it('that asks any one orderer for a signature, as in the days of Raft, is refused', () => {
    const any = new common.ImplicitMetaPolicy();
    any.setSubPolicy('Writers');
    any.setRule(common.ImplicitMetaPolicy.Rule.ANY);
    refused((group) => {
      setBlockValidation(group, common.Policy.PolicyType.IMPLICIT_META, any.serializeBinary());
    });
  });

  it('that asks for fewer signatures, or more, or those of others, is refused', () => {
    for (const quorum of [0, 1, 2, 4]) {
      refused((group) => {
        setConsenters(group, consentersOf(group), quorum);
      });
    }
    refused((group) => {
      const listed = ordererValue(group, 'Orderers').getValue_asU8();
      const others = consentersOf(group);
      others.setConsenterMappingList(others.getConsenterMappingList().slice(0, 3));
      setConsenters(group, others, 3);
      ordererValue(group, 'Orderers').setValue(listed);
    });
  });

  it('with two consenters of one number or one identity is refused', () => {
    for (const change of [
      (consenters: readonly common.Consenter[]) => consenters[1]!.setId(1),
      (consenters: readonly common.Consenter[]) => {
        consenters[1]!.setMspId(consenters[0]!.getMspId());
        consenters[1]!.setIdentity(consenters[0]!.getIdentity());
      },
    ]) {
      refused((group) => {
        const consenters = consentersOf(group);
        change(consenters.getConsenterMappingList());
        setConsenters(group, consenters, 3);
      });
    }
  });

  it('without consenters, or of a channel without Byzantine consensus, is refused', () => {
    refused((group) => {
      setConsenters(group, new common.Orderers(), 1);
    });
    refused((group) => {
      const capabilities = new common.Capabilities();
      capabilities.getCapabilitiesMap().set('V2_0', new common.Capability());
      group.getValuesMap().get('Capabilities')!.setValue(capabilities.serializeBinary());
    });
    refused((group) => {
      ordererValue(group, 'ConsensusType').setValue(Buffer.from([0x0a, 4, ...Buffer.from('raft')]));
    });
  });
});

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}

function withHighS(signature: Uint8Array): Uint8Array {
  const bytes = Buffer.from(signature);
  const rLength = bytes[3]!;
  const r = bytes.subarray(2, 4 + rLength);
  const s = BigInt(`0x${bytes.subarray(6 + rLength).toString('hex')}`);
  const high = Buffer.from(`00${(ORDER - s).toString(16).padStart(64, '0')}`, 'hex');
  const content = Buffer.concat([r, Buffer.from([2, high.length]), high]);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
}
