import { MEASUREMENT_EVENTS } from '@tracecal/core/contracts';
import type { DirectiveGiven, DirectiveHead, DirectiveRecord } from '@tracecal/core/contracts';
import { DIRECTED_REQUESTS, readDirective, ROOM_FOR_REQUESTS, unverifiedDirective } from '@tracecal/core/directives';
import type { Directed, Directive, DirectiveKind } from '@tracecal/core/directives';
import { instantOf, millisecondsOf, RegistryError, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { Caller, LedgerWriter } from '../contract/index.js';
import { certificatesOf, registryName, requireKind, requireOfficer } from '../levels/index.js';
import { keys } from './keys.js';

/** How old a directive may be when it is submitted: longer than a line is down, shorter than anybody waits to use an old one. */
const MOST_AGE_MS = 7 * 24 * 3600 * 1000;

/**
 * Puts an operator's directive on its site's channel. Whoever submits it belongs to the operator, whose officer signed it; about every
 * device it has the next number, so that no gateway can be shown fewer than there are.
 *
 * @throws RegistryError `NOT_AUTHORISED`, `STANDING_INVALID`, `TIME_INVALID`, `ALREADY_EXISTS`, `INPUT_INVALID`, and those of
 * `readDirective`
 */
export async function giveDirective(state: LedgerWriter, caller: Caller, json: string): Promise<DirectiveGiven> {
  caller.requireRole('recorder');
  const own = await requireKind(state, caller, 'OEM');
  const { content, digest, envelope } = unverifiedDirective(json);
  const { operator, kind, devices } = content;
  if (!own.includes(operator)) {
    throw new RegistryError('NOT_AUTHORISED', `a directive of ${operator} is not for ${caller.mspId} to submit.`);
  }
  const pin = {
    registry: await registryName(state),
    operator,
    certificates: await certificatesOf(state, operator),
  };
  const { officer } = readDirective(envelope, pin);
  await requireOfficer(state, officer, envelope.certificate);
  requireRecent(content.date, state.now);
  await state.readAhead([keys.directive(digest), ...devices.map(({ id }) => keys.directiveHead(id))]);
  if (await state.read(keys.directive(digest))) {
    throw new RegistryError('ALREADY_EXISTS', `directive ${digest} was given before.`);
  }
  for (const directed of devices) {
    await number(state, content, directed, digest);
  }
  const { txId, time } = state.stamp;
  const record: DirectiveRecord = { ...envelope, digest, by: caller.mspId, recorded: state.stamp };
  state.write(keys.directive(digest), record);
  state.write(keys.given(time, txId), { digest });
  return state.conclude({
    type: MEASUREMENT_EVENTS.directiveGiven,
    digest,
    kind,
    devices: devices.map(({ id }) => id),
  });
}

async function number(
  state: LedgerWriter,
  { kind, date }: Directive,
  { id: device, number: own }: Directed,
  digest: string,
): Promise<void> {
  if (own === undefined) {
    return;
  }
  const head = await state.read<DirectiveHead>(keys.directiveHead(device));
  const next = (head?.number ?? 0) + 1;
  if (own !== next) {
    throw new RegistryError(
      own < next ? 'ALREADY_EXISTS' : 'INPUT_INVALID',
      `the next directive about ${device} has number ${next}, not ${own}: sign it again with this number.`,
    );
  }
  if (head && date < head.date) {
    throw new RegistryError(
      'TIME_INVALID',
      `directive ${own} about ${device} is dated ${date}, before the last one (${head.date}): sign it again.`,
    );
  }
  const released = kind === 'release' ? own : head?.released;
  requireRoom(kind, device, own - (released ?? 0));
  const now: DirectiveHead = { device, number: own, digest, date, ...(released !== undefined && { released }) };
  state.write(keys.directiveHead(device), now);
  state.write(keys.directed(device, own), { digest });
}

/** @param place - Among the directives since the last release. */
function requireRoom(kind: DirectiveKind, device: string, place: number): void {
  if (DIRECTED_REQUESTS.includes(kind) && place > ROOM_FOR_REQUESTS) {
    throw new RegistryError(
      'INPUT_INVALID',
      `there are ${place - 1} directives about ${device} since its last release: release it, then there is room for requests again.`,
    );
  }
}

function requireRecent(date: Instant, now: Instant): void {
  const [first, last] = [millisecondsOf(now) - MOST_AGE_MS, millisecondsOf(now) + TIME_WINDOW_MS].map(instantOf);
  if (first === undefined || last === undefined || date < first || date > last) {
    throw new RegistryError(
      'TIME_INVALID',
      `a directive dated ${date} cannot be given at ${now}: sign it at most 7 days before, and not ahead.`,
    );
  }
}
