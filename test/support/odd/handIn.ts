import type { Client } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import { randomBytes } from 'node:crypto';
import { blocksOf, numberOf, transactionsOf } from '../blocks.js';
import type { Application, ApplicationNetwork } from '../application.js';
import { KV, SHARED } from '../scenarioConsortium.js';
import { StolenKeys } from '../stolenKeys.js';
import { buildTransaction, newTransactionId } from '../transactionBuilder.js';
import type { Version } from '@tracecal/ledger/validation';
import type { OddStep, OddTransaction } from './cases.js';
import { resultsOf } from './sets.js';

/** A transaction with the place that orderers gave it, and what the peer of alpha says of it. */
export interface Committed extends Version {
  readonly said: OddTransaction;
  readonly code: number;
}

/**
 * Hands in step after step as alpha, and waits for each; answers with all transactions in the order of the steps. It waits for another
 * member's peer: alpha's looks for the private values behind the hashes, of which there are none.
 */
export async function handInAll(
  network: ApplicationNetwork,
  { alpha, beta }: { readonly alpha: Application; readonly beta: Application },
  steps: readonly OddStep[],
): Promise<readonly Committed[]> {
  const keys = new StolenKeys(network);
  const all: Committed[] = [];
  const versionOf = (name: string): Version => all.find(({ said }) => said.name === name)!;
  for (const step of steps) {
    const made = step(versionOf).map((said) => ({ said, ...envelopeOf(said, keys) }));
    for (const { txId, envelope } of made) await handIn(alpha.client, txId, envelope);
    const found = await committed(
      beta,
      made.map(({ txId }) => txId),
      all.at(-1)?.block ?? 0,
    );
    for (const { said, txId } of made) all.push({ said, ...found.get(txId)! });
  }
  return all;
}

function envelopeOf(said: OddTransaction, keys: StolenKeys) {
  const creator = 'alpha/client';
  const { nonce } = newTransactionId(creator, randomBytes(24), keys);
  return buildTransaction(
    {
      channelId: SHARED,
      chaincode: KV,
      version: said.version ?? '1.0',
      results: resultsOf(said.sets),
      endorsers: (said.endorsers ?? ['alpha']).map((id) => `${id}/peer`),
      creator,
      nonce,
      timestamp: Math.floor(Date.now() / 1000),
    },
    {},
    keys,
  );
}

function handIn(client: Client, txId: string, envelope: Uint8Array): Promise<void> {
  const request = new gateway.SubmitRequest();
  request.setTransactionId(txId);
  request.setChannelId(SHARED);
  request.setPreparedTransaction(common.Envelope.deserializeBinary(envelope));
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/gateway.Gateway/Submit',
      (value: Buffer) => value,
      (value: Buffer) => value,
      Buffer.from(request.serializeBinary()),
      (error) => {
        if (error === null) resolve();
        else reject(error);
      },
    );
  });
}

type Place = Version & { readonly code: number };

async function committed(
  application: Application,
  txIds: readonly string[],
  from: number,
): Promise<ReadonlyMap<string, Place>> {
  const missing = new Set(txIds);
  const found = new Map<string, Place>();
  const stream = await application.network(SHARED).getBlockEvents({ startBlock: BigInt(from) });
  for await (const block of stream) {
    for (const [transaction, { txId, code }] of transactionsOf(block).entries()) {
      if (missing.delete(txId)) found.set(txId, { block: numberOf(block), transaction, code });
    }
    if (missing.size === 0) break;
  }
  stream.close();
  return found;
}

/** Blocks of the shared channel, as alpha's peer has them. */
export async function serializedBlocks(alpha: Application, last: number): Promise<readonly Uint8Array[]> {
  return (await blocksOf(alpha.network(SHARED), 0, last)).map((block) => block.serializeBinary());
}
