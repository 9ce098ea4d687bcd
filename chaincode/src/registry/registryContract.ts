import { canonicalJson, registrantOf } from '@tracecal/core/model';
import { traceCal } from '@tracecal/core/trace';
import { Context, Info, Returns, Transaction } from 'fabric-contract-api';
import { LevelContract } from '../contract/index.js';
import { affectedDevices } from './affected.js';
import { anchorProofs } from './anchorProofs.js';
import * as buckets from './buckets.js';
import * as changes from './changes.js';
import { configurationFromEnvironment } from './configuration.js';
import type { Configuration } from './configuration.js';
import { requireFounding } from './founding.js';
import { getEvidence, getHead, proveTrace } from './evidence.js';
import { history } from './history.js';
import { listRegistered } from './listed.js';
import * as queries from './queries.js';
import { StateReader } from './state.js';
import { anchor, submit } from './submit.js';
import { traceMany } from './traceMany.js';

/**
 * The registry of the calibration level. A transaction takes one JSON document, `{ "items": [...] }`: statements, each with
 * the items that it names by digest. trace/signatories.ts defines whose signatures they need; transactions.ts defines how
 * they are registered. Any member of the calibration level may submit them. Every answer is canonical JSON, except those of
 * `getOrgName`, `getTechnicianOrganisation` and `ping`, which are text. A refusal is `CODE: sentence`.
 */
@Info({ title: 'TraceCal registry', description: 'Calibration traceability to a National Metrology Institute' })
export class RegistryContract extends LevelContract {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration = configurationFromEnvironment()) {
    super('registry');
    this.#configuration = configuration;
  }

  @Transaction()
  @Returns('string')
  found(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'found', submission);
  }

  @Transaction()
  @Returns('string')
  admitInstitute(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'admitInstitute', submission);
  }

  @Transaction()
  @Returns('string')
  setPolicy(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'setPolicy', submission);
  }

  /** Also further keys of an organisation or institute. */
  @Transaction()
  @Returns('string')
  createOrganisation(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'createOrganisation', submission);
  }

  /** Also officers, and further keys of either. */
  @Transaction()
  @Returns('string')
  createTechnician(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'createTechnician', submission);
  }

  @Transaction()
  @Returns('string')
  accredit(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'accredit', submission);
  }

  @Transaction()
  @Returns('string')
  reduceAccreditation(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'reduceAccreditation', submission);
  }

  @Transaction()
  @Returns('string')
  registerDevice(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'registerDevice', submission);
  }

  @Transaction()
  @Returns('string')
  transferDevice(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'transferDevice', submission);
  }

  @Transaction()
  @Returns('string')
  setInterval(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'setInterval', submission);
  }

  /** Sets an owner's requirements for its devices. */
  @Transaction()
  @Returns('string')
  setRequirements(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'setRequirements', submission);
  }

  @Transaction()
  @Returns('string')
  createReport(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'createReport', submission);
  }

  @Transaction()
  @Returns('string')
  amendReport(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'amendReport', submission);
  }

  @Transaction()
  @Returns('string')
  acceptReport(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'acceptReport', submission);
  }

  @Transaction()
  @Returns('string')
  rejectReport(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'rejectReport', submission);
  }

  @Transaction()
  @Returns('string')
  consent(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'consent', submission);
  }

  @Transaction()
  @Returns('string')
  review(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'review', submission);
  }

  /** Registers another organisation's statement whether a transcription equals its original. */
  @Transaction()
  @Returns('string')
  confirm(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'confirm', submission);
  }

  @Transaction()
  @Returns('string')
  vouch(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'vouch', submission);
  }

  @Transaction()
  @Returns('string')
  revoke(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'revoke', submission);
  }

  @Transaction()
  @Returns('string')
  suspend(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'suspend', submission);
  }

  @Transaction()
  @Returns('string')
  reinstate(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'reinstate', submission);
  }

  @Transaction()
  @Returns('string')
  seal(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'seal', submission);
  }

  @Transaction()
  @Returns('string')
  heartbeat(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'heartbeat', submission);
  }

  /** Registers statements of any type except a founding. Relays use it. */
  @Transaction()
  @Returns('string')
  submitStatements(ctx: Context, submission: string): Promise<string> {
    return this.#submit(ctx, 'submitStatements', submission);
  }

  /** Anchors a Merkle root of digests: it dates reports that are registered later. */
  @Transaction()
  @Returns('string')
  async anchor(ctx: Context, root: string): Promise<string> {
    return canonicalJson(await anchor(ctx, this.#configuration, root));
  }

  /** Anchors a Merkle root of proofs: it shows that they existed. The one transaction that reads no state. */
  @Transaction()
  @Returns('string')
  async anchorProofs(ctx: Context, root: string): Promise<string> {
    return canonicalJson(await anchorProofs(ctx, root));
  }

  /** Gives registered devices their places in buckets. It changes no verdict, and any member of the level may do it for all devices. */
  @Transaction()
  @Returns('string')
  async placeDevices(ctx: Context, devices: string): Promise<string> {
    return canonicalJson(await buckets.placeDevices(ctx, this.#configuration, devices));
  }

  @Transaction(false)
  @Returns('string')
  async traceCal(ctx: Context, deviceId: string, options: string): Promise<string> {
    const state = new StateReader(ctx.stub);
    const question = queries.traceQuestion(state, options);
    await state.prefetch([deviceId], question.roots !== null);
    await requireFounding(state, this.#configuration);
    return canonicalJson(await traceCal(state, deviceId, question));
  }

  /** The records that the trace reads: whoever has them can run it again, without this network. */
  @Transaction(false)
  @Returns('string')
  getEvidence(ctx: Context, deviceId: string, options: string): Promise<string> {
    return this.#evaluate(ctx, (state) => getEvidence(state, deviceId, options));
  }

  /** The records that show the newest heartbeats: whoever has them knows up to where the change log is signed. */
  @Transaction(false)
  @Returns('string')
  getHead(ctx: Context): Promise<string> {
    return this.#evaluate(ctx, (state) => getHead(state));
  }

  /** The digests of that evidence and its verdict, for peers of several organisations to endorse. */
  @Transaction(false)
  @Returns('string')
  proveTrace(ctx: Context, deviceId: string, options: string, nonce: string): Promise<string> {
    return this.#evaluate(ctx, (state) => proveTrace(state, deviceId, { options, nonce }));
  }

  /** How devices are divided into buckets, for peers of several organisations to endorse. */
  @Transaction(false)
  @Returns('string')
  getBuckets(ctx: Context, nonce: string): Promise<string> {
    return this.#evaluate(ctx, (state) => buckets.getBuckets(state, nonce));
  }

  /** The verdicts about all devices of a bucket, for the same purpose: whoever asks about one of them asks about all. */
  @Transaction(false)
  @Returns('string')
  getBucket(ctx: Context, prefix: string, part: string, nonce: string): Promise<string> {
    return this.#evaluate(ctx, (state) => buckets.getBucket(state, { prefix, part, nonce }));
  }

  /** A page of the devices that have no place in a bucket. */
  @Transaction(false)
  @Returns('string')
  getUnplaced(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => buckets.getUnplaced(state, question));
  }

  /** Verdicts about up to 500 devices, without their evidence. Contracts of lower levels use it. */
  @Transaction(false)
  @Returns('string')
  traceMany(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => traceMany(state, question));
  }

  @Transaction(false)
  @Returns('string')
  getRegistry(ctx: Context): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getRegistry(state));
  }

  @Transaction(false)
  @Returns('string')
  getReport(ctx: Context, id: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getReport(state, id));
  }

  /** What calls a report in question, and whether its laboratory has reviewed it since. */
  @Transaction(false)
  @Returns('string')
  getDoubts(ctx: Context, report: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getDoubts(state, report));
  }

  @Transaction(false)
  @Returns('string')
  getParentReport(ctx: Context, id: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getParentReports(state, id));
  }

  @Transaction(false)
  @Returns('string')
  getOrganisation(ctx: Context, id: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getOrganisation(state, id));
  }

  /** Also an officer. */
  @Transaction(false)
  @Returns('string')
  getTechnician(ctx: Context, id: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getPerson(state, id));
  }

  @Transaction(false)
  @Returns('string')
  getDevice(ctx: Context, id: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getDevice(state, id));
  }

  @Transaction(false)
  @Returns('string')
  getConsents(ctx: Context, owner: string, laboratory: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getConsents(state, owner, laboratory));
  }

  @Transaction(false)
  @Returns('string')
  getReviews(ctx: Context, amendment: string, laboratory: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getReviews(state, amendment, laboratory));
  }

  /** Statements of organisations that imported the original of a transcription again, oldest first. */
  @Transaction(false)
  @Returns('string')
  getConfirmations(ctx: Context, report: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getConfirmations(state, report));
  }

  @Transaction(false)
  @Returns('string')
  getVouchings(ctx: Context, report: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getVouchings(state, report));
  }

  @Transaction(false)
  @Returns('string')
  getHeartbeat(ctx: Context, institute: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getHeartbeat(state, institute));
  }

  /** An epoch by its number; empty text means the open epoch. */
  @Transaction(false)
  @Returns('string')
  getEpoch(ctx: Context, number: string): Promise<string> {
    return this.#evaluate(ctx, (state) => changes.getEpoch(state, number));
  }

  @Transaction(false)
  @Returns('string')
  getEpochDigest(ctx: Context, number: string): Promise<string> {
    return this.#evaluate(ctx, (state) => changes.getEpochDigest(state, number));
  }

  @Transaction(false)
  @Returns('string')
  getChanges(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => changes.getChanges(state, question));
  }

  @Transaction(false)
  @Returns('string')
  findDevices(ctx: Context, search: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.findDevices(state, search));
  }

  /** The registered subjects of a kind, page by page, with their impediments. */
  @Transaction(false)
  @Returns('string')
  listRegistered(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => listRegistered(state, question));
  }

  @Transaction(false)
  @Returns('string')
  listReports(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.listReports(state, question));
  }

  @Transaction(false)
  @Returns('string')
  affectedDevices(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => affectedDevices(state, question));
  }

  @Transaction(false)
  @Returns('string')
  history(ctx: Context, question: string): Promise<string> {
    return this.#evaluate(ctx, (state) => history(state, question));
  }

  /** The organisations that act through an MSP. Contracts of lower levels use it to check their callers. */
  @Transaction(false)
  @Returns('string')
  getOrganisationsOfMsp(ctx: Context, mspId: string): Promise<string> {
    return this.#evaluate(ctx, (state) => queries.getOrganisationsOfMsp(state, mspId));
  }

  @Transaction(false)
  @Returns('string')
  async getOrgName(ctx: Context, id: string): Promise<string> {
    return (await queries.getOrganisation(await this.#reader(ctx), id)).name;
  }

  @Transaction(false)
  @Returns('string')
  async getTechnicianOrganisation(ctx: Context, id: string): Promise<string> {
    return registrantOf((await queries.getPerson(await this.#reader(ctx), id)).id);
  }

  /** Does nothing: measures the basic cost of an evaluation. */
  @Transaction(false)
  @Returns('string')
  ping(): string {
    return 'pong';
  }

  async #submit(ctx: Context, transaction: string, submission: string): Promise<string> {
    return canonicalJson(await submit(ctx, this.#configuration, transaction, submission));
  }

  async #evaluate(ctx: Context, question: (state: StateReader) => Promise<unknown>): Promise<string> {
    return canonicalJson(await question(await this.#reader(ctx)));
  }

  /** An evaluation gets only this interface, so it cannot write. */
  async #reader(ctx: Context): Promise<StateReader> {
    const state = new StateReader(ctx.stub);
    await requireFounding(state, this.#configuration);
    return state;
  }
}
