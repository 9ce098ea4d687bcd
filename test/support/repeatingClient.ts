import { Client, type ClientUnaryCall, type requestCallback } from '@grpc/grpc-js';

const SUBMIT = '/gateway.Gateway/Submit';

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
    return call(...before, () => {
      call(...before, ((error, answer) => {
        if (error) this.refusals.push(error.details);
        tell(error, answer);
      }) satisfies requestCallback<unknown>);
    });
  }) as Client['makeUnaryRequest'];
}
