import { MAX_NONCE } from '@tracecal/core/contracts';
import { OWNED_ID, QUANTITY } from '@tracecal/core/model';
import type { TraceQuestion } from '../../client/index.js';
import { placeIn, placeText } from '../../client/placeText.js';
import { invalid } from './problem.js';

/** What an outsider asks of a service: a device, and a word that nobody else knows beforehand. */
export interface Challenge extends Pick<TraceQuestion, 'quantity' | 'at'> {
  /** The whole id of the device. */
  readonly device: string;
  readonly nonce: string;
}

/** Where a service answers. */
export const BUNDLE_PATH = '/bundle';

const NONCE = new RegExp(`^[A-Za-z0-9._~-]{1,${MAX_NONCE}}$`);
const MOST_PLACE = 1024;

/** The parameters, with what to say where one is wrong. */
const WORDS = {
  device: 'Give the whole id of a device, like device=oem-a/sensor-17.',
  nonce: `Give a nonce of 1 to ${MAX_NONCE} letters, digits or any of ._~- that you made at random.`,
  quantity: 'Give a kind of quantity by its name, like quantity=temperature.',
  at: 'Give one value, arguments as name=value, or both, with commas between them, like at=10,frequency=50.',
} as const;

/** The parameters of an address that asks this. */
export function parametersOf({ device, nonce, quantity, at }: Challenge): URLSearchParams {
  return new URLSearchParams({
    device,
    nonce,
    ...(quantity !== undefined && { quantity }),
    ...(at && { at: placeText(at) }),
  });
}

/** @throws Problem with status 400 */
export function challengeIn(parameters: URLSearchParams): Challenge {
  requireNames([...parameters.keys()]);
  const quantity = given(parameters, 'quantity', (text) => (QUANTITY.test(text) ? text : undefined));
  const at = given(parameters, 'at', (text) => (text.length <= MOST_PLACE ? placeIn(text) : undefined));
  return {
    device: needed(parameters, 'device', OWNED_ID),
    nonce: needed(parameters, 'nonce', NONCE),
    ...(quantity !== undefined && { quantity }),
    ...(at && { at }),
  };
}

type Name = keyof typeof WORDS;

function requireNames(names: readonly string[]): void {
  const known = Object.keys(WORDS);
  if (names.some((name) => !known.includes(name))) throw invalid(`Ask with ${known.join(', ')} only.`);
  if (new Set(names).size < names.length) throw invalid('Give each parameter once.');
}

function needed(parameters: URLSearchParams, name: Name, form: RegExp): string {
  const text = parameters.get(name) ?? '';
  if (!form.test(text)) throw invalid(WORDS[name]);
  return text;
}

function given<T>(parameters: URLSearchParams, name: Name, read: (text: string) => T | undefined): T | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const value = read(text);
  if (value === undefined) throw invalid(WORDS[name]);
  return value;
}
