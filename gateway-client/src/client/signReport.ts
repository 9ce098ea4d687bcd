import type { HeartbeatPayload, Jws, ReportPayload } from '@tracecal/chaincode/model';
import { heartbeatPayloadSchema, reportPayloadSchema, shapeOf } from '@tracecal/chaincode/model';
import { jwsPayload } from '@tracecal/chaincode/signing';
import { clientError } from './errors.js';
import { inputOf } from './input.js';
import { signPayload } from './signer.js';
import type { Signer } from './signer.js';

export interface ReportSigners {
  readonly technician: Signer;
  /** By device id: one for every parent device that the report names. */
  readonly parentDevices?: Readonly<Record<string, Signer>>;
}

/**
 * Signs a report: the technician, and every parent device that took part in the calibration.
 *
 * @example
 * const jws = await signReport(payload, { technician, parentDevices: { 'pt25-001': standard } });
 * const { txId } = await tracecal.createReport(jws);
 *
 * @throws TraceCalError `INPUT_INVALID`, `SIGNER_MISSING`, `SIGNER_INVALID` or `CERTIFICATE_INVALID`
 */
export async function signReport(
  payload: ReportPayload,
  { technician, parentDevices = {} }: ReportSigners,
): Promise<Jws> {
  const report = inputOf(() => shapeOf(reportPayloadSchema, 'report', payload));
  const encoded = jwsPayload(report);
  const devices = new Set(report.parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : [])));
  const signatures = [await signPayload('technician', report.technician, technician, encoded)];
  for (const device of devices) {
    const signer = Object.hasOwn(parentDevices, device) ? parentDevices[device] : undefined;
    if (!signer) {
      throw clientError('SIGNER_MISSING', `Report ${report.report} names the standard ${device}.`);
    }
    signatures.push(await signPayload('device', device, signer, encoded));
  }
  return { payload: encoded, signatures };
}

/** Signs an NMI's sign of life. @throws TraceCalError `INPUT_INVALID`, `SIGNER_INVALID` or `CERTIFICATE_INVALID` */
export async function signHeartbeat(payload: HeartbeatPayload, technician: Signer): Promise<Jws> {
  const heartbeat = inputOf(() => shapeOf(heartbeatPayloadSchema, 'heartbeat', payload));
  const encoded = jwsPayload(heartbeat);
  return { payload: encoded, signatures: [await signPayload('technician', heartbeat.technician, technician, encoded)] };
}
