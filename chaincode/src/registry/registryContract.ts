import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { LevelContract } from '../contract/index.js';
import { canonicalJson } from '../model/index.js';
import { affectedDevices } from './affected.js';
import type { Announcement } from './api.js';
import { Caller } from './caller.js';
import { registerDevice } from './devices.js';
import { heartbeat } from './heartbeats.js';
import { history } from './history.js';
import { createOrganisation, grantScopes, reduceScopes } from './organisations.js';
import * as queries from './queries.js';
import { amendReport, createReport } from './reports.js';
import { changeStanding } from './standing.js';
import { StateReader, StateWriter } from './state.js';
import { createTechnician } from './technicians.js';
import { traceMany } from './traceMany.js';

/** A transaction: reads, checks, writes, and announces what it did. */
type Change = (state: StateWriter, caller: Caller, json: string) => Promise<Announcement>;

/**
 * The registry of the calibration level. Every parameter is text: an id, or one JSON document. Every answer is canonical
 * JSON, except those of `getOrgName`, `getTechnicianOrganisation` and `ping`, which are text. A refusal is `CODE: sentence`.
 */
@Info({ title: 'TraceCal registry', description: 'Calibration traceability to a National Metrology Institute' })
export class RegistryContract extends LevelContract {
  constructor() {
    super('registry');
  }

  @Transaction()
  @Returns('string')
  createOrganisation(ctx: Context, organisation: string): Promise<string> {
    return submit(ctx, organisation, createOrganisation);
  }

  @Transaction()
  @Returns('string')
  grantScopes(ctx: Context, grant: string): Promise<string> {
    return submit(ctx, grant, grantScopes);
  }

  @Transaction()
  @Returns('string')
  reduceScopes(ctx: Context, reduction: string): Promise<string> {
    return submit(ctx, reduction, reduceScopes);
  }

  @Transaction()
  @Returns('string')
  createTechnician(ctx: Context, technician: string): Promise<string> {
    return submit(ctx, technician, createTechnician);
  }

  @Transaction()
  @Returns('string')
  registerDevice(ctx: Context, device: string): Promise<string> {
    return submit(ctx, device, registerDevice);
  }

  @Transaction()
  @Returns('string')
  createReport(ctx: Context, jws: string): Promise<string> {
    return submit(ctx, jws, createReport);
  }

  @Transaction()
  @Returns('string')
  amendReport(ctx: Context, jws: string): Promise<string> {
    return submit(ctx, jws, amendReport);
  }

  @Transaction()
  @Returns('string')
  revoke(ctx: Context, request: string): Promise<string> {
    return submit(ctx, request, (...args) => changeStanding('revoke', ...args));
  }

  @Transaction()
  @Returns('string')
  suspend(ctx: Context, request: string): Promise<string> {
    return submit(ctx, request, (...args) => changeStanding('suspend', ...args));
  }

  @Transaction()
  @Returns('string')
  reinstate(ctx: Context, request: string): Promise<string> {
    return submit(ctx, request, (...args) => changeStanding('reinstate', ...args));
  }

  @Transaction()
  @Returns('string')
  heartbeat(ctx: Context, jws: string): Promise<string> {
    return submit(ctx, jws, heartbeat);
  }

  @Transaction(false)
  @Returns('string')
  async traceCal(ctx: Context, deviceId: string, options: string): Promise<string> {
    return canonicalJson(await queries.trace(reader(ctx), deviceId, options));
  }

  @Transaction(false)
  @Returns('string')
  async getReport(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await queries.getReport(reader(ctx), id));
  }

  @Transaction(false)
  @Returns('string')
  async getParentReport(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await queries.getParentReports(reader(ctx), id));
  }

  @Transaction(false)
  @Returns('string')
  async getOrgName(ctx: Context, id: string): Promise<string> {
    return (await queries.getOrganisation(reader(ctx), id)).organisation.name;
  }

  @Transaction(false)
  @Returns('string')
  async getOrganisation(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await queries.getOrganisation(reader(ctx), id));
  }

  @Transaction(false)
  @Returns('string')
  async getTechnicianOrganisation(ctx: Context, id: string): Promise<string> {
    return (await queries.getTechnician(reader(ctx), id)).organisation;
  }

  @Transaction(false)
  @Returns('string')
  async getTechnician(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await queries.getTechnician(reader(ctx), id));
  }

  @Transaction(false)
  @Returns('string')
  async getHeartbeat(ctx: Context, nmi: string): Promise<string> {
    return canonicalJson(await queries.getHeartbeat(reader(ctx), nmi));
  }

  @Transaction(false)
  @Returns('string')
  async getDevice(ctx: Context, id: string): Promise<string> {
    return canonicalJson(await queries.getDevice(reader(ctx), id));
  }

  @Transaction(false)
  @Returns('string')
  async findDevices(ctx: Context, search: string): Promise<string> {
    return canonicalJson(await queries.findDevices(reader(ctx), search));
  }

  @Transaction(false)
  @Returns('string')
  async listReports(ctx: Context, deviceId: string): Promise<string> {
    return canonicalJson(await queries.listReports(reader(ctx), deviceId));
  }

  @Transaction(false)
  @Returns('string')
  async affectedDevices(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await affectedDevices(reader(ctx), question));
  }

  @Transaction(false)
  @Returns('string')
  async history(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await history(reader(ctx), question));
  }

  /** Verdicts about up to 500 devices, without their evidence: what contracts of lower levels ask for. */
  @Transaction(false)
  @Returns('string')
  async traceMany(ctx: Context, question: string): Promise<string> {
    return canonicalJson(await traceMany(reader(ctx), question));
  }

  /** The organisations that act through an MSP: what contracts of lower levels ask about their callers. */
  @Transaction(false)
  @Returns('string')
  async getOrganisationsOfMsp(ctx: Context, mspId: string): Promise<string> {
    return canonicalJson(await queries.getOrganisationsOfMsp(reader(ctx), mspId));
  }

  /** Does nothing: what an evaluation costs before it has done anything. */
  @Transaction(false)
  @Returns('string')
  ping(): string {
    return 'pong';
  }
}

async function submit(ctx: Context, argument: string, change: Change): Promise<string> {
  return canonicalJson(await change(new StateWriter(ctx.stub), new Caller(ctx.clientIdentity), argument));
}

/** An evaluation gets no more than this: it cannot write. */
function reader(ctx: Context): StateReader {
  return new StateReader(ctx.stub);
}
