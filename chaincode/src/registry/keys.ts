import { key } from '../contract/index.js';
import type { DeviceKind, SubjectKind } from '../model/index.js';

/** What a report rests on. */
export interface Foundation {
  readonly kind: Exclude<SubjectKind, 'device'>;
  readonly id: string;
}

/** Every key of the registry's state. Ids cannot hold the separator U+0000: the schemas allow no such character. */
export const keys = {
  /** DeviceFile: a device with all of its reports, because a trace pays for every read. */
  device: (id: string) => key('device', id),
  /** OrganisationFile. */
  organisation: (id: string) => key('organisation', id),
  /** Technician: his certificate, which his organisation's file only names. */
  technician: (id: string) => key('technician', id),
  /** ReportLocation: makes report ids unique in the registry, and finds them. */
  report: (id: string) => key('report', id),
  /** Heartbeat, the newest. */
  heartbeat: (nmi: string) => key('heartbeat', nmi),
  /** Ids of the national institutes. */
  roots: () => key('roots'),
  /** Ids of the organisations that act through an MSP. */
  msp: (mspId: string) => key('msp', mspId),
  /** Written blindly by whatever an MSP's peer must endorse; see lanes.ts. */
  lane: (mspId: string) => key('lane', mspId),
  /** Who has admitted a new national institute, by the digest of what was proposed. */
  admission: (id: string, digest: string) => key('admission', id, digest),
  /** DeviceSummary. */
  serial: (serial: string, device: string) => key('serial', encodeURIComponent(serial), device),
  serials: (serial: string) => key('serial', encodeURIComponent(serial)),
  /** DeviceSummary. */
  owner: (organisation: string, device: string) => key('owner', organisation, device),
  owners: (organisation: string) => key('owner', organisation),
  certified: (certifier: string, organisation: string) => key('certified', certifier, organisation),
  certifieds: (certifier: string) => key('certified', certifier),
  /** Standards come apart from field devices: only reports of standards have others resting on them. */
  rests: (on: Foundation, kind: DeviceKind, device: string, report: string) =>
    key('rests', on.kind, on.id, kind, device, report),
  restings: (on: Foundation, kind: DeviceKind) => key('rests', on.kind, on.id, kind),
} as const;
