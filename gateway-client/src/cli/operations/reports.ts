import type { ReportPayload } from '@tracecal/chaincode/model';
import { signReport } from '../../client/index.js';
import type { Announced, Signer } from '../../client/index.js';
import { referenceTo } from '../../client/index.js';
import type { ReportReference } from '../../client/index.js';
import type { Session } from '../session.js';

export interface IssuedReport {
  readonly committed: Announced;
  /** How its children name it. */
  readonly reference: ReportReference;
}

/** Signs a report with the keys that are here, the technician's and the parent devices', and issues or amends it. */
export async function issueReport(session: Session, payload: ReportPayload): Promise<IssuedReport> {
  const jws = await signReport(payload, {
    technician: await session.keys.signer('technician', payload.technician),
    parentDevices: await parentSigners(session, payload),
  });
  const writer = await session.writerFor(payload.organisation);
  const committed = payload.supersedes === null ? await writer.createReport(jws) : await writer.amendReport(jws);
  return { committed, reference: referenceTo(payload, jws) };
}

async function parentSigners(session: Session, { parents }: ReportPayload): Promise<Readonly<Record<string, Signer>>> {
  const devices = new Set(parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : [])));
  const signers = await Promise.all(
    Array.from(devices, async (device) => [device, await session.keys.signer('device', device)] as const),
  );
  return Object.fromEntries(signers);
}
