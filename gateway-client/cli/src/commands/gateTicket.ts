import { instantOf } from '@tracecal/core/model';
import { inForce, readTrustFile, signingKeyFrom, trustedRoots } from '@tracecal/gateway-client';
import {
  ApplicationError,
  atomicWrite,
  logFolder,
  readExactText,
  readSeen,
  writeSeen,
} from '@tracecal/gateway-client/application';
import { GATE_OUTCOMES, issueTicket, opens, TicketCounter } from '@tracecal/gateway-client/device';
import type { GateDecision, GateOutcome, Issued, TicketAsked } from '@tracecal/gateway-client/device';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import { Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { EXIT } from '../exit.js';
import * as parse from '../parse.js';
import type { Style } from '../style.js';
import { trustOption, trustPath } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly bundle: string;
  readonly key: string;
  readonly counter: string;
  readonly output: string;
  readonly log?: string;
  readonly seen?: string;
  readonly maxAge?: number;
  readonly grace?: number;
  readonly accept?: 'attested';
  readonly validFor?: number;
}

/** A day. */
const USUAL_SPAN = 86_400;

export function gateTicket(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'ticket <device>',
      description:
        'Write a ticket for a device that may be used: at most 512 bytes, which a microcontroller checks with one signature. Asks nobody, and the exit codes are those of the gate.',
      example:
        'gate ticket oem-a/RP4-0815 --bundle RP4-0815.bundle.json --log public/log --key gate.key.pem --counter tickets --output RP4-0815.ticket',
      acting: 'none',
      configure: (command) =>
        trustOption(command)
          .requiredOption('--bundle <file>', 'the bundle about the device (proof create)')
          .requiredOption('--key <key>', 'the key of the gate: a PEM file, or pkcs11:... for one in a token')
          .requiredOption('--counter <folder>', 'where the last number of this key is remembered')
          .requiredOption('--output <file>', 'where the ticket goes; an older one is replaced')
          .option(
            '--log <folder>',
            'the change log (log export): whether anything has changed since the bundle was made',
          )
          .option('--seen <file>', 'remember here the newest log that was seen, and refuse older ones')
          .option('--max-age <span>', 'how old the heartbeats may be (default: 24h)', parse.span)
          .option('--grace <span>', 'how much older they may be, if nothing else is wrong', parse.span)
          .option(
            '--valid-for <span>',
            'how long the ticket is valid, if the gate would stay open so long (default: 24h)',
            parse.span,
          )
          .addOption(
            new Option('--accept <status>', "accept a verdict that rests on somebody's word").choices(['attested']),
          ),
      async run({ terminal, data }, [device = ''], options) {
        const asked = await askedBy(options, data);
        const bundle = await readExactText(options.bundle, MOST_BUNDLE_BYTES);
        const key = await signingKeyFrom(options.key);
        try {
          const counter = new TicketCounter(options.counter);
          const issued = await issueTicket({ device, bundle }, asked, {
            key,
            counter,
            validSeconds: options.validFor ?? USUAL_SPAN,
          });
          if (options.seen !== undefined && issued.decision.seen) {
            await writeSeen(options.seen, issued.decision.seen);
          }
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

/** @throws ApplicationError `INPUT_INVALID` */
async function askedBy(options: Options, data: DataDirectory): Promise<TicketAsked> {
  const { log, seen, maxAge, grace, accept } = options;
  if (log === undefined && seen !== undefined) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'What --seen remembers is about the change log: name its folder with --log.',
    );
  }
  const trust = inForce(await readTrustFile(trustPath(options, data)));
  return {
    trust: { ...trust, roots: trustedRoots(trust) },
    ...(log !== undefined && { log: logFolder(log) }),
    clock: {
      now: instantOf(Date.now()),
      maxAgeSeconds: maxAge ?? USUAL_SPAN,
      ...(grace !== undefined && { graceSeconds: grace }),
    },
    seen: seen === undefined ? null : await readSeen(seen),
    acceptAttested: accept === 'attested',
  };
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
