import { Signer } from '@tracecal/network/admin';
import { loadSigningIdentity, memberTree, ordererTree } from '@tracecal/network/pki';
import type { ApplicationNetwork } from './application.js';
import type { Signatories } from './transactionBuilder.js';

/** `lab-alpha/peer`: an organisation, and which of its keys. Its ordering node is `orderer`, whose administrator is `orderer-admin`. */
export type StolenKey = `${string}/${'peer' | 'admin' | 'client' | 'orderer' | 'orderer-admin'}`;

/** All keys of a network in one hand: what its members sign where they collude, with no peer that would look at it. */
export class StolenKeys implements Signatories {
  readonly #network: ApplicationNetwork;
  readonly #signers = new Map<string, Signer>();

  constructor(network: ApplicationNetwork) {
    this.#network = network;
  }

  identity(key: string): Uint8Array {
    return this.signer(key as StolenKey).serialized;
  }

  sign(key: string, data: Uint8Array): Uint8Array {
    return this.signer(key as StolenKey).sign(data);
  }

  signer(key: StolenKey): Signer {
    const known = this.#signers.get(key) ?? this.#read(key);
    this.#signers.set(key, known);
    return known;
  }

  #read(key: StolenKey): Signer {
    const { consortium, cryptoDir } = this.#network;
    const [id, which] = key.split('/');
    if (which === 'orderer-admin' || which === 'orderer') {
      const node = consortium.orderers.find(({ runBy }) => runBy === id)!;
      const tree = ordererTree(cryptoDir, node);
      const holder = which === 'orderer' ? tree.node(node.name) : tree.user('Admin');
      return new Signer(loadSigningIdentity(holder.msp, node.mspId));
    }
    const organisation = consortium.organisations.find((candidate) => candidate.id === id)!;
    const tree = memberTree(cryptoDir, organisation);
    const holder = which === 'peer' ? tree.node('peer0') : tree.user(which === 'admin' ? 'Admin' : 'User1');
    return new Signer(loadSigningIdentity(holder.msp, organisation.mspId));
  }
}
