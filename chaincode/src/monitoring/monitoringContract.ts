import { canonicalJson } from '@tracecal/core/model';
import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { Caller, LedgerReader, LedgerWriter, LevelContract } from '../contract/index.js';
import { getAssessments, getFinding, getFindings } from './queries.js';
import { recordAssessment } from './recordAssessment.js';
import { recordFindings } from './recordFindings.js';

/**
 * A monitoring compartment: the channel in which a monitor shares its conclusions with one site's operator and nobody else.
 * It queries the site's measurement compartment; the measurement compartment learns nothing about it.
 */
@Info({ title: 'TraceCal monitoring', description: 'What a monitor concludes about a site' })
export class MonitoringContract extends LevelContract {
  constructor() {
    super('monitoring');
  }

  @Transaction()
  @Returns('string')
  async recordAssessment(ctx: Context, request: string): Promise<string> {
    return canonicalJson(await recordAssessment(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), request));
  }

  @Transaction(false)
  @Returns('string')
  async getAssessments(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await getAssessments(new LedgerReader(ctx.stub), question));
  }

  @Transaction()
  @Returns('string')
  async recordFindings(ctx: Context, request: string): Promise<string> {
    return canonicalJson(await recordFindings(new LedgerWriter(ctx.stub), new Caller(ctx.clientIdentity), request));
  }

  @Transaction(false)
  @Returns('string')
  async getFindings(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await getFindings(new LedgerReader(ctx.stub), question));
  }

  @Transaction(false)
  @Returns('string')
  async getFinding(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await getFinding(new LedgerReader(ctx.stub), question));
  }
}
