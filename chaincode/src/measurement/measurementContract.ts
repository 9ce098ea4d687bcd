import { canonicalJson } from '@tracecal/core/model';
import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { Caller, LedgerReader, LedgerWriter, LevelContract } from '../contract/index.js';
import * as queries from './queries.js';
import { recordTraces } from './recordTraces.js';

/**
 * A measurement compartment: the channel of one site. Its operator writes and its monitor reads. It queries the registry of
 * the calibration level; the registry learns nothing about it.
 */
@Info({ title: 'TraceCal measurement', description: 'Calibration verdicts as a site found them' })
export class MeasurementContract extends LevelContract {
  constructor() {
    super('measurement');
  }

  @Transaction()
  @Returns('string')
  async recordTraces(ctx: Context, request: string): Promise<string> {
    return canonicalJson(await recordTraces(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), request));
  }

  @Transaction(false)
  @Returns('string')
  async getTraces(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await queries.getTraces(new LedgerReader(ctx.stub), question));
  }

  @Transaction(false)
  @Returns('string')
  async listBatches(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await queries.listBatches(new LedgerReader(ctx.stub), question));
  }

  @Transaction(false)
  @Returns('string')
  async getBatches(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await queries.getBatches(new LedgerReader(ctx.stub), question));
  }
}
