import { overrideOf, readDirectives } from '@tracecal/core/directives';
import type { Directives, OperatorPin, Override } from '@tracecal/core/directives';
import { millisecondsOf, RegistryError } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { exactText } from '../../client/exactText.js';
import { MOST_BYTES_OF } from '../../files/index.js';
import { OperatorDirectives } from '../directives/operatorDirectives.js';
import { operatorPinOf } from '../directives/pin.js';

/** Where a gate has the operator's directives from. */
export interface DirectiveFiles {
  /** The folder into which the operator's signed directives were exported: which devices are in quarantine. */
  readonly directives?: string;
  /** How old that export may be; by default its age does not matter. */
  readonly directivesAgeSeconds?: number;
  /** The file of an officer's signed override, for an emergency. */
  readonly override?: string;
  /** The pin file of the operator: whose directives count. */
  readonly operator?: string;
}

/** What the operator directs about the devices of a gate. */
export interface Directed {
  /** Why nothing of a device may be used. It is undefined if no quarantine holds and nothing is in doubt. @param at - Another moment than that of the decision. */
  quarantined(device: string, at?: Instant): string | undefined;
  /** The override that holds for a device, or null if nobody has overridden the gate. */
  overridden(device: string): Override | null;
  /** Remembers what was seen, so that no directive can be taken away later. */
  remember(): Promise<void>;
}

const NOTHING: Directed = {
  quarantined: () => undefined,
  overridden: () => null,
  remember: () => Promise.resolve(),
};

/**
 * Reads the operator's directives. What cannot be read keeps the gate closed.
 *
 * @param now - Null on a machine without a clock: then every quarantine counts until a release, and no override does.
 * @throws RegistryError, TraceCalError
 */
export async function directedBy(
  { directives, directivesAgeSeconds, override, operator }: DirectiveFiles,
  devices: readonly string[],
  now: Instant | null,
): Promise<Directed> {
  if (directivesAgeSeconds !== undefined && (directives === undefined || now === null)) {
    throw new RegistryError(
      'INPUT_INVALID',
      'the age of directives is asked for: name their folder, and have a clock.',
    );
  }
  if (directives === undefined && override === undefined) {
    return NOTHING;
  }
  if (operator === undefined) {
    throw new RegistryError('INPUT_INVALID', 'whose directives count is not said: name the pin file of the operator.');
  }
  const pin = operatorPinOf(await exactText(operator, MOST_BYTES_OF.operatorPin));
  const read =
    directives === undefined
      ? OperatorDirectives.none()
      : await OperatorDirectives.read(directives, pin, {
          ageSeconds: directivesAgeSeconds,
          ...(now !== null && { now: () => millisecondsOf(now) }),
        });
  const standings = new Map(devices.map((device) => [device, read.standing(device, now)]));
  const overriding = override === undefined ? read.all : await withOverride(read.all, override, pin);
  return {
    quarantined: (device, at) =>
      (at === undefined ? standings.get(device) : read.standing(device, at))?.quarantined ?? read.whyTooOld(at ?? now),
    // Where something is missing, it may be a quarantine that was signed after the override.
    overridden: (device) =>
      override === undefined || now === null || standings.get(device)?.doubt !== undefined
        ? null
        : overrideOf(overriding, device, now),
    remember: () => read.remember(devices, now),
  };
}

/** One sentence for the journal: who has overridden the gate, until when, why, and what it would have said. */
export function overrideText({ officer, until, reason, digest }: Override, outcome: string, why: string): string {
  return `Overridden by ${officer} until ${until} (${reason}; directive ${digest}). Without it: ${outcome}: ${why}`;
}

async function withOverride({ read }: Directives, path: string, pin: OperatorPin): Promise<Directives> {
  const own = readDirectives([{ name: path, text: await exactText(path, MOST_BYTES_OF.directive) }], pin);
  const [broken] = own.broken;
  if (broken !== undefined) {
    throw new RegistryError('INPUT_INVALID', `the override does not count: ${broken}`);
  }
  return { read: [...read, ...own.read], broken: [] };
}
