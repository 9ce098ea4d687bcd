import { RegistryError } from '@tracecal/core/model';
import { Contract } from 'fabric-contract-api';
import type { Context } from 'fabric-contract-api';

type TransactionFunction = Parameters<Contract['aroundTransaction']>[1];

/**
 * Base of the contracts of all levels. Every parameter is text. Every answer is canonical JSON unless its description names
 * another form. A refusal is `CODE: sentence`.
 */
export abstract class LevelContract extends Contract {
  /** Returns a refusal unchanged. Anything else is a fault: the caller learns only that it happened. */
  override async aroundTransaction(ctx: Context, fn: TransactionFunction, parameters: unknown): Promise<void> {
    try {
      // The framework types it as void, but its return value is the transaction's answer.
      const answer: Promise<unknown> = super.aroundTransaction(ctx, fn, parameters);
      return (await answer) as undefined;
    } catch (error) {
      if (error instanceof RegistryError) {
        throw error;
      }
      const txId = ctx.stub.getTxID();
      const told = error instanceof Error ? error.stack : String(error);
      ctx.logging.getLogger().error(`${txId}: ${told ?? ''}`);
      throw new RegistryError(
        'INTERNAL',
        `the ${this.getName()} contract could not process transaction ${txId}; its log says why.`,
      );
    }
  }

  override unknownTransaction(ctx: Context): Promise<void> {
    const { fcn } = ctx.stub.getFunctionAndParameters();
    return Promise.reject(
      new RegistryError(
        'NOT_FOUND',
        `the ${this.getName()} contract has no transaction "${fcn.slice(0, 64)}"; see its metadata.`,
      ),
    );
  }
}
