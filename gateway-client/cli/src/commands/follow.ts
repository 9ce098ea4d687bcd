import { setTimeout as pause } from 'node:timers/promises';
import { TraceCalError } from '@tracecal/gateway-client';
import { describeFailure } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import type { Trust } from '@tracecal/gateway-client';
import { Follower, readPin } from '@tracecal/gateway-client/replica';
import type { FollowOptions, Pin, Place, Progress } from '@tracecal/gateway-client/replica';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host, Invocation } from '../command.js';
import { EXIT } from '../exit.js';
import { spellHints } from '../hint.js';
import { interruptible } from '../network/interruption.js';
import { list } from '../parse.js';
import { withSession } from '../session.js';
import { progressText, replicaLines } from '../view/replicaText.js';
import { channelSource } from './channelSource.js';
import { channelTrust, trustOption } from './trustOptions.js';
import type { TrustOptions } from './trustOptions.js';

interface Options extends TrustOptions {
  readonly genesis?: string;
  readonly peers?: readonly string[];
  readonly once?: true;
  readonly keepBlocks?: true;
}

/** Interval between questions for the height of the channel. */
const POLL_MS = 1000;
const MOST_PAUSE_MS = 60_000;

/** What another attempt may cure. Everything else shows a lie, or a mistake of the user. */
const PASSING = ['UNAVAILABLE', 'TIMED_OUT', 'NOT_READY', 'PEER_BEHIND', 'CLIENT_CLOSED', 'NETWORK_FAILED'];

const HELP = `
The copy believes no peer. Of each block it checks the hash chain, the signatures of the orderers, and changed configurations with the signatures of those who had to sign; of each transaction the signatures, the endorsements and the reads. Which transactions are valid it finds out itself. With --peers it also compares what several members' peers have.

A trust file whose section "channel" names the channel's first block and its newest known configuration says which channel is meant: no other one is taken, and no other configuration in the place of that one. Without it, give the hash of the channel's first block, or the file of a configuration block, from somebody whom you trust (--genesis). Without both, the first block that a peer sends is believed, once; it never changes afterwards.

A block that is refused is not taken: it is kept in the folder "refused" of the copy, beside the block that it contradicts. After an interruption of any kind it goes on where it was. Ask the copy with \`trace DEVICE --replica FOLDER\`: that asks nobody.`;

export function follow(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'follow <folder>',
      description: 'Keep a copy of the ledger in a folder and verify each block, until Ctrl-C.',
      example: 'follow replica --trust trust.json --peers nmi-north,lab-alpha',
      reads: true,
      configure: (command) =>
        trustOption(command)
          .option('--genesis <hash>', "hash of the channel's first block, or a file with a configuration block")
          .option('--peers <organisations>', 'whose peers are followed and compared (default: of --as)', list)
          .option('--once', 'take the blocks that there are, and end')
          .option('--keep-blocks', 'keep whole blocks as well, for `audit --replica`: only from the beginning')
          .addHelpText('after', HELP),
      async run(invocation, [folder = ''], options) {
        const pin = options.genesis === undefined ? undefined : await readPin(options.genesis);
        const trust = await channelTrust(options, invocation.data);
        const following = new Following(invocation, options, folder, { ...(pin && { pin }), ...(trust && { trust }) });
        await (options.once ? following.once() : interruptible((signal) => following.untilStopped(signal)));
        return EXIT.yes;
      },
    },
    host,
  );
}

/** What the user has from somebody else than the peers. */
interface Beginning {
  readonly pin?: Pin;
  readonly trust?: Trust;
}

/** Follows for one command. */
class Following {
  readonly #invocation: Invocation;
  readonly #options: Options;
  readonly #folder: string;
  readonly #beginning: Beginning;
  #shown = 0;
  #failures = 0;

  constructor(invocation: Invocation, options: Options, folder: string, beginning: Beginning) {
    this.#invocation = invocation;
    this.#options = options;
    this.#folder = folder;
    this.#beginning = beginning;
  }

  once(): Promise<void> {
    return this.#connected((follower) => this.#catchUp(follower));
  }

  /** Goes on after troubles that pass; a lie ends it. */
  async untilStopped(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#connected(async (follower) => {
          while (!signal.aborted) {
            await this.#catchUp(follower, signal);
            this.#failures = 0;
            await waited(POLL_MS, signal);
          }
        });
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.#failures += 1;
        this.#warn(error);
        await waited(Math.min(POLL_MS * 2 ** this.#failures, MOST_PAUSE_MS), signal);
      }
    }
  }

  #connected(work: (follower: Follower) => Promise<void>): Promise<void> {
    const { timeoutMs: patienceMs } = this.#invocation;
    return withSession(
      this.#invocation,
      async (session) => {
        const follower = new Follower({ ...(await this.#source(session)), patienceMs });
        try {
          await work(follower);
        } finally {
          await follower.close();
        }
      },
      'each',
    );
  }

  async #source(session: Session): Promise<FollowOptions> {
    const { peers = [], keepBlocks } = this.#options;
    const beginning = performance.now();
    return {
      replica: this.#folder,
      ...(await channelSource(this.#invocation, session, peers)),
      ...(keepBlocks && { keepBlocks }),
      ...this.#beginning,
      onProgress: (progress: Progress) => {
        this.#invocation.terminal.progress(progressText(progress, (performance.now() - beginning) / 1000));
      },
    };
  }

  async #catchUp(follower: Follower, signal?: AbortSignal): Promise<void> {
    const place = await follower.catchUp(signal);
    if (place.height !== this.#shown) this.#show(place);
    this.#shown = place.height;
  }

  #show(place: Place): void {
    const { terminal } = this.#invocation;
    const document = { replica: this.#folder, ...place };
    if (terminal.isJson && !this.#options.once) terminal.verbatim(JSON.stringify(document));
    else terminal.result(document, (style) => replicaLines(place, style).join('\n'));
  }

  #warn(error: unknown): void {
    const { terminal } = this.#invocation;
    const { code, message } = describeFailure(error);
    terminal.error(spellHints(message, terminal.errorStyle.hint), code);
  }
}

function isPassing(error: unknown): boolean {
  const cause = error instanceof TraceCalError ? error : error instanceof Error ? error.cause : undefined;
  return cause instanceof TraceCalError && PASSING.includes(cause.code);
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
