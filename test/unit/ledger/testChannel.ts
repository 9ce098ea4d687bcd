import { msp, type common } from '@hyperledger/fabric-protos';
import type { KeyObject } from 'node:crypto';
import {
  defaultPolicyTemplateFile,
  genesisBlock,
  readPolicyTemplate,
  type ChannelMaterial,
  type PolicyTemplate,
} from '@tracecal/network/channel';
import { Authority, generateKeyPair, signerOf, signLowS, validFor, type MspRole } from '@tracecal/pki';
import { type MspMaterial } from '@tracecal/network/pki';
import type { SignedData } from '@tracecal/ledger/identity';
import type { Channel, Consortium } from '@tracecal/network/topology';

export const DAY_MS = 24 * 60 * 60 * 1000;

type Validity = ReturnType<typeof validFor>;

/** Somebody with a certificate and a key. */
export class Person {
  readonly certificate: string;
  readonly privateKey: KeyObject;
  readonly serialized: Uint8Array;

  constructor(mspId: string, certificate: string, privateKey: KeyObject) {
    this.certificate = certificate;
    this.privateKey = privateKey;
    this.serialized = serialize(mspId, certificate);
  }

  sign(message: Uint8Array): Uint8Array {
    return signLowS(this.privateKey, message);
  }

  signs(text = 'a proposal'): SignedData {
    const data = Buffer.from(text);
    return { data, identity: this.serialized, signature: this.sign(data) };
  }
}

export function serialize(mspId: string, certificate: string | Uint8Array): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  return identity.serializeBinary();
}

/** An organisation with its own CA, made for a test. */
export class TestOrganisation {
  readonly mspId: string;
  readonly ca: Authority;
  /** What its MSP says beside its root: a test changes it before the channel is made. */
  extra: Partial<MspMaterial> = {};

  /** The key of its CA, for certificates that no library would write. */
  readonly caKey: KeyObject;

  private constructor(mspId: string, ca: Authority, caKey: KeyObject) {
    this.mspId = mspId;
    this.ca = ca;
    this.caKey = caKey;
  }

  static async make(mspId: string): Promise<TestOrganisation> {
    const { publicKey, privateKey } = generateKeyPair();
    const validity = {
      notBefore: new Date(Date.now() - 1000 * DAY_MS),
      notAfter: new Date(Date.now() + 1000 * DAY_MS),
    };
    const request = { commonName: `ca.${mspId}`, organisation: mspId, country: 'ZZ', publicKey, validity };
    return new TestOrganisation(mspId, await Authority.createRoot(request, signerOf(privateKey)), privateKey);
  }

  async person(role: MspRole, validity: Validity = validFor(1), issuer: Authority = this.ca): Promise<Person> {
    const { publicKey, privateKey } = generateKeyPair();
    const request = {
      commonName: `${role}.${this.mspId}`,
      organisation: this.mspId,
      country: 'ZZ',
      role,
      publicKey,
      validity,
    };
    return new Person(this.mspId, await issuer.issueIdentity(request), privateKey);
  }

  async tls(): Promise<Person> {
    const { publicKey, privateKey } = generateKeyPair();
    const request = {
      commonName: 'localhost',
      organisation: this.mspId,
      country: 'ZZ',
      publicKey,
      validity: validFor(1),
    };
    return new Person(
      this.mspId,
      await this.ca.issueTls({ ...request, hosts: ['localhost', '127.0.0.1'] }),
      privateKey,
    );
  }

  material(): MspMaterial {
    const { certificate } = this.ca;
    return {
      mspId: this.mspId,
      rootCerts: [certificate],
      intermediateCerts: [],
      tlsRootCerts: [certificate],
      tlsIntermediateCerts: [],
      admins: [],
      revocationList: [],
      nodeOus: {
        enabled: true,
        units: {
          client: { unit: 'client' },
          peer: { unit: 'peer' },
          admin: { unit: 'admin' },
          orderer: { unit: 'orderer' },
        },
      },
      ...this.extra,
    };
  }
}

/** A channel whose writers and readers are the given organisations, ordered by an organisation of its own. */
export class TestChannel {
  readonly ordering: TestOrganisation;
  readonly ordererNode: Person;
  readonly template: PolicyTemplate = readPolicyTemplate(defaultPolicyTemplateFile());

  readonly ordererTls: Person;
  /** Where the ordering node listens on this machine, for the tests that start one. */
  ordererPort = 7050;

  private constructor(ordering: TestOrganisation, ordererNode: Person, ordererTls: Person) {
    this.ordering = ordering;
    this.ordererNode = ordererNode;
    this.ordererTls = ordererTls;
  }

  static async make(): Promise<TestChannel> {
    const ordering = await TestOrganisation.make('OrdererMSP');
    return new TestChannel(ordering, await ordering.person('orderer'), await ordering.tls());
  }

  block(
    writers: readonly TestOrganisation[],
    readers: readonly TestOrganisation[] = [],
    template = this.template,
  ): common.Block {
    const channel: Channel = {
      name: 'test-channel',
      level: 'measurement',
      writers: writers.map(({ mspId }) => mspId),
      readers: readers.map(({ mspId }) => mspId),
      batch: { maxMessages: 10, timeoutMs: 250 },
    };
    const members = [...writers, ...readers];
    const consortium: Consortium = {
      name: 'test',
      organisations: members.map(({ mspId }, index) => ({
        id: mspId,
        mspId,
        name: mspId,
        kind: 'OEM',
        domain: `${mspId.toLowerCase()}.example`,
        country: 'ZZ',
        peers: [{ name: 'peer0', port: 7051 + index }],
        users: [],
      })),
      orderers: [
        {
          name: 'orderer1',
          runBy: '',
          mspId: 'OrdererMSP',
          domain: 'orderer.example',
          port: this.ordererPort,
          adminPort: 7053,
          consenterId: 1,
        },
      ],
      channels: [channel],
      chaincodes: [],
    };
    const tls = this.ordererTls.certificate;
    const consenter = { identity: this.ordererNode.certificate, clientTls: tls, serverTls: tls };
    const material: ChannelMaterial = {
      msps: new Map([...members, this.ordering].map((organisation) => [organisation.mspId, organisation.material()])),
      consenters: new Map([['OrdererMSP', consenter]]),
    };
    return genesisBlock(consortium, channel, template, material, { hostOf: () => 'localhost' });
  }
}
