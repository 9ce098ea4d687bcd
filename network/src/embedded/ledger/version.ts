import { ledger } from '@hyperledger/fabric-protos';

/** The transaction that last wrote a key: what read conflicts are found by. */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

export function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.block === right?.block && left?.transaction === right?.transaction;
}

export function toProto(version: Version | undefined): ledger.rwset.kvrwset.Version | undefined {
  if (version === undefined) {
    return undefined;
  }
  const message = new ledger.rwset.kvrwset.Version();
  message.setBlockNum(version.block);
  message.setTxNum(version.transaction);
  return message;
}

export function fromProto(message: ledger.rwset.kvrwset.Version | undefined): Version | undefined {
  return message && { block: message.getBlockNum(), transaction: message.getTxNum() };
}

/** As a peer writes it in its error texts. */
export function describeVersion(version: Version | undefined): string {
  return version ? `{BlockNum: ${version.block}, TxNum: ${version.transaction}}` : '<nil>';
}
