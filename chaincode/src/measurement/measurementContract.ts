import { canonicalJson } from '@tracecal/core/model';
import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { Caller, LedgerReader, LedgerWriter, LevelContract } from '../contract/index.js';
import { anchorMeasurements } from './anchorMeasurements.js';
import { answerDirective } from './answerDirective.js';
import * as directives from './directiveQueries.js';
import { giveDirective } from './giveDirective.js';
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

  /** Gives a directive of the site's operator, signed by its officer. */
  @Transaction()
  @Returns('string')
  async giveDirective(ctx: Context, directive: string): Promise<string> {
    return canonicalJson(await giveDirective(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), directive));
  }

  /** Answers a directive for a device, signed by the device or its gateway. */
  @Transaction()
  @Returns('string')
  async answerDirective(ctx: Context, answer: string): Promise<string> {
    return canonicalJson(await answerDirective(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), answer));
  }

  /** A page of the directives of a period. */
  @Transaction(false)
  @Returns('string')
  async listDirectives(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await directives.listDirectives(new LedgerReader(ctx.stub), question));
  }

  /** A page of the directives about a device, by number: overrides have none, and are only in the list of all. */
  @Transaction(false)
  @Returns('string')
  async getDirectives(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await directives.getDirectives(new LedgerReader(ctx.stub), question));
  }

  /** The newest directive about each of these devices; null for a device without any. */
  @Transaction(false)
  @Returns('string')
  async getDirectiveHeads(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await directives.getDirectiveHeads(new LedgerReader(ctx.stub), question));
  }

  /** A page of the answers to a directive. */
  @Transaction(false)
  @Returns('string')
  async getAnswers(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await directives.getAnswers(new LedgerReader(ctx.stub), question));
  }

  /** A page of the times that a root of measurements was written, oldest first. */
  @Transaction(false)
  @Returns('string')
  async getMeasurementsAnchors(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await queries.getMeasurementsAnchors(new LedgerReader(ctx.stub), question));
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
