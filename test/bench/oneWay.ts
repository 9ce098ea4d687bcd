import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { machineNamed, planFirewall, rulesetOf } from '@tracecal/network/firewall';
import { Namespaces } from '../support/firewall/namespaces.js';
import { placedConsortium, SAMPLE_FIREWALL } from '../support/firewall/placedConsortium.js';
import { median } from './measure.js';

const PROGRAM = join(__dirname, '..', 'support', 'firewall', 'datagrams.js');
const GATEWAY = '10.6.3.2';
const COLLECTOR = '10.8.4.2';
const PORT = SAMPLE_FIREWALL.zones.find(({ oneWayPort }) => oneWayPort !== undefined)!.oneWayPort!;
const RATES = [100, 1000, 5000, 10_000, 20_000, 50_000];
/** A reading with its signature. */
const BYTES = 512;
const SECONDS = 3;
/** What is on its way or in a buffer when the last one has been sent. */
const SETTLE_MS = 1000;

interface Round {
  readonly sent: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly received: number;
  /** Lost because the receiver did not fetch them in time. */
  readonly overflowed: number;
}

/** What is lost of numbered datagrams from a gateway to a collector, through the rules of both, at several rates. */
export async function oneWayNumbers(rounds: number): Promise<readonly string[]> {
  const lab = new Namespaces([{ address: GATEWAY }, { address: COLLECTOR }], []);
  try {
    await lab.start();
    const plan = planFirewall(placedConsortium(), new Map(), new Date().toISOString().slice(0, 10));
    for (const address of [GATEWAY, COLLECTOR]) lab.load(address, rulesetOf(plan, machineNamed(plan, address)));
    const lines = [
      `One-way UDP, datagrams of ${BYTES} bytes for ${SECONDS} s, ${rounds} rounds: median loss (smallest to largest)`,
    ];
    for (const rate of RATES) {
      const measured: Round[] = [];
      for (let round = 0; round < rounds; round += 1) measured.push(await attempt(lab, rate));
      const losses = measured.map(({ sent, received }) => 100 * (1 - received / sent));
      const perSecond = median(measured.map((each) => each.perSecond));
      const [least, most] = [Math.min(...losses), Math.max(...losses)];
      lines.push(
        `  ${rate}/s (reached ${perSecond}/s): ${percent(median(losses))} (${percent(least)} to ${percent(most)}); ` +
          `${total(measured, lostOf)} lost of ${total(measured, ({ sent }) => sent)}, ` +
          `${total(measured, ({ overflowed }) => overflowed)} in the buffer of the receiver, ` +
          `${total(measured, ({ refused }) => refused)} refused by the sender`,
      );
    }
    return lines;
  } finally {
    lab.stop();
  }
}

async function attempt(lab: Namespaces, rate: number): Promise<Round> {
  const before = lab.droppedAtBuffer(COLLECTOR);
  const receiver = lab.spawn(COLLECTOR, [PROGRAM, 'receive', String(PORT)]);
  const lines = createInterface({ input: receiver.stdout });
  await once(lines, 'line');
  const sender = lab.spawn(GATEWAY, [PROGRAM, 'send', COLLECTOR, ...[PORT, rate, SECONDS, BYTES].map(String)]);
  const [sent] = (await once(createInterface({ input: sender.stdout }), 'line')) as [string];
  await pause(SETTLE_MS);
  receiver.stdin.end();
  const [received] = (await once(lines, 'line')) as [string];
  const overflowed = lab.droppedAtBuffer(COLLECTOR) - before;
  const counted = JSON.parse(received) as Pick<Round, 'received'>;
  return { ...(JSON.parse(sent) as Pick<Round, 'sent' | 'refused' | 'perSecond'>), ...counted, overflowed };
}

function lostOf({ sent, received }: Round): number {
  return sent - received;
}

function total(rounds: readonly Round[], of: (round: Round) => number): number {
  return rounds.reduce((sum, round) => sum + of(round), 0);
}

function percent(value: number): string {
  return `${value === 0 ? '0' : value.toFixed(3)} %`;
}
