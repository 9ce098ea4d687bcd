import type { Version as VersionMessage } from '../wire/index.js';

/** The transaction that last wrote a key. Read conflicts are detected by comparing it. */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

export function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.block === right?.block && left?.transaction === right?.transaction;
}

export function toMessage(version: Version | undefined): VersionMessage | undefined {
  return version && { blockNum: version.block, txNum: version.transaction };
}

export function fromMessage(message: VersionMessage | undefined): Version | undefined {
  return message && { block: message.blockNum, transaction: message.txNum };
}

/** In the form of a peer's error texts. */
export function describeVersion(version: Version | undefined): string {
  return version ? `{BlockNum: ${version.block}, TxNum: ${version.transaction}}` : '<nil>';
}
