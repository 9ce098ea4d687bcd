import { overrideOf, readDirectives, standingOf } from '@tracecal/core/directives';
import type { DeviceStanding, Directives, OperatorPin, Override } from '@tracecal/core/directives';
import { millisecondsOf, ownValue, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { exactText } from '../../client/exactText.js';
import { directivesIn } from '../directives/folder.js';
import type { DirectivesInFolder } from '../directives/folder.js';
import { readDirectivesSeen, writeDirectivesSeen } from '../directives/memory.js';
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

const MOST_BYTES = 16_777_216;
const NO_DIRECTIVES: DirectivesInFolder = { read: [], broken: [], exported: null };
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
  const pin = operatorPinOf(await exactText(operator, MOST_BYTES));
  const found = directives === undefined ? NO_DIRECTIVES : await directivesIn(directives, pin);
  const seen = directives === undefined ? {} : await readDirectivesSeen(directives);
  const ageAt = (at: Instant | null): string | undefined => whyTooOld(found, directivesAgeSeconds, at);
  const standing = (device: string, at: Instant | null): DeviceStanding =>
    standingOf(found, { device, at, seen: ownValue(seen, device) ?? null });
  const standings = new Map(devices.map((device) => [device, standing(device, now)]));
  const overriding = override === undefined ? found : await withOverride(found, override, pin);
  return {
    quarantined: (device, at) =>
      (at === undefined ? standings.get(device) : standing(device, at))?.quarantined ?? ageAt(at ?? now),
    // Where something is missing, it may be a quarantine that was signed after the override.
    overridden: (device) =>
      override === undefined || now === null || standings.get(device)?.doubt !== undefined
        ? null
        : overrideOf(overriding, device, now),
    async remember() {
      const news = [...standings].flatMap(([device, { seen: own }]) => (own ? [[device, own] as const] : []));
      if (directives !== undefined) {
        await writeDirectivesSeen(directives, seen, Object.fromEntries(news));
      }
    },
  };
}

/** Says why an export is too old to tell what the operator directs. An override counts all the same: the network may be down. */
function whyTooOld(
  { exported }: DirectivesInFolder,
  ageSeconds: number | undefined,
  at: Instant | null,
): string | undefined {
  if (ageSeconds === undefined || exported === null || at === null) {
    return undefined;
  }
  const [age, ahead] = [millisecondsOf(at) - millisecondsOf(exported), `the directives were exported on ${exported}`];
  if (age < -TIME_WINDOW_MS) {
    return `${ahead}, which lies ahead: check the clock`;
  }
  return age > ageSeconds * 1000 ? `${ahead}, which is longer ago than they may be old: export them again` : undefined;
}

/** One sentence for the journal: who has overridden the gate, until when, why, and what it would have said. */
export function overrideText({ officer, until, reason, digest }: Override, outcome: string, why: string): string {
  return `Overridden by ${officer} until ${until} (${reason}; directive ${digest}). Without it: ${outcome}: ${why}`;
}

async function withOverride({ read }: Directives, path: string, pin: OperatorPin): Promise<Directives> {
  const own = readDirectives([{ name: path, text: await exactText(path, MOST_BYTES) }], pin);
  const [broken] = own.broken;
  if (broken !== undefined) {
    throw new RegistryError('INPUT_INVALID', `the override does not count: ${broken}`);
  }
  return { read: [...read, ...own.read], broken: [] };
}
