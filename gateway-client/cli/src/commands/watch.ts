import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  describeFailure,
  execSink,
  ownersOf,
  registeredId,
  WatchRounds,
  webhookSink,
  webhookUrl,
} from '@tracecal/gateway-client/application';
import type { Notice, Session, Sink, Watched } from '@tracecal/gateway-client/application';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { CLI_ERRORS, CliError } from '../errors.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { collect, daysAhead, span } from '../parse.js';
import { withSession } from '../session.js';
import { noticeText } from '../view/noticeText.js';
import { rootsAsked, trustForQuestion, trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly owner?: string;
  readonly device?: readonly string[];
  readonly exec?: string;
  readonly webhook?: string;
  readonly within?: number;
  readonly every?: number;
  readonly once?: true;
  readonly name?: string;
}

/** Interval between questions for the ledger's height, and the pause after notices were not taken. */
const POLL_MS = 5000;
const MOST_PAUSE_MS = 300_000;

const HELP = `
Says which of your devices are affected by what was registered (a revocation, suspension, amendment or other change anywhere above them), which have another verdict since something expired, are due, are new, or have a report that waits or counts now. What was registered is only a hint: each device is asked about anew.

With --json it prints a line of JSON for each notice. --exec runs a command for each notice, which gets that line on stdin; --webhook posts it. What is not taken is kept and comes again, marked with "repeated". How far the ledger was read is kept in the data directory: after a restart it goes on there. Run one process for one --name.`;

export function watch(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'watch',
      description: 'Follow the registry, and say what happens to your devices until Ctrl-C.',
      example: 'watch --owner oem-a --exec ./notify.sh',
      reads: true,
      configure: (command) =>
        trustOption(command)
          .option('--owner <organisation>', 'whose devices (default: of --as, or of all whose keys are here)')
          .addOption(new Option('--device <id>', 'this device; may be repeated').argParser(collect).conflicts('owner'))
          .option('--exec <command>', 'run this for each notice, which comes as JSON on stdin')
          .addOption(new Option('--webhook <url>', 'post each notice to this address').conflicts('exec'))
          .option('--within <days>', 'how far ahead "due soon" reaches (default: as the owner says, or 30d)', daysAhead)
          .option('--every <span>', 'how often to look for what expired without an event (default: 1h)', span)
          .option('--once', 'say what happened since the last time, and end: for cron')
          .option('--name <word>', 'remember under this name what was said (default: one for these devices)', nameOf)
          .addHelpText('after', HELP),
      async run(invocation, _args, options) {
        const follower = new Follower(invocation, options);
        if (options.once) {
          await follower.round(true);
          follower.requireTaken();
          return EXIT.yes;
        }
        await follower.follow();
        return EXIT.yes;
      },
    },
    host,
  );
}

/** Follows for one command, round by round. Each round opens its own connection, so a broken one needs no repair. */
class Follower {
  readonly #invocation: Invocation;
  readonly #options: Options;
  readonly #sink: Sink;
  #rounds: WatchRounds | undefined;
  #failure: unknown;
  #failures = 0;

  constructor(invocation: Invocation, options: Options) {
    this.#invocation = invocation;
    this.#options = options;
    this.#sink = sinkOf(invocation, options);
  }

  /** @throws CliError `NOT_DELIVERED` if the last round ended with notices that were not taken */
  requireTaken(): void {
    if (this.#failure !== undefined) {
      const sentence = `${CLI_ERRORS.NOT_DELIVERED.sentence} ${describeFailure(this.#failure).message}.`;
      throw new CliError('NOT_DELIVERED', sentence, { cause: this.#failure });
    }
  }

  async follow(): Promise<void> {
    const stopping = new AbortController();
    const stop = () => {
      stopping.abort();
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    let nextLook = 0;
    while (!stopping.signal.aborted) {
      const isLook = performance.now() >= nextLook;
      try {
        await this.round(isLook);
        nextLook = isLook ? performance.now() + (this.#options.every ?? 3600) * 1000 : nextLook;
        this.requireTaken();
        this.#failures = 0;
      } catch (error) {
        this.#failures += 1;
        this.#warn(error);
      }
      const ms = Math.min(POLL_MS * 2 ** Math.min(this.#failures, 10), MOST_PAUSE_MS);
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }

  /** Reads new events, checks for expiry if it is time, and sends notices. */
  async round(isLook: boolean): Promise<void> {
    const trust = await trustForQuestion(this.#options, this.#invocation.data);
    const work = async (session: Session) => {
      const watched = await watchedBy(session, this.#options);
      const { within: withinDays = null } = this.#options;
      const question = trust ? rootsAsked(trust) : {};
      const options = { watched, question, withinDays };
      this.#failure = await this.#roundsFor(watched).round(await session.reader(), options, this.#sink, isLook);
    };
    // The number of devices has no limit.
    await withSession(this.#invocation, work, 'each');
  }

  /** Whose keys are here, and so which devices are watched, may change meanwhile. */
  #roundsFor(watched: Watched): WatchRounds {
    const file = this.#fileOf(watched);
    this.#rounds = this.#rounds?.file === file ? this.#rounds : new WatchRounds(file);
    return this.#rounds;
  }

  #fileOf(watched: Watched): string {
    const { data } = this.#invocation;
    const named = this.#options.name ?? createHash('sha256').update(JSON.stringify(watched)).digest('hex').slice(0, 16);
    return join(data.watch, named);
  }

  #warn(error: unknown): void {
    const { terminal } = this.#invocation;
    const { code, message } = describeFailure(error);
    terminal.error(spellHints(message, terminal.errorStyle.hint), code);
  }
}

/** Without `--exec` and `--webhook`, a printed notice counts as delivered. */
function sinkOf({ terminal }: Invocation, { exec, webhook }: Options): Sink {
  const forward =
    exec !== undefined ? execSink(exec) : webhook !== undefined ? webhookSink(webhookUrl(webhook)) : undefined;
  const printed = new Set<string>();
  return async (notice: Notice) => {
    if (!printed.has(notice.id)) {
      printed.add(notice.id);
      if (terminal.isJson) {
        terminal.verbatim(JSON.stringify(notice));
      }
      terminal.say(noticeText(notice, terminal.style));
    }
    await forward?.(notice);
    printed.delete(notice.id);
  };
}

async function watchedBy(session: Session, { device, owner }: Options): Promise<Watched> {
  if (device === undefined) {
    return { owners: await ownersOf(session, owner) };
  }
  const devices = await Promise.all(device.map((given) => registeredId(session, 'device', given)));
  return { devices: [...new Set(devices)].sort() };
}

function nameOf(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)) {
    throw new InvalidArgumentError('Write up to 64 letters, digits, - and _.');
  }
  return text;
}
