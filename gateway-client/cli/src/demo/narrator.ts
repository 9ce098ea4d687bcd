import type { VerdictStatus } from '@tracecal/core/trace';
import { printable } from '@tracecal/gateway-client';
import type { Heartbeat } from '@tracecal/gateway-client/application';
import { affectedTable } from '../commands/affected.js';
import { padded } from '../text/width.js';
import { hanging } from '../text/wrap.js';
import { countsText } from '../view/counts.js';
import { paintOf } from '../view/paint.js';
import { table } from '../view/table.js';
import { traceTree } from '../view/traceTree.js';
import type { Player } from './cast.js';
import { Chapters } from './chapters.js';
import type { Audience } from './play.js';
import type { Evidence, ImportedDevice, RefusedFile, Revocation, Story, TimedTrace } from './story.js';

/** Tells the demo to a viewer. */
export class Narrator extends Chapters implements Audience {
  readonly #statuses = new Map<string, VerdictStatus>();

  title(): void {
    this.headline("TraceCal: does a sensor's calibration trace, unbroken, to a National Metrology Institute?");
  }

  cast(players: readonly Player[]): void {
    this.open('Who may calibrate: the institutes have founded the registry together');
    const columns = [
      { title: 'organisation', of: ({ id }: Player) => id },
      { title: 'certified by', of: ({ certifiedBy }: Player) => certifiedBy ?? 'a founder' },
      { title: 'technician', of: ({ technician }: Player) => technician },
      {
        title: 'accredited for',
        of: ({ scopes }: Player) => scopes.map(({ quantity }) => quantity).join(', ') || 'nothing',
      },
    ];
    this.lines(table(columns, players, this.style));
  }

  reports(examples: readonly ImportedDevice[]): void {
    this.open('Calibration certificates (DCC) become signed reports, which the owners of the devices accept');
    this.lines(...examples.flatMap(({ imported }) => this.#report(imported)));
  }

  visitors(reports: readonly ImportedDevice[], refused: readonly RefusedFile[]): void {
    this.open('Your certificates join them');
    this.lines(
      this.terminal.style.dim(
        'nmi-north plays the national institutes, lab-alpha all other laboratories. So most of them are ATTESTED at best; those older than 90 days are, too.',
      ),
      ...reports.flatMap(({ imported }) => this.#report(imported)),
    );
    for (const { file, error } of refused) {
      const { red, dim } = this.terminal.style;
      this.lines(`${red('✗')} ${printable(file)}`, `    ${dim(`${printable(error.message)} [${error.code}]`)}`);
    }
  }

  heartbeat({ epoch, digest, beats }: Heartbeat): void {
    this.open('The institutes sign everything that is on the ledger now');
    const { green, dim } = this.terminal.style;
    this.lines(
      `${green('✓')} Epoch ${epoch} is sealed: nothing enters it any more.`,
      ...beats.map(({ institute }) => `${green('✓')} ${institute} signs its digest ${dim(`${digest.slice(0, 32)}…`)}`),
    );
  }

  traces(traces: readonly TimedTrace[]): void {
    this.open('The question is asked: every signature and every check, from the sensor to the institute');
    this.#verdicts(traces);
    traces.forEach(({ verdict }) => this.#statuses.set(verdict.device, verdict.status));
  }

  revoked({ device, owner, reason, committed }: Revocation): void {
    this.open(`The standard ${device} of ${owner} turns out to be bad`);
    const { style } = this.terminal;
    this.lines(`${style.red('✗')} ${owner} revokes it: ${reason}.`, ...this.receipt(committed));
  }

  tracesAfter(traces: readonly TimedTrace[]): void {
    this.open('The same question, a moment later');
    this.#verdicts(traces.filter(({ verdict }) => this.#statuses.get(verdict.device) !== verdict.status));
    const same = traces.filter(({ verdict }) => this.#statuses.get(verdict.device) === verdict.status);
    const { style } = this.terminal;
    this.lines(
      '',
      ...same.map(
        ({ verdict: { status, device } }) => `${paintOf(status, style)(status)}  ${device}${style.dim(', as before')}`,
      ),
    );
  }

  sites(sites: Story['sites']): void {
    this.open('Each sensor maker puts its verdicts on record, where its rival sees nothing and the monitor reads');
    for (const { channel, owner, devices, committed, monitor, counts } of sites) {
      this.lines(
        `${channel}  ${owner} records ${devices.join(', ')}; ${monitor} reads: ${countsText(counts)}`,
        ...this.receipt(committed),
      );
    }
  }

  affected(affected: Story['affected']): void {
    this.open('Who has to be told');
    this.lines(affectedTable(affected, this.style));
  }

  evidence(evidence: readonly Evidence[]): void {
    this.open('Evidence: every step is a transaction that organisations endorsed');
    const { dim } = this.terminal.style;
    const digits = Math.max(0, ...evidence.map(({ committed }) => String(committed.blockNumber).length));
    for (const { what, committed } of evidence) {
      const block = padded(String(committed.blockNumber), digits);
      this.lines(
        ...hanging(
          `${dim('block')} ${block}  `,
          `${printable(what)}${dim(`, endorsed by ${committed.endorsedBy.join(', ')}`)}`,
          this.style.columns,
        ),
        `      ${dim(committed.txId)}`,
      );
    }
  }

  /** Repeats the verdicts at the end, where the reader looks. */
  end(traces: readonly TimedTrace[], tracesAfter: readonly TimedTrace[], sentence: string): void {
    this.open('Results');
    const after = new Map(tracesAfter.map(({ verdict }) => [verdict.device, verdict.status]));
    const columns = [
      { title: 'device', of: ({ verdict }: TimedTrace) => verdict.device },
      { title: 'before', of: ({ verdict }: TimedTrace) => verdict.status },
      { title: 'after', of: ({ verdict }: TimedTrace) => after.get(verdict.device) ?? null },
    ];
    this.lines(table(columns, traces, this.style), '', sentence);
  }

  #report(imported: ImportedDevice['imported']): readonly string[] {
    const { report, device, owner, technician, parents, accepted, signature } = imported;
    const { green, yellow, dim } = this.terminal.style;
    const standards = parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : []));
    const signers = [technician, ...standards].join(' and ');
    const rest = parents.length === 0 ? 'names no standard' : `rests on ${parents.map(nameOf).join(', ')}`;
    return [
      `${green('✓')} ${printable(report)}  ${dim('of')} ${printable(device)}`,
      `    ${dim(`signed by ${signers}, ${accepted ? 'accepted' : 'not accepted yet'} by ${owner}; ${printable(rest)}`)}`,
      ...(signature === null ? [] : [`    ${yellow(printable(signature))}`]),
    ];
  }

  #verdicts(traces: readonly TimedTrace[]): void {
    traces.forEach(({ verdict, ms }, index) => {
      this.lines(...(index === 0 ? [] : ['']), traceTree(verdict, this.style), this.terminal.style.dim(`${ms} ms`));
    });
  }
}

function nameOf(parent: ImportedDevice['imported']['parents'][number]): string {
  return parent.kind === 'report' ? parent.report : `${parent.certificate} (${parent.kind})`;
}
