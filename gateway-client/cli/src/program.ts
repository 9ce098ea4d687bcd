import { failureLine, GATE_OUTCOMES } from '@tracecal/gateway-client/device';
import { Command, Help } from 'commander';
import type { CommanderError } from 'commander';
import { groupOf } from './command.js';
import type { Host } from './command.js';
import * as commands from './commands/index.js';
import { ENVIRONMENT_WORDS } from './environment.js';
import { EXIT, EXIT_WORDS } from './exit.js';
import { hintsFor } from './hint.js';
import { styleFor } from './style.js';
import type { Style } from './style.js';
import { Terminal } from './terminal.js';
import type { Streams } from './terminal.js';
import { hanging } from './text/wrap.js';
import { usageSentence } from './usage.js';
import { versionOf } from './version.js';

/** Runs `tracecal` with these arguments. @returns The exit code. Nothing is thrown. */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  let exitCode: number = EXIT.yes;
  const { call = 'tracecal' } = streams;
  const program = buildProgram({ streams, call, exit: (code) => (exitCode = code) });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    if (error.refusal.exitCode === 0) {
      return EXIT.yes;
    }
    const isGate = isBelowGate(error.command);
    if (isGate && error.command.name() !== 'ticket') {
      streams.stderr.write(`${failureLine(error.command.name(), error.refusal.message)}\n`);
      return GATE_OUTCOMES.broken;
    }
    const isJson = args.includes('--json');
    const terminal = new Terminal(streams, isJson, { colour: !args.includes('--no-color'), hint: hintsFor(call) });
    const message = usageSentence(error.refusal, error.command, terminal.errorStyle.hint);
    terminal.error(message, 'USAGE');
    if (isJson) {
      terminal.result({ error: { code: 'USAGE', message } }, () => '');
    }
    return isGate ? GATE_OUTCOMES.broken : EXIT.input;
  }
}

/** The gate and its commands have their own exit codes, also for words that are not understood. */
function isBelowGate(command: Command): boolean {
  const parent = command.parent;
  return parent !== null && ((command.name() === 'gate' && parent.parent === null) || isBelowGate(parent));
}

/** Commander ends the program here: it refused a call, or has shown help or the version. */
class UsageError extends Error {
  constructor(
    readonly refusal: CommanderError,
    readonly command: Command,
  ) {
    super(refusal.message, { cause: refusal });
  }
}

/** All commands of `tracecal`. */
export function buildProgram(host: Host): Command {
  const { hint } = styleFor(host.streams.stdout, host.streams.environment, { hint: hintsFor(host.call) });
  const program = new Command('tracecal')
    .description('Calibration traceability to a National Metrology Institute, on a consortium ledger.')
    .version(versionOf(), '-v, --version')
    // Of options that `gate` and the commands below it have in common, each gets its own.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `\nStart with ${hint('demo')}, or ${hint('up')} for a network that stays.\n\nEnvironment:\n${linesOf(ENVIRONMENT_WORDS)}\n\nExit codes:\n${exitLines()}`,
    );
  for (const command of [...commandsOf(host), commands.completion(host, () => program)]) {
    program.addCommand(command);
  }
  inherit(program, host.streams);
  return program;
}

function linesOf(words: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(words).map((name) => name.length));
  return Object.entries(words)
    .map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)
    .join('\n');
}

function exitLines(): string {
  return Object.entries(EXIT)
    .map(([name, code]) => `  ${code}  ${EXIT_WORDS[name as keyof typeof EXIT]}`)
    .join('\n');
}

function commandsOf(host: Host): readonly Command[] {
  return [
    commands.demo(host),
    commands.up(host),
    commands.down(host),
    commands.reset(host),
    commands.backup(host),
    commands.restore(host),
    commands.status(host),
    commands.doctor(host),
    commands.trace(host),
    groupOf('proof', 'Verdicts in files, for anybody to check without this network', [
      commands.proofCreate(host),
      commands.proofComplete(host),
      commands.proofVerify(host),
      commands.proofPublish(host),
      commands.proofServe(host),
      commands.proofAsk(host),
      commands.proofSchema(host),
    ]),
    commands.gate(host).addCommand(commands.gateTicket(host)),
    groupOf('org', 'Organisations', [
      commands.orgAdd(host),
      commands.orgList(host),
      commands.orgRenew(host),
      commands.orgShow(host),
    ]),
    groupOf('scopes', 'What organisations are accredited for', [
      commands.scopesGrant(host),
      commands.scopesList(host),
      commands.scopesRenew(host),
      commands.scopesReduce(host),
    ]),
    groupOf('officer', "Officers, who sign in their organisation's name", [
      commands.officerAdd(host),
      commands.personList('officer', host),
      commands.personShow('officer', host),
    ]),
    groupOf('technician', 'Technicians', [
      commands.technicianAdd(host),
      commands.technicianAuthorise(host),
      commands.personList('technician', host),
      commands.personShow('technician', host),
    ]),
    groupOf('device', 'Devices', [
      commands.deviceAdd(host),
      commands.deviceList(host),
      commands.deviceRenew(host),
      commands.deviceSetInterval(host),
      commands.deviceShow(host),
      commands.deviceTransfer(host),
    ]),
    groupOf('pseudonym', 'What stands behind pseudonyms', [commands.pseudonymOpen(host), commands.pseudonymShow(host)]),
    groupOf('certificate', "Certificates of keys that lie in another data directory than their certifier's", [
      commands.certificateRequest(host),
      commands.certificateIssue(host),
      commands.certificateInstall(host),
    ]),
    groupOf('keys', 'Keys of readers, to which confidential results are encrypted', [
      commands.keysMake(host),
      commands.keysAdd(host),
      commands.keysList(host),
    ]),
    groupOf('report', 'Calibration reports', [
      commands.reportIssue(host),
      commands.reportAmend(host),
      commands.reportDecision('accept', host),
      commands.reportDecision('reject', host),
      commands.reportList(host),
      commands.reportShow(host),
      commands.reportOriginal(host),
      commands.reportExport(host),
      commands.reportDisclose(host),
      commands.reportFetch(host),
      commands.reportRead(host),
      commands.reportVouch(host),
      commands.reportPurge(host),
    ]),
    groupOf('consent', 'What owners accept beforehand', [commands.consentGive(host)]),
    groupOf('requirements', 'What owners require of their devices', [
      commands.requirementsSet(host),
      commands.requirementsShow(host),
      commands.requirementsCheck(host),
    ]),
    commands.standing('revoke', host),
    commands.standing('suspend', host),
    commands.reinstate(host),
    commands.heartbeat(host),
    groupOf('statement', 'Signed statements in files, which members pass on to one another', [
      commands.statementShow(host),
      commands.statementSign(host),
      commands.statementSubmit(host),
    ]),
    groupOf('dcc', 'Digital calibration certificates', [
      commands.dccInspect(host),
      commands.dccValidate(host),
      commands.dccSeal(host),
      commands.dccDraft(host),
      commands.dccImport(host),
      commands.dccConfirm(host),
    ]),
    commands.anchor(host),
    commands.examples(host),
    commands.affected(host),
    commands.review(host),
    commands.history(host),
    commands.audit(host).addCommand(commands.auditCompare(host)),
    commands.find(host),
    commands.due(host),
    commands.watch(host),
    commands.follow(host),
    commands.compare(host),
    commands.outcome(host),
    groupOf(
      'measurement',
      "What devices measure, signed by them, and verdicts on record: a site's operator writes them, its monitor reads them",
      [
        commands.measurementSign(host),
        commands.measurementAnchor(host),
        commands.measurementAnchored(host),
        commands.measurementProve(host),
        commands.measurementVerify(host),
        commands.measurementAffected(host),
        commands.measurementFilter(host),
        commands.measurementRecord(host),
        commands.measurementVerdicts(host),
        commands.measurementBatches(host),
      ],
    ),
    groupOf('directive', "What a site's operator directs about devices, and what their gateways answer", [
      commands.directiveGive(host),
      commands.directiveSubmit(host),
      commands.directiveList(host),
      commands.directiveAnswer(host),
      commands.directiveExport(host),
    ]),
    groupOf('monitoring', "What a site's monitor concludes from its verdicts, for its operator to read", [
      commands.monitoringAssess(host),
      commands.monitoringAssessments(host),
    ]),
    groupOf('trust', 'The roots that you trust', [
      commands.trustShow(host),
      commands.trustAdd(host),
      commands.trustRemove(host),
      commands.trustExport(host),
      commands.trustUpdate(host),
    ]),
    groupOf(
      'log',
      'The change log: what was registered about anything, without saying what, signed by the institutes',
      [commands.logExport(host), commands.logCompare(host)],
    ),
    groupOf('bucket', 'Verdicts about many devices at once, so that nobody tells which one is meant', [
      commands.bucketFill(host),
    ]),
    groupOf('network', 'The consortium', [
      commands.networkDescribe(host),
      commands.networkAddOrg(host),
      commands.networkRemoveOrg(host),
      commands.networkRotate(host),
    ]),
    groupOf('member', 'Members with their own keys, who found a consortium by files that they exchange', [
      commands.memberInit(host),
      commands.memberRequest(host),
      commands.memberShow(host),
      commands.memberAssemble(host),
      commands.memberSign(host),
      commands.memberCheck(host),
    ]),
    groupOf('firewall', 'Firewalls of the machines in the consortium, derived from its description', [
      commands.firewallGenerate(host),
      commands.firewallExplain(host),
      commands.firewallCheck(host),
    ]),
    groupOf('chaincode', 'Chaincodes of the consortium', [
      commands.chaincodeList(host),
      commands.chaincodeUpgrade(host),
      commands.chaincodeStage(host),
    ]),
  ];
}

/** Commander copies these settings only to commands that it makes itself. */
function inherit(command: Command, streams: Streams): void {
  const out = styleFor(streams.stdout, streams.environment);
  const err = styleFor(streams.stderr, streams.environment);
  command
    .configureHelp({
      minWidthToWrap: 20,
      // Every command has options.
      subcommandTerm: (child) => new Help().subcommandTerm(child).replace(' [options]', ''),
    })
    .exitOverride((refusal) => {
      throw new UsageError(refusal, command);
    })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(helpText(text, out)),
      writeErr: (text) => streams.stderr.write(helpText(text, err)),
      // Said once, with the command that was meant: see runCli.
      outputError: () => undefined,
      getOutHelpWidth: () => out.columns,
      getErrHelpWidth: () => err.columns,
    });
  command.commands.forEach((child) => {
    inherit(child, streams);
  });
}

/** Commander wraps its own lines; those that follow them are wrapped here. A line of an example in JSON stays as it is. */
function helpText(text: string, style: Style): string {
  return style
    .text(text)
    .split('\n')
    .flatMap((line) => {
      const [indent = ''] = /^ *(?:\d+ {2})?/.exec(line) ?? [];
      return /^\s*[[{}"\]]/.test(line)
        ? [line]
        : hanging(indent, line.slice(indent.length), style.columns, ' '.repeat(indent.length));
    })
    .join('\n');
}
