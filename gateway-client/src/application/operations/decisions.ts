import type { Jws } from '@tracecal/core/model';
import { acceptanceOf, newStatement, referenceTo, rejectionOf } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import type { Session } from '../session/session.js';
import { requireOwner } from './actor.js';
import { missingSignatures, sign } from './sign.js';

/** Signs that the owner of its device relies on a registered report. */
export async function acceptanceItem(session: Session, report: string): Promise<Item> {
  const { record } = await (await session.reader()).getReport(report);
  const { jws } = record.statement;
  return { statement: await sign(session, acceptanceOf(jws, await ownDecisionAbout(session, jws))) };
}

/** Whether an acceptance already makes a report count, for all its results, so that another one would change nothing. */
export async function isAcceptedAlready(session: Session, report: string): Promise<boolean> {
  const reader = await session.reader();
  const { device, results } = (await reader.getReport(report)).body;
  const { current } = await reader.getDevice(device);
  const quantities = current.filter((each) => each.report === report).flatMap((each) => each.quantities);
  if (!results.every(({ quantity }) => quantities.includes(quantity))) {
    return false;
  }
  const { edges } = await reader.traceCal(device);
  const edge = edges.find((each) => each.level === 1 && each.report === report);
  return edge?.findings.every(({ check }) => check !== 'acceptance') ?? false;
}

/** Signs that the owner of its device does not rely on a registered report. */
export async function rejectionItem(session: Session, report: string): Promise<Item> {
  const { record } = await (await session.reader()).getReport(report);
  const { jws } = record.statement;
  return { statement: await sign(session, rejectionOf(jws, await ownDecisionAbout(session, jws))) };
}

/**
 * The owner's acceptance of a signed report; undefined if no key of its officers is here, or the user acts as another organisation.
 * @param newOwner - Owner of a device that is registered just before the report.
 */
export async function acceptanceIfHere(session: Session, report: Jws, newOwner?: string): Promise<Jws | undefined> {
  const decision = newOwner === undefined ? await decisionAbout(session, report) : { author: newOwner, number: 1 };
  if (session.actor !== undefined && session.actor !== decision.author) {
    return undefined;
  }
  const acceptance = await sign(session, acceptanceOf(report, decision)).catch((error: unknown) => {
    if (error instanceof ApplicationError && error.code === 'KEYS_MISSING') {
      return undefined;
    }
    throw error;
  });
  return acceptance && (await missingSignatures(session, acceptance)).length === 0 ? acceptance : undefined;
}

/** An owner's standing consent. */
export interface ConsentSpec {
  readonly owner: string;
  readonly laboratory: string;
  /** All of the owner's if none are given. */
  readonly devices?: readonly string[];
  /** All kinds if none are given. */
  readonly quantities?: readonly string[];
  readonly until: string;
}

/** Signs that an owner relies on a laboratory's future reports, if they are traceable by themselves. */
export async function consentItem(
  session: Session,
  { owner, laboratory, devices, quantities, until }: ConsentSpec,
): Promise<Item> {
  const subject = { kind: 'organisation', id: laboratory } as const;
  const statement = newStatement('consent', {
    registry: await session.registry(),
    author: owner,
    number: await (await session.reader()).nextNumber(owner, subject),
    subject,
    body: { devices: devices ?? null, quantities: quantities ?? null, until },
  });
  return { statement: await sign(session, statement) };
}

async function ownDecisionAbout(session: Session, report: Jws) {
  const decision = await decisionAbout(session, report);
  requireOwner(session, referenceTo(report).device, decision.author);
  return decision;
}

async function decisionAbout(session: Session, report: Jws) {
  const { device } = referenceTo(report);
  const reader = await session.reader();
  const { owner: author } = await reader.getDevice(device);
  return { author, number: await reader.nextNumber(author, { kind: 'device', id: device }) };
}
