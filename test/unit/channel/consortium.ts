import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defaultPolicyTemplateFile,
  readChannelMaterial,
  readPolicyTemplate,
  type ChannelMaterial,
  type PolicyTemplate,
} from '@tracecal/network/channel';
import { signLowS } from '@tracecal/pki';
import { loadSigningIdentity, memberTree, ordererTree, writeCryptoConfig } from '@tracecal/network/pki';
import { defaultConsortiumFile, readConsortium, type Channel, type Consortium } from '@tracecal/network/topology';
import { msp } from '@hyperledger/fabric-protos';

/** The project's own consortium with freshly made keys. */
export class ConsortiumFixture {
  static #shared: Promise<ConsortiumFixture> | undefined;

  readonly consortium: Consortium;
  readonly template: PolicyTemplate;
  readonly cryptoDir: string;
  readonly material: ChannelMaterial;

  private constructor(consortium: Consortium, cryptoDir: string) {
    this.consortium = consortium;
    this.cryptoDir = cryptoDir;
    this.template = readPolicyTemplate(defaultPolicyTemplateFile());
    this.material = readChannelMaterial(consortium, cryptoDir);
  }

  /** Made once for all tests of a run; nobody changes it. */
  static shared(): Promise<ConsortiumFixture> {
    return (ConsortiumFixture.#shared ??= ConsortiumFixture.#make());
  }

  static async #make(): Promise<ConsortiumFixture> {
    const consortium = readConsortium(defaultConsortiumFile());
    const cryptoDir = mkdtempSync(join(tmpdir(), 'tracecal-channel-'));
    process.once('exit', () => {
      rmSync(cryptoDir, { recursive: true, force: true });
    });
    await writeCryptoConfig(consortium, cryptoDir);
    return new ConsortiumFixture(consortium, cryptoDir);
  }

  channel(name: string): Channel {
    return this.consortium.channels.find((channel) => channel.name === name)!;
  }

  /** A signer: `admin('nmi-north')`, `peer('lab-alpha')`, `orderer('orderer1')`. */
  admin(organisation: string): Signer {
    return this.#member(organisation, (tree) => tree.user('Admin').msp);
  }

  peer(organisation: string): Signer {
    return this.#member(organisation, (tree) => tree.node('peer0').msp);
  }

  orderer(name: string): Signer {
    const node = this.consortium.orderers.find((candidate) => candidate.name === name)!;
    return signerIn(ordererTree(this.cryptoDir, node).node(name).msp, node.mspId);
  }

  /** The admin of an ordering node's organisation, by its domain. */
  ordererAdmin(domain: string): Signer {
    const node = this.consortium.orderers.find((candidate) => candidate.domain === domain)!;
    return signerIn(ordererTree(this.cryptoDir, node).user('Admin').msp, node.mspId);
  }

  #member(id: string, folder: (tree: ReturnType<typeof memberTree>) => string): Signer {
    const member = this.consortium.organisations.find((candidate) => candidate.id === id)!;
    return signerIn(folder(memberTree(this.cryptoDir, member)), member.mspId);
  }
}

export interface Signer {
  readonly serialized: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** Something that the signer signed. */
export function signedBy(
  signer: Signer,
  data: Uint8Array = Buffer.from('a proposal'),
): {
  data: Uint8Array;
  identity: Uint8Array;
  signature: Uint8Array;
} {
  return { data, identity: signer.serialized, signature: signer.sign(data) };
}

function signerIn(folder: string, mspId: string): Signer {
  const { certificate, privateKey } = loadSigningIdentity(folder, mspId);
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificate));
  return { serialized: identity.serializeBinary(), sign: (message) => signLowS(privateKey, message) };
}
