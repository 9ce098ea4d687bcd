import { PLACE_KEYS, PROOFS_KEY } from '../contracts/index.js';
import type { DeviceKind, SubjectKind } from '../model/index.js';
import { key, plainKey } from './key.js';

/** A subject that a report depends on. */
export interface Foundation {
  readonly kind: Exclude<SubjectKind, 'registry'>;
  readonly id: string;
}

/** Every key of the registry's state. Ids cannot contain the separator U+0000: the schemas do not allow it. */
export const keys = {
  /** RegistryRecord. */
  registry: () => key('registry'),
  /** Epoch: the open epoch. */
  epoch: () => key('epoch'),
  /** OrganisationRecord. */
  organisation: (id: string) => key('organisation', id),
  /** PersonRecord. */
  person: (id: string) => key('person', id),
  /** DeviceRecord. */
  device: (id: string) => key('device', id),
  /** ReportRecord. */
  report: (id: string) => key('report', id),
  /** All records of a kind, by id. */
  all: (kind: Exclude<SubjectKind, 'registry'>) => key(kind),
  /** The results of one kind of quantity of a report. */
  results: (report: string, quantity: string) => key('results', report, quantity),
  /** Reads: the records that traces of a device, or through a report, will read. */
  reads: (kind: 'device' | 'report', id: string) => key('reads', kind, id),
  /** OwnerEntry[]: acceptances of a report that were moved out of its device's record. */
  settled: (device: string, report: string) => key('settled', device, report),
  settledOf: (device: string) => key('settled', device),
  /** HeartbeatRecord: the newest heartbeat of an institute. */
  heartbeat: (institute: string) => key('heartbeat', institute),
  /** Entry[]: an owner's standing consents to a laboratory's reports, oldest first. */
  consents: (owner: string, laboratory: string) => key('consent', owner, laboratory),
  /** Entry[]: a laboratory's reviews of its reports, by the report that caused the review, oldest first. */
  reviews: (cause: string, laboratory: string) => key('review', cause, laboratory),
  reviewsAbout: (cause: string) => key('review', cause),
  /** By reviewed report and cause of the review. */
  reviewed: (report: string, cause: string) => key('reviewed', report, cause),
  reviewedFor: (report: string) => key('reviewed', report),
  /** Entry[]: statements of organisations that imported the original of a transcription again, oldest first. */
  confirmations: (report: string) => key('confirmation', report),
  /** Entry[]: statements of organisations that have read confidential results of a report, oldest first. */
  vouchings: (report: string) => key('vouching', report),
  /** SealedEpoch. */
  sealed: (epoch: number) => key('sealed', padded(epoch)),
  /** Instant: the date of an institute's last seal. */
  lastSeal: (institute: string) => key('seal', institute),
  /** EpochDigest. */
  digest: (epoch: number) => key('digest', padded(epoch)),
  /** The change-log lines that one transaction wrote. */
  log: (epoch: number, txId: string) => plainKey('log', padded(epoch), txId),
  logs: (epoch: number) => plainKey('log', padded(epoch)),
  /** Registered: when the ledger first contained a Merkle root. */
  anchor: (root: string) => key('anchor', root),
  /** An empty record: the ledger contains a Merkle root of proofs. Nothing reads it here. */
  proofs: (root: string) => key(PROOFS_KEY, root),
  /** Placed: a device, by its digest. */
  place: (digest: string) => plainKey(PLACE_KEYS.place, digest),
  places: () => plainKey(PLACE_KEYS.place),
  /** Counts: the number of devices with a place, by the organisation that registered them. */
  placeCounts: () => key(PLACE_KEYS.count),

  /** ActingMember[]: the organisations that act through an MSP. */
  msp: (mspId: string) => key('msp', mspId),
  /** DeviceSummary. */
  serial: (serial: string, device: string) => key('serial', spelling(serial), device),
  serials: (serial: string) => key('serial', spelling(serial)),
  /** DeviceSummary. */
  owner: (organisation: string, device: string) => key('owner', organisation, device),
  owners: (organisation: string) => key('owner', organisation),
  /** The subjects that an organisation certified or accredited. */
  certified: (certifier: string, organisation: string) => key('certified', certifier, organisation),
  certifieds: (certifier: string) => key('certified', certifier),
  /** Devices of which an owner, or one above an owner, lifted a suspension; not those who registered them, or are above those. */
  lifted: (by: string, device: string) => key('lifted', by, device),
  liftedBy: (by: string) => key('lifted', by),
  /**
   * Reports by a subject that they depend on, accepted reports only. Standards are separate from field devices: other
   * reports depend only on reports of standards.
   */
  rests: (on: Foundation, kind: DeviceKind, device: string, report: string) =>
    key('rests', on.kind, on.id, kind, device, report),
  dependents: (on: Foundation, kind: DeviceKind) => key('rests', on.kind, on.id, kind),
  /** Reports about a device, by any author. Each has its own key, so that nobody can fill another's record. */
  filed: (device: string, report: string) => key('filed', device, report),
  filings: (device: string) => key('filed', device),
  /** Days of work of accepted reports about a device that name standards, by author. */
  shown: (device: string, author: string, report: string) => key('shown', device, author, report),
  shownBy: (device: string, author: string) => key('shown', device, author),
  /**
   * Days of work of accepted reports about a device that claim an accreditation, by each organisation that answers for them.
   */
  claimed: (device: string, answerable: string, report: string) => key('claimed', device, answerable, report),
  claimedOf: (device: string, answerable: string) => key('claimed', device, answerable),
  /** Signer name of a key's holder, by the SHA-256 of the key's SubjectPublicKeyInfo; permanent. */
  holder: (keySha256: string) => key('key', keySha256),
  /** CertificateHolder, by the issuer's key and the serial number; permanent. */
  certificate: (issuerKeySha256: string, serial: string) => key('certificate', issuerKeySha256, serial),
} as const;

/** Text order is number order, up to 2^53 - 1. */
function padded(epoch: number): string {
  return String(epoch).padStart(16, '0');
}

/**
 * One serial number is written with and without spaces, and in lower or upper case. Only ASCII letters are folded, so that
 * all endorsers agree.
 */
function spelling(serial: string): string {
  const letters = serial.replace(/ /g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return encodeURIComponent(letters === '' ? serial : letters);
}
