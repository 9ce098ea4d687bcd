import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  ConsortiumError,
  editedText,
  readConsortium,
  withChaincode,
  withMembership,
  type ChaincodeDeployment,
  type Consortium,
  type MembershipChange,
} from '../../topology/index.js';
import { PRIVATE, atomicWrite } from '../../system/atomicWrite.js';

/** A change was made, but could not be saved for the next start of the network. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
  readonly code = 'NOT_WRITTEN';
}

/** The description file with which a network starts again; it may not exist. */
export class Description {
  readonly #file: string | undefined;
  /** The change that is written, but not completed. */
  #halfway: MembershipChange | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /**
   * The description after a change of members; the present one if that change was written before and stopped halfway.
   * @throws ConsortiumError when the change does not fit, or there is no file
   */
  after(change: MembershipChange): Consortium {
    if (this.#file === undefined) throw noFile();
    const now = readConsortium(this.#file);
    return this.isHalfway(change) ? now : withMembership(now, change);
  }

  /** Whether this change is written, but not completed. */
  isHalfway(change: MembershipChange): boolean {
    return isDeepStrictEqual(change, this.#halfway);
  }

  /**
   * Writes the description after a change that is not completed yet; see {@link end}.
   * @throws NotWrittenError
   */
  keepMembers(consortium: Consortium, change: MembershipChange): void {
    this.#write(
      (file) => editedText(textIn(file), consortium),
      'The network has changed',
      'make the same change again',
    );
    this.#halfway = change;
  }

  /** Marks the change of members as completed: the same request is then a new change. */
  end(): void {
    this.#halfway = undefined;
  }

  /** @throws NotWrittenError */
  keepChaincode(chaincode: ChaincodeDeployment): void {
    const { name, version, sequence } = chaincode;
    const stands = `version ${version}, sequence ${sequence}`;
    this.#write((file) => textWith(chaincode, file), `${name} stands at ${stands}`, 'write that into it');
  }

  /** @throws ConsortiumError when the chaincode does not fit into the description */
  check(chaincode: ChaincodeDeployment): void {
    if (this.#file !== undefined) textWith(chaincode, this.#file);
  }

  #write(text: (file: string) => string, done: string, remedy: string): void {
    if (this.#file === undefined) return;
    try {
      atomicWrite(this.#file, text(this.#file), PRIVATE);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new NotWrittenError(
        `${done}, but its description ${this.#file} does not contain the change: ${remedy} before it is started again. ${why}`,
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
  return editedText(textIn(file), withChaincode(readConsortium(file), chaincode));
}

function textIn(file: string): string {
  return readFileSync(file, 'utf8');
}
