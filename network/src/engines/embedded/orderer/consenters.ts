import { bftQuorum } from '@tracecal/ledger/policy';
import { readConsenters, signedBytes } from '@tracecal/ledger/block';
import { IdentifierHeader, NO_BYTES, sameBytes, type Consenter } from '@tracecal/ledger/wire';
import { randomBytes, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { signLowS } from '@tracecal/pki';
import { loadSigningIdentity, ordererTree } from '../../../pki/index.js';
import type { OrdererNode } from '../../../topology/consortium.js';
import { DeploymentError } from '../../../channel/definitions.js';
import type { SignBlock } from '../ledger/index.js';

const NONCE_BYTES = 24;

interface BlockKey {
  readonly id: number;
  readonly privateKey: KeyObject;
}

/**
 * Signs blocks with the keys of the consortium's orderers, in the form and number of SmartBFT's signatures. One process holds all these
 * keys, so the signatures prove nothing. They allow checking blocks like those of a real network.
 */
export class Consenters {
  readonly #orderers: readonly OrdererNode[];
  readonly #cryptoDir: string;
  /** By configuration: it names its consenters by certificate, and a new certificate has a new key. */
  readonly #keys = new WeakMap<Uint8Array, readonly BlockKey[]>();

  constructor(orderers: readonly OrdererNode[], cryptoDir: string) {
    this.#orderers = orderers;
    this.#cryptoDir = cryptoDir;
  }

  /** A signer for the consenters that a serialised `common.Config` lists. */
  under(config: Uint8Array): SignBlock {
    const keys = this.#keys.get(config) ?? this.#keysOf(readConsenters(config));
    this.#keys.set(config, keys);
    return (header, signedMetadata) =>
      quorumOf(keys, header.number).map(({ id, privateKey }) => {
        const identifierHeader = IdentifierHeader.encode({ identifier: id, nonce: randomBytes(NONCE_BYTES) });
        const signature = signLowS(privateKey, signedBytes(signedMetadata, identifierHeader, header));
        return { signatureHeader: NO_BYTES, signature, identifierHeader };
      });
  }

  #keysOf(consenters: readonly Consenter[]): readonly BlockKey[] {
    return consenters.map((consenter) => ({ id: consenter.id, privateKey: this.#keyOf(consenter) }));
  }

  #keyOf({ mspId, identity }: Consenter): KeyObject {
    const node = this.#orderers.find((orderer) => orderer.mspId === mspId);
    const tree = node && ordererTree(this.#cryptoDir, node);
    // While a node gets new certificates, some channels know the new one and others the old one.
    const folders = node && tree ? [tree.node(node.name), tree.renewedNode(node.name)] : [];
    for (const { msp } of folders.filter(({ root }) => existsSync(root))) {
      const { certificate, privateKey } = loadSigningIdentity(msp, mspId);
      if (sameBytes(Buffer.from(certificate), identity)) return privateKey;
    }
    throw new DeploymentError(
      `The key with which the orderer ${mspId} signs blocks is not in ${this.#cryptoDir}: put back the folder of its organisation.`,
    );
  }
}

/** As many signers as a block needs. The selection varies, as in a real network, where the first to agree sign. */
function quorumOf(keys: readonly BlockKey[], blockNumber: number): readonly BlockKey[] {
  const start = blockNumber % keys.length;
  return [...keys.slice(start), ...keys.slice(0, start)].slice(0, bftQuorum(keys.length));
}
