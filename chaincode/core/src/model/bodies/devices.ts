import type { Pseudonym } from './pseudonym.js';

export const DEVICE_KINDS = ['standard', 'field'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/**
 * A device's registration: signed by the technician who imprinted it, by its own key and by its owner. A further one brings
 * a new key or certificate and changes nothing else; the present owner and interval stay.
 */
export interface Imprint {
  readonly kind: DeviceKind;
  readonly serial: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly owner: string;
  /** Days until recalibration is due; null: what the owner requires of all its devices decides. */
  readonly intervalDays: number | null;
  readonly technician: string;
  readonly certificateSha256: string;
  /** It is registered without its names; a further key leaves that as it is. Absent: it is registered openly. */
  readonly pseudonym?: Pseudonym;
}

/** Signed by the owner until now, who is the author, and the next one. */
export interface Transfer {
  readonly to: string;
  readonly intervalDays: number | null;
}

/** For one device: takes precedence over the owner's requirements for all devices. */
export interface Interval {
  readonly intervalDays: number | null;
}
