import { canonicalJson } from '@tracecal/core/model';
import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { Caller, LedgerReader, LedgerWriter, LevelContract } from '../contract/index.js';
import { anchorMeasurements } from './anchorMeasurements.js';
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

  /** Anchors the Merkle root of a batch of measurements. It reads no state. */
  @Transaction()
  @Returns('string')
  async anchorMeasurements(ctx: Context, batch: string): Promise<string> {
    return canonicalJson(await anchorMeasurements(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), batch));
  }

  @Transaction(false)
  @Returns('string')
  async getMeasurementsAnchors(ctx: Context, root: string): Promise<string> {
    return canonicalJson(await queries.getMeasurementsAnchors(new LedgerReader(ctx.stub), root));
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
