import { parseArgs } from 'node:util';
import { RegistryError } from '@tracecal/core/model';
import { secondsIn } from '../../client/span.js';
import { USUAL_MAX_AGE_SECONDS } from './checkGate.js';
import type { GateFiles } from './checkGate.js';

/** An option, for the parser, for help and for the completion of shells. */
export interface GateOption {
  /** `--max-age <span>`, `--no-clock`, `--from <url...>`. */
  readonly flags: string;
  readonly what: string;
  readonly choices?: readonly string[];
}

/** What a gate decides from. */
const BUNDLE: GateOption = { flags: '--bundle <file>', what: 'the bundle of the device' };
const SET: GateOption = {
  flags: '--set <file>',
  what: 'devices and their bundles that are used together (JSON): one verdict',
};
const SOURCES: readonly GateOption[] = [
  { flags: '--trust <file>', what: 'the trust file: whose word counts' },
  { flags: '--log <folder>', what: 'the change log: whether anything has changed since a bundle was made' },
  {
    flags: '--seen <file>',
    what: 'where the newest log is remembered, so that an older one is refused (default: LOG.seen.json)',
  },
];
const FILES: readonly GateOption[] = [BUNDLE, SET, ...SOURCES];
const AGE: readonly GateOption[] = [
  { flags: '--max-age <span>', what: 'how old the heartbeats may be (default: 24h)' },
  { flags: '--grace <span>', what: 'for how much longer the devices may be used after that (default: not at all)' },
  { flags: '--accept <status>', what: 'also accept an ATTESTED verdict', choices: ['attested'] },
];
const JUDGEMENT: readonly GateOption[] = [
  ...AGE,
  { flags: '--no-clock', what: 'this machine has no clock to trust: judge no age, only what was seen' },
];
const DIRECTED: readonly GateOption[] = [
  {
    flags: '--directives <folder>',
    what: "the operator's signed directives (`directive export`): which devices are in quarantine",
  },
  { flags: '--directives-age <span>', what: 'how old their export may be (default: any age)' },
  { flags: '--operator <file>', what: 'the pin file of the operator: whose directives count' },
];
const DIRECTIVES: readonly GateOption[] = [
  ...DIRECTED,
  { flags: '--override <file>', what: "an emergency: an officer's signed directive to use the devices all the same" },
];

/** What a ticket is decided from: of one device, by a clock, and without an override, of which a ticket could not tell. */
export const TICKET_OPTIONS: readonly GateOption[] = [BUNDLE, ...SOURCES, ...AGE, ...DIRECTED];
const JSON_OPTION: GateOption = { flags: '--json', what: 'print the whole decision on stdout' };

/** The commands of the gate with their options. The command line shows them from here, too. */
export const GATE_COMMANDS = {
  gate: {
    usage: '[device] [options] -- COMMAND...',
    description: 'Run a command only if all devices verify, from files. Without a command it only decides.',
    example: 'oem-a/sensor-17 --trust trust.json --bundle sensor-17.bundle.json --log log -- ./measure',
    options: [
      ...FILES,
      ...JUDGEMENT,
      ...DIRECTIVES,
      JSON_OPTION,
      {
        flags: '--prepare',
        what: 'keep what was compiled for this decision beside the gate: later starts are shorter',
      },
    ],
  },
  watch: {
    usage: '[device] [options] -- COMMAND...',
    description:
      'Verify again when the log has a new head, and after a span. Stop the command, mark a file, or call a command.',
    example: 'oem-a/sensor-17 --trust trust.json --bundle sensor-17.bundle.json --log log --stop -- ./measure',
    options: [
      ...FILES,
      ...JUDGEMENT,
      ...DIRECTIVES,
      { flags: '--every <span>', what: 'verify again after this span (default: 1h)' },
      {
        flags: '--stop',
        what: 'end the command when the devices may not be used any more (default where there is one)',
      },
      { flags: '--signal <name>', what: 'by which signal (default: SIGTERM; SIGKILL follows after 10 s)' },
      { flags: '--mark <file>', what: 'write the decision there, each time that it was verified' },
      {
        flags: '--call <command>',
        what: 'run this in a shell whenever the decision is another, with the decision on stdin',
      },
    ],
  },
  refresh: {
    usage: '[device] [options] --from URL...',
    description:
      'Fetch bundles and change log from sites that `tracecal proof publish` writes. Keeps the old ones if anything fails.',
    example:
      'oem-a/sensor-17 --trust trust.json --bundle sensor-17.bundle.json --log log --from https://proofs.example/',
    options: [
      ...FILES,
      ...JUDGEMENT,
      { flags: '--from <url...>', what: 'addresses of sites; the next one is asked if one fails' },
      { flags: '--log-only', what: 'fetch no bundles: then a site learns nothing about the devices' },
      {
        flags: '--jitter <span>',
        what: 'wait up to so long first, so that not all devices ask at once (default: 30s; 0: not)',
      },
      { flags: '--timeout <span>', what: 'how long all of it may take (default: 60s)' },
      JSON_OPTION,
    ],
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly usage: string;
      readonly description: string;
      readonly example: string;
      readonly options: readonly GateOption[];
    }
  >
>;

export type GateCommand = keyof typeof GATE_COMMANDS;

/** The words of a call, checked. */
export interface GateCall {
  readonly files: GateFiles;
  readonly isJson: boolean;
  /** What is to run; empty: nothing. */
  readonly command: readonly string[];
  /** The other options, by name. */
  readonly text: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
}

/**
 * Reads the words of a call. Whatever is not known is refused, and so is an option that is given twice: which one counts would be a guess.
 *
 * @throws RegistryError `INPUT_INVALID`
 */
export function parseGate(name: GateCommand, args: readonly string[]): GateCall {
  const options: readonly GateOption[] = GATE_COMMANDS[name].options;
  const end = args.indexOf('--');
  const [own, command] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  if (end >= 0 && command.length === 0) {
    throw usage('There is no command after --.');
  }
  const known = new Map(options.map((option) => [wordOf(option), option]));
  const { values, positionals, tokens } = parsed(own, known);
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'option') {
      const isList = known.get(token.name)?.flags.includes('...') === true;
      if (given.has(token.name) && !isList) {
        throw usage(`--${token.name} is given twice.`);
      }
      given.add(token.name);
    }
  }
  const text = (word: string): string | undefined => {
    const value = values[word];
    return typeof value === 'string' ? value : undefined;
  };
  const list = (word: string): readonly string[] =>
    [values[word] ?? []].flat().filter((each) => typeof each === 'string');
  // `--from a b`: what follows the first address are addresses, too.
  const addresses = known.has('from') ? positionals.filter(isAddress) : [];
  const devices = positionals.filter((word) => !addresses.includes(word));
  return {
    files: filesIn(devices, text, (word) => given.has(word), options),
    isJson: given.has('json'),
    command,
    text,
    list: (word) => (word === 'from' ? [...list(word), ...addresses] : list(word)),
    has: (word) => given.has(word),
  };
}

function isAddress(word: string): boolean {
  return /^https?:\/\//.test(word);
}

/** A span as an option has it. @throws RegistryError `INPUT_INVALID` */
export function spanOption(name: string, text: string | undefined, usual: number): number {
  return text === undefined ? usual : spanOf(name, text, secondsIn(text), 'a span of time like 15m, 24h or 7d');
}

/** A span where no time at all has a meaning, too. @throws RegistryError `INPUT_INVALID` */
export function spanOrZero(name: string, text: string | undefined, usual: number): number {
  const seconds = text === '0' ? 0 : secondsIn(text ?? '');
  return text === undefined ? usual : spanOf(name, text, seconds, '0, or a span of time like 30s or 7d');
}

function spanOf(name: string, text: string, seconds: number | undefined, what: string): number {
  if (seconds === undefined) {
    throw usage(`--${name} is ${JSON.stringify(text)}: write ${what}.`);
  }
  return seconds;
}

export function usage(why: string): RegistryError {
  return new RegistryError('INPUT_INVALID', `${why} Call it with --help.`);
}

function parsed(args: readonly string[], known: ReadonlyMap<string, GateOption>) {
  const options = Object.fromEntries(
    [...known].map(([word, { flags }]) => [
      word,
      { type: flags.includes('<') ? ('string' as const) : ('boolean' as const), multiple: flags.includes('...') },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (cause) {
    const [said = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/[.\n]/);
    throw usage(`${said}.`);
  }
}

function requireChoices(options: readonly GateOption[], text: (name: string) => string | undefined): void {
  for (const option of options) {
    const value = text(wordOf(option));
    if (option.choices !== undefined && value !== undefined && !option.choices.includes(value)) {
      throw usage(`--${wordOf(option)} is ${JSON.stringify(value)}: give ${option.choices.join(' or ')}.`);
    }
  }
}

function wordOf({ flags }: GateOption): string {
  return flags.replace(/^--/, '').replace(/ .*$/, '');
}

/** What the options of a gate name. @throws RegistryError `INPUT_INVALID` */
export function filesIn(
  devices: readonly string[],
  text: (name: string) => string | undefined,
  has: (name: string) => boolean,
  options: readonly GateOption[],
): GateFiles {
  requireChoices(options, text);
  const trust = text('trust');
  if (trust === undefined) {
    throw usage('Whose word counts is not said: name a trust file with --trust.');
  }
  if (has('no-clock') && (has('max-age') || has('grace') || has('directives-age'))) {
    throw usage('Without a clock there is no age: leave --max-age, --grace and --directives-age out.');
  }
  requireDirected(has);
  const [grace, directivesAge] = [text('grace'), text('directives-age')];
  return {
    devices: devicesIn(devices, text('bundle'), text('set')),
    trust,
    ...pathsIn(text),
    maxAgeSeconds: spanOption('max-age', text('max-age'), USUAL_MAX_AGE_SECONDS),
    ...(grace !== undefined && { graceSeconds: spanOrZero('grace', grace, 0) }),
    ...(directivesAge !== undefined && { directivesAgeSeconds: spanOption('directives-age', directivesAge, 0) }),
    acceptAttested: text('accept') === 'attested',
    hasClock: !has('no-clock'),
  };
}

/** Directives count by whose they are. @throws RegistryError `INPUT_INVALID` */
function requireDirected(has: (name: string) => boolean): void {
  const isDirected = has('directives') || has('override');
  if (isDirected && !has('operator')) {
    throw usage('Whose directives count is not said: name the pin file of the operator with --operator.');
  }
  if (has('operator') && !isDirected) {
    throw usage('An operator is named, and none of its directives: name their folder with --directives.');
  }
  if (has('directives-age') && !has('directives')) {
    throw usage('How old directives may be is said, and not where they are: name their folder with --directives.');
  }
}

/** Options whose value is a path of the same name. */
const PATHS = ['log', 'seen', 'directives', 'override', 'operator'] as const;

function pathsIn(text: (name: string) => string | undefined): Pick<GateFiles, (typeof PATHS)[number]> {
  return Object.fromEntries(
    PATHS.flatMap((name) => [[name, text(name)] as const].filter(([, path]) => path !== undefined)),
  );
}

function devicesIn(
  [device, ...others]: readonly string[],
  bundle: string | undefined,
  set: string | undefined,
): GateFiles['devices'] {
  if (others.length > 0) {
    throw usage('One device is named in a call: list several in a file (--set), and write -- before the command.');
  }
  if (set !== undefined && device === undefined && bundle === undefined) {
    return set;
  }
  if (set !== undefined || device === undefined || bundle === undefined) {
    throw usage('Name a device and its --bundle, or several in a file with --set.');
  }
  return [{ device, bundle }];
}
