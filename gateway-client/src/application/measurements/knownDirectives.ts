import type { DeviceStanding, DirectivesSeen } from '@tracecal/core/directives';
import { ownValue } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import {
  DirectivesInForce,
  directivesIn,
  operatorPinOf,
  readDirectivesSeen,
  writeDirectivesSeen,
} from '../../device/directives/index.js';
import { MOST_BYTES_OF } from '../../files/index.js';
import { readExactText } from '../files/inputFile.js';
import { whyFailed } from './whyFailed.js';

export interface KnownDirectivesOptions {
  /** The folder of the operator's directives. */
  readonly folder: string;
  /** The text of the pin file: whose directives count. */
  readonly pin: string;
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
  #inForce: DirectivesInForce | undefined;
  #seen: DirectivesSeen = {};

  constructor(options: KnownDirectivesOptions) {
    this.#options = options;
  }

  standing(device: string, at: Instant | null): DeviceStanding {
    return this.#inForce?.standing(device, at) ?? UNKNOWN;
  }

  /** Reads them again. What cannot be read, or not be remembered, closes all devices; at the first time it is thrown. */
  async read(devices: readonly string[], at: Instant | null): Promise<void> {
    const isFirst = this.#inForce === undefined;
    try {
      await this.#read(devices, at);
    } catch (error) {
      if (isFirst) {
        throw error;
      }
      this.#inForce = new DirectivesInForce({ read: [], broken: [whyFailed(error)] });
    }
  }

  async #read(devices: readonly string[], at: Instant | null): Promise<void> {
    const { folder, pin, now } = this.#options;
    const found = await directivesIn(folder, operatorPinOf(pin));
    const written = await readDirectivesSeen(folder);
    const seen = newest(written, this.#seen);
    const inForce = new DirectivesInForce(found, { ...(now && { now }), seen });
    this.#inForce = inForce;
    const news = devices.flatMap((device) => {
      const own = inForce.standing(device, at).seen;
      return own ? [[device, own] as const] : [];
    });
    this.#seen = newest(seen, Object.fromEntries(news));
    await writeDirectivesSeen(folder, written, this.#seen);
  }
}

/** By device, what has the higher number; what this process has seen, if they are equal. */
function newest(written: DirectivesSeen, own: DirectivesSeen): DirectivesSeen {
  const newer = Object.entries(own).filter(
    ([device, { number }]) => number >= (ownValue(written, device)?.number ?? 0),
  );
  return { ...written, ...Object.fromEntries(newer) };
}
