import { isDeepStrictEqual } from 'node:util';
import {
  ConsortiumError,
  consortiumText,
  readConsortium,
  withChaincode,
  withMembership,
  type ChaincodeDeployment,
  type Consortium,
  type MembershipChange,
} from '../../topology/index.js';
import { PRIVATE, writeWhole } from '../../system/wholeFile.js';

/** A change that was made, but that the network does not know of when it is started again. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
  readonly code = 'NOT_WRITTEN';
}

/** The file that a network comes up with again; there may be none. */
export class Description {
  readonly #file: string | undefined;
  /** The change that is written already, and not made to its end. */
  #halfway: MembershipChange | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /**
   * What it says after a change of members; what it says now when that change was written before and stopped halfway.
   * @throws ConsortiumError when the change cannot be made to it, or there is no file
   */
  after(change: MembershipChange): Consortium {
    if (this.#file === undefined) throw noFile();
    const now = readConsortium(this.#file);
    return this.isHalfway(change) ? now : withMembership(now, change);
  }

  /** Whether this change is written, but was not made to its end. */
  isHalfway(change: MembershipChange): boolean {
    return isDeepStrictEqual(change, this.#halfway);
  }

  /** Writes what it says after a change that is not at its {@link end} yet. @throws NotWrittenError */
  keepMembers(consortium: Consortium, change: MembershipChange): void {
    this.#write(() => consortiumText(consortium), 'The network has changed', 'make the same change again');
    this.#halfway = change;
  }

  /** A change of members has come to its end: asked for again, it is another one. */
  end(): void {
    this.#halfway = undefined;
  }

  /** @throws NotWrittenError */
  keepChaincode(chaincode: ChaincodeDeployment): void {
    const { name, version, sequence } = chaincode;
    const stands = `version ${version}, sequence ${sequence}`;
    this.#write((file) => textWith(chaincode, file), `${name} stands at ${stands}`, 'write that into it');
  }

  /** @throws ConsortiumError when a chaincode could not be in it */
  check(chaincode: ChaincodeDeployment): void {
    if (this.#file !== undefined) textWith(chaincode, this.#file);
  }

  #write(text: (file: string) => string, done: string, remedy: string): void {
    if (this.#file === undefined) return;
    try {
      writeWhole(this.#file, text(this.#file), PRIVATE);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new NotWrittenError(
        `${done}, but its description ${this.#file} does not say so: ${remedy} before it is started again. ${why}`,
        { cause },
      );
    }
  }
}

function noFile(): ConsortiumError {
  const reason = 'the network was started without a description of its own, so that its members stay as they are.';
  return new ConsortiumError('CONSORTIUM_MISSING', 'consortium.yaml', [{ reason }]);
}

function textWith(chaincode: ChaincodeDeployment, file: string): string {
  return consortiumText(withChaincode(readConsortium(file), chaincode));
}
