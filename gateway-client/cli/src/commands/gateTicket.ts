import { instantOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { signingKeyFrom } from '@tracecal/gateway-client';
import { ApplicationError, atomicWrite } from '@tracecal/gateway-client/application';
import {
  GATE_OUTCOMES,
  gateFilesIn,
  issueTicket,
  opens,
  readGate,
  spanOption,
  TICKET_OPTIONS,
  TicketCounter,
  USUAL_MAX_AGE_SECONDS,
} from '@tracecal/gateway-client/device';
import type { GateDecision, GateFiles, GateOutcome, Issued } from '@tracecal/gateway-client/device';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import { optionOf } from './gate.js';

interface Options {
  readonly key: string;
  readonly counter: string;
  readonly output: string;
  readonly validFor?: string;
  /** And those of the gate, as they were typed. */
  readonly [name: string]: string | undefined;
}

export function gateTicket(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'ticket <device>',
      description:
        'Write a ticket for a device that may be used: at most 512 bytes, which a microcontroller checks with one signature. Asks nobody, and the exit codes are those of the gate.',
      example:
        'gate ticket oem-a/RP4-0815 --bundle RP4-0815.bundle.json --log public/log --key gate.key.pem --counter tickets --output RP4-0815.ticket',
      acting: 'none',
      failureExit: GATE_OUTCOMES.broken,
      configure(command) {
        for (const option of TICKET_OPTIONS) {
          command.addOption(optionOf(option));
        }
        return command
          .requiredOption('--key <key>', 'the key of the gate: a PEM file, or pkcs11:... for one in a token')
          .requiredOption('--counter <folder>', 'where the last number of this key is remembered')
          .requiredOption('-o, --output <file>', 'where the ticket goes; an older one is replaced')
          .option(
            '--valid-for <span>',
            'how long the ticket is valid, if the gate would stay open so long (default: 24h)',
          );
      },
      async run({ terminal, data }, [device = ''], options) {
        const read = await readGate(gateFiles(device, { trust: data.trustFile, ...options }));
        const { asked, directed, stapled } = read;
        const [own] = stapled;
        const { clock } = asked;
        if (own === undefined || clock === null) {
          throw new ApplicationError('INPUT_INVALID', 'A ticket is about one device, and needs a clock.');
        }
        const validSeconds = spanOption('valid-for', options.validFor, USUAL_MAX_AGE_SECONDS);
        const key = await signingKeyFrom(options.key);
        try {
          const counter = new TicketCounter(options.counter);
          const quarantinedAt = (at: Instant) => directed.quarantined(device, at);
          const issued = await issueTicket(own, { ...asked, clock }, { key, counter, validSeconds, quarantinedAt });
          await read.remember(issued.decision);
          if (issued.ticket) {
            await atomicWrite(options.output, issued.ticket.bytes);
          }
          terminal.result(document(issued, key.publicKey, options.output), (style) =>
            describe(issued, options.output, style),
          );
          return exitOf(issued.decision.outcome);
        } finally {
          await key.close();
        }
      },
    },
    host,
  );
}

/** What commander has read, as the gate reads its own words. @throws RegistryError `INPUT_INVALID` */
function gateFiles(device: string, options: Readonly<Record<string, string | undefined>>): GateFiles {
  const text = (name: string) => options[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
  return gateFilesIn([device], text, (name) => text(name) !== undefined, TICKET_OPTIONS);
}

function exitOf(outcome: GateOutcome): number {
  return opens(outcome) ? EXIT.yes : GATE_OUTCOMES[outcome];
}

function document({ decision, ticket }: Issued, publicKey: Uint8Array, file: string) {
  return {
    outcome: decision.outcome,
    why: whyOf(decision),
    ticket: ticket && {
      file,
      bytes: ticket.bytes.length,
      device: ticket.device,
      registry: hex(ticket.registry),
      verdict: hex(ticket.verdict),
      end: ticket.end,
      until: instantOf(ticket.end * 1000),
      isShortened: ticket.isShortened,
      counter: ticket.counter,
      keyId: hex(ticket.keyId),
      publicKey: hex(publicKey),
    },
  };
}

function describe({ decision, ticket }: Issued, file: string, style: Style): string {
  if (!ticket) {
    return `${style.red('✗')} No ticket (${decision.outcome}): ${whyOf(decision)}`;
  }
  const lines = [
    `${style.green('✓')} Ticket ${ticket.counter} for ${ticket.device} until ${instantOf(ticket.end * 1000)}: ${file}, ${ticket.bytes.length} bytes, key ${hex(ticket.keyId)}.`,
  ];
  if (ticket.isShortened) {
    lines.push('It ends before the time that you asked for: from then on these files no longer open the gate.');
  }
  if (decision.outcome === 'grace') {
    lines.push(whyOf(decision));
  }
  return lines.join('\n');
}

function whyOf({ devices }: GateDecision): string {
  return devices[0]?.why ?? '';
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
