import type { Command } from 'commander';
import { groupOf } from './command.js';
import type { Host } from './command.js';
import * as commands from './commands/index.js';
import { programOf, runProgram } from './runProgram.js';
import type { Streams } from './terminal.js';

/** Runs `tracecal` with these arguments. @returns The exit code. Nothing is thrown. */
export function runCli(args: readonly string[], streams: Streams): Promise<number> {
  return runProgram(args, streams, buildProgram);
}

/** All commands of `tracecal`. */
export function buildProgram(host: Host): Command {
  return programOf(host, (program) => [...commandsOf(host), commands.completion(host, () => program)]);
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
    commands.monitor(host),
    groupOf('monitoring', "What a site's monitor concludes, for its operator to read", [
      commands.monitoringAssess(host),
      commands.monitoringAssessments(host),
      commands.monitoringFindings(host),
      commands.monitoringFinding(host),
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
    groupOf(
      'founding',
      'The founding of a registry by institutes who each keep their root key on a machine of their own',
      [
        commands.foundingRoot(host),
        commands.foundingCreate(host),
        commands.foundingSign(host),
        commands.foundingShow(host),
        commands.foundingSubmit(host),
      ],
    ),
    groupOf('member', 'Members with their own keys, who found a consortium by files that they exchange', [
      commands.memberInit(host),
      commands.memberRequest(host),
      commands.memberShow(host),
      commands.memberAssemble(host),
      commands.memberSign(host),
      commands.memberCheck(host),
      commands.memberUp(host),
      commands.memberDown(host),
      commands.memberStatus(host),
      commands.memberInvite(host),
      commands.memberAccept(host),
      commands.memberAdopt(host),
      commands.memberRotate(host),
      commands.memberDeploy(host),
      commands.memberJoin(host),
    ]),
    groupOf('proposal', "Changes of channels' configurations, which members sign one after another as files", [
      commands.proposalCreate(host),
      commands.proposalShow(host),
      commands.proposalSign(host),
      commands.proposalMerge(host),
      commands.proposalApply(host),
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
