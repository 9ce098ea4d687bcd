import assert from 'node:assert/strict';
import { randomBytes, sign, X509Certificate } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import {
  applyConfigUpdate,
  computeConfigUpdate,
  configUpdateEnvelope,
  readConfigBlock,
  signConfigUpdate,
} from '@tracecal/network/channel';
import { accessFromBlock } from '@tracecal/ledger/block';
import { AccessError, type SignedData } from '@tracecal/ledger/identity';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { freePorts } from '@tracecal/network/fabric';
import { generateKeyPair, signerOf, validFor } from '@tracecal/pki';
import { needsFabric } from '../../support/fabricBinaries.js';
import { DAY_MS, Person, serialize, TestChannel, TestOrganisation } from '../../unit/ledger/testChannel.js';
import { RealOrderer } from './realOrderer.js';

const WRITERS = '/Channel/Writers';
const SUCCESS = 200;

describe('Transactions that a real orderer accepts', function () {
  this.timeout(60_000);

  let channel: TestChannel;
  let lab: TestOrganisation, reader: TestOrganisation;
  let orderer: RealOrderer | undefined;
  let genesis: common.Block, withoutReader: common.Block;
  let access: ChannelAccess;
  let revoked: Person, intermediateStaff: Person, layeredAdmin: Person;

  before(async function () {
    needsFabric(this, 'orderer');
    channel = await TestChannel.make();
    const [ordererPort = 0, adminPort = 0] = await freePorts(2);
    channel.ordererPort = ordererPort;
    lab = await TestOrganisation.make('LabMSP');
    reader = await TestOrganisation.make('ReaderMSP');
    revoked = await reader.person('admin');
    const { publicKey, privateKey } = generateKeyPair();
    const request = { commonName: 'ica', organisation: 'LabMSP', country: 'ZZ', publicKey, validity: validFor(30) };
    const layered = await TestOrganisation.make('LayeredMSP');
    const intermediate = await layered.ca.createIntermediate(request, signerOf(privateKey));
    intermediateStaff = await layered.person('client', validFor(1), intermediate);
    layered.extra = { intermediateCerts: [intermediate.certificate] };
    reader.extra = {
      revocationList: [
        await reader.ca.revocationList({
          revoked: [{ serialNumber: new X509Certificate(revoked.certificate).serialNumber, revokedAt: new Date() }],
          thisUpdate: new Date(),
          nextUpdate: new Date(Date.now() + DAY_MS),
          number: 1,
        }),
      ],
    };
    genesis = channel.block([lab, layered], [reader]);
    withoutReader = channel.block([lab, layered]);
    layeredAdmin = await layered.person('admin', validFor(1), intermediate);
    access = accessFromBlock(genesis.serializeBinary());
    orderer = await RealOrderer.start(channel, genesis, adminPort);
  });

  after(() => orderer?.stop());

  /** Whether the embedded network's rules would take it: admitted now, and among the channel's writers. */
  const isAdmitted = (signed: SignedData): boolean => {
    try {
      access.authenticate(signed);
      return access.satisfies(WRITERS, [signed]).satisfied;
    } catch (error) {
      assert.ok(error instanceof AccessError, String(error));
      return false;
    }
  };

  const agree = async (identity: Uint8Array, signPayload: (payload: Uint8Array) => Uint8Array): Promise<boolean> => {
    const payload = transactionPayload(identity);
    const signature = signPayload(payload);
    const envelope = new common.Envelope();
    envelope.setPayload(payload);
    envelope.setSignature(signature);
    const admitted = isAdmitted({ data: payload, identity, signature });
    const answer = await orderer!.broadcast(envelope);
    assert.equal(admitted, answer.status === SUCCESS, `embedded ${admitted}, orderer ${answer.status} ${answer.info}`);
    return admitted;
  };

  const admits = async (person: Person): Promise<boolean> =>
    agree(person.serialized, (payload) => person.sign(payload));

  it('are those signed by identities of a writer', async () => {
    for (const role of ['client', 'admin', 'peer', 'orderer'] as const)
      assert.ok(await admits(await lab.person(role)), role);
    assert.ok(await admits(intermediateStaff));
    assert.ok(await admits(channel.ordererNode));
  });

  it('are not those of a reader, whose admins write only while a chaincode is approved, nor those of revoked identities', async () => {
    for (const role of ['admin', 'client', 'peer', 'orderer'] as const)
      assert.ok(!(await admits(await reader.person(role))), role);
    assert.ok(!(await admits(revoked)));
  });

  it('are not those of strangers, impostors and CAs', async () => {
    const [stranger, impostor] = [await TestOrganisation.make('StrangerMSP'), await TestOrganisation.make('LabMSP')];
    assert.ok(!(await admits(await stranger.person('client'))));
    assert.ok(!(await admits(await impostor.person('client'))));
    const wrongName = await reader.person('client');
    assert.ok(!(await admits(new Person('LabMSP', wrongName.certificate, wrongName.privateKey))));
    assert.ok(!(await agree(serialize('LabMSP', lab.ca.certificate), () => Buffer.from('3006020101020101', 'hex'))));
    assert.ok(!(await agree(serialize('LabMSP', 'garbage'), () => Buffer.from('x'))));
    assert.ok(!(await agree(Buffer.from('garbage'), () => Buffer.from('x'))));
  });

  it('are not those of expired certificates, or of certificates older than their CA', async () => {
    const ended = { notBefore: new Date(Date.now() - 10 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    assert.ok(!(await admits(await lab.person('client', ended))));
    const older = { notBefore: new Date(Date.now() - 2000 * DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
    assert.ok(!(await admits(await lab.person('client', older))));
  });

  it('are not those with a signature that does not match or has a high s', async () => {
    const person = await lab.person('client');
    assert.ok(!(await agree(person.serialized, () => person.sign(Buffer.from('something else')))));
    assert.ok(!(await agree(person.serialized, () => Buffer.alloc(0))));
    const highS = (payload: Uint8Array): Uint8Array => {
      for (;;) {
        const signature = sign('sha256', payload, person.privateKey);
        if (!signature.equals(low(signature))) return signature;
      }
    };
    const low = (signature: Buffer): Buffer => {
      // An s of 33 bytes has its first bit set, so it is above half of the order.
      const sLength = signature[5 + (signature[3] ?? 0)] ?? 0;
      return sLength === 33 ? Buffer.alloc(0) : signature;
    };
    assert.ok(!(await agree(person.serialized, highS)));
  });

  it('is also what those sign whose time has not come: Fabric asks only whether it is over', async () => {
    const future = { notBefore: new Date(Date.now() + DAY_MS), notAfter: new Date(Date.now() + 10 * DAY_MS) };
    assert.ok(await admits(await lab.person('client', future)));
  });

  it('are configuration updates that the same admins must have signed as in the embedded network', async () => {
    const config = readConfigBlock(genesis.serializeBinary()).config;
    const update = computeConfigUpdate(
      'test-channel',
      config,
      readConfigBlock(withoutReader.serializeBinary()).config,
    ).serializeBinary();
    const [labAdmin, readerAdmin, labClient, ordererAdmin] = await Promise.all([
      lab.person('admin'),
      reader.person('admin'),
      lab.person('client'),
      channel.ordering.person('admin'),
    ]);
    for (const [signers, accepted] of [
      [[labAdmin, readerAdmin, ordererAdmin], false],
      [[labAdmin, layeredAdmin], false],
      [[labClient, layeredAdmin, ordererAdmin], false],
      [[labAdmin, labAdmin, ordererAdmin], false],
      [[labAdmin, layeredAdmin, ordererAdmin], true],
    ] as const) {
      const signatures = await Promise.all(signers.map((signer) => signConfigUpdate(update, signer)));
      const envelope = await configUpdateEnvelope('test-channel', update, signatures, labAdmin);
      const answer = await orderer!.broadcast(envelope);
      assert.equal(answer.status === SUCCESS, accepted, answer.info);
      const apply = (): unknown => applyConfigUpdate(access, envelope);
      if (accepted) apply();
      else assert.throws(apply, { code: 'UPDATE_REFUSED' });
    }
    // The orderer has taken over the new configuration: the reader is nobody there now.
    access = accessFromBlock(withoutReader.serializeBinary());
    for (let attempt = 0; attempt < 40 && (await status(orderer!, readerAdmin)) === SUCCESS; attempt++)
      await pause(100);
    assert.ok(!(await admits(readerAdmin)));
    assert.ok(await admits(labAdmin));
  });
});

async function status(orderer: RealOrderer, person: Person): Promise<number> {
  const payload = transactionPayload(person.serialized);
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(person.sign(payload));
  return (await orderer.broadcast(envelope)).status;
}

function transactionPayload(creator: Uint8Array): Uint8Array {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId('test-channel');
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator);
  signatureHeader.setNonce(randomBytes(24));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(randomBytes(32));
  return payload.serializeBinary();
}
