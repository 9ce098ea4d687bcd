import { AsyncLocalStorage } from 'node:async_hooks';

interface Input {
  readonly stream: NodeJS.ReadableStream;
  isTaken: boolean;
}

const inputs = new AsyncLocalStorage<Input>();

/** Does something in which the file `-` is this stream; elsewhere it is a file of that name, like any other. */
export function withStandardInput<T>(stream: NodeJS.ReadableStream | undefined, work: () => T): T {
  return stream === undefined ? work() : inputs.run({ stream, isTaken: false }, work);
}

/** What `-` means, if it means stdin here. @throws StandardInputTaken */
export function standardInput(path: string): NodeJS.ReadableStream | undefined {
  const input = path === '-' ? inputs.getStore() : undefined;
  if (input?.isTaken === true) {
    throw new StandardInputTaken();
  }
  if (input) {
    input.isTaken = true;
  }
  return input?.stream;
}

/** What comes in on stdin can be read once. */
export class StandardInputTaken extends Error {
  override readonly name = 'StandardInputTaken';

  constructor() {
    super('Only one file can be read from stdin (-).');
  }
}
