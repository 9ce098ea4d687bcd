import { RegistryError } from '@tracecal/core/model';
import { Contract } from 'fabric-contract-api';
import type { Context } from 'fabric-contract-api';

type TransactionFunction = Parameters<Contract['aroundTransaction']>[1];

/**
 * What the contracts of all levels have in common: every parameter is text, every answer canonical JSON unless it says
 * otherwise, and a refusal is `CODE: sentence`.
 */
export abstract class LevelContract extends Contract {
  /** A refusal goes out as it is; anything else is a fault, of which a caller learns nothing but that it happened. */
  override async aroundTransaction(ctx: Context, fn: TransactionFunction, parameters: unknown): Promise<void> {
    try {
      // Typed as void by the framework, but its answer is the transaction's.
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
