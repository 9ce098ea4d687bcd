import { Client, type ClientUnaryCall, type requestCallback } from '@grpc/grpc-js';

const SUBMIT = '/gateway.Gateway/Submit';

/** After this the transaction is in a block: an orderer that has it still in its pool takes it again without a word. */
const ORDERED_MS = 1000;

/** The arguments of a unary call, as far as they matter here: the last one is told the answer. */
type UnaryArguments = readonly [string, ...unknown[]];

/**
 * A connection on which every submission arrives twice, as over a proxy that tries again. The caller hears the second answer
 * alone: that of orderers who know the transaction already.
 */
export class RepeatingClient extends Client {
  /** The failures that the caller was told. */
  readonly refusals: string[] = [];

  override makeUnaryRequest = ((...args: UnaryArguments): ClientUnaryCall => {
    const call = Client.prototype.makeUnaryRequest.bind(this) as (...given: readonly unknown[]) => ClientUnaryCall;
    if (args[0] !== SUBMIT) return call(...args);
    const tell = args.at(-1) as requestCallback<unknown>;
    const before = args.slice(0, -1);
    const again = (): void => {
      call(...before, ((error, answer) => {
        if (error) this.refusals.push(error.details);
        tell(error, answer);
      }) satisfies requestCallback<unknown>);
    };
    return call(...before, () => setTimeout(again, ORDERED_MS));
  }) as Client['makeUnaryRequest'];
}
