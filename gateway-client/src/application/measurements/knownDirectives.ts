import type { DeviceStanding, DirectivesSeen } from '@tracecal/core/directives';
import type { Instant } from '@tracecal/core/model';
import { OperatorDirectives, operatorPinOf } from '../../device/directives/index.js';
import { MOST_BYTES_OF } from '../../files/index.js';
import { readExactText } from '../files/inputFile.js';
import { whyFailed } from './whyFailed.js';

export interface KnownDirectivesOptions {
  /** The folder of the operator's directives. */
  readonly folder: string;
  /** The text of the pin file: whose directives count. */
  readonly pin: string;
  /** How old the export may be; by default its age does not matter. */
  readonly ageSeconds?: number;
  /** Milliseconds since 1970; left out on a machine without a clock. */
  readonly now?: () => number;
}

/** The text of a pin file. @throws ApplicationError `FILE_UNREADABLE`, `INPUT_INVALID` */
export function readOperatorPin(path: string): Promise<string> {
  return readExactText(path, MOST_BYTES_OF.operatorPin);
}

/** Before anything was read. */
const UNKNOWN: DeviceStanding = {
  quarantined: 'as long as nobody has read the directives',
  quarantine: null,
  limits: [],
  conflicts: [],
  seen: null,
};

/** What an operator directs, read again and again. What was seen once is remembered, here and beside the folder. */
export class KnownDirectives {
  readonly #options: KnownDirectivesOptions;
  #known: OperatorDirectives | undefined;
  #seen: DirectivesSeen = {};

  constructor(options: KnownDirectivesOptions) {
    this.#options = options;
  }

  standing(device: string, at: Instant | null): DeviceStanding {
    const standing = this.#known?.standing(device, at) ?? UNKNOWN;
    // The age is that of now, whenever something was measured.
    return { ...standing, quarantined: standing.quarantined ?? this.#known?.whyTooOld() ?? null };
  }

  /** Reads them again. What cannot be read, or not be remembered, closes all devices; at the first time it is thrown. */
  async read(devices: readonly string[], at: Instant | null): Promise<void> {
    const isFirst = this.#known === undefined;
    try {
      await this.#read(devices, at);
    } catch (error) {
      if (isFirst) {
        throw error;
      }
      this.#known = OperatorDirectives.unread(whyFailed(error));
    }
  }

  async #read(devices: readonly string[], at: Instant | null): Promise<void> {
    const { folder, pin, now, ageSeconds } = this.#options;
    const known = await OperatorDirectives.read(folder, operatorPinOf(pin), { ageSeconds, now, seen: this.#seen });
    this.#known = known;
    try {
      await known.remember(devices, at);
    } finally {
      this.#seen = known.seen;
    }
  }
}
