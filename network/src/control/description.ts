import { consortiumText, readConsortium, withChaincode, type ChaincodeDeployment } from '../topology/index.js';
import { PRIVATE, writeWhole } from '../wholeFile.js';

/** A change that was made, but that the network does not know of when it is started again. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
  readonly code = 'NOT_WRITTEN';
}

/** The file that a network comes up with again; there may be none. */
export class Description {
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** @throws NotWrittenError */
  keep(text: string): void {
    this.#write(() => text, 'The network has changed', 'make the same change again');
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

function textWith(chaincode: ChaincodeDeployment, file: string): string {
  return consortiumText(withChaincode(readConsortium(file), chaincode));
}
