import { GATE_OUTCOMES } from '@tracecal/gateway-client/device';
import type { Affected, Measurement } from '@tracecal/gateway-client/device';
import { withUnit } from '@tracecal/core/model';
import { counted } from '../../view/counts.js';
import { Chapters } from '../chapters.js';
import type { Revocation } from '../story.js';
import type { Anchored, Boot, FieldStory, Passage, Proved, Shown } from './fieldStory.js';
import type { FieldAudience } from './playField.js';

/** Tells the demo in the field to a viewer. */
export class FieldNarrator extends Chapters implements FieldAudience {
  title(): void {
    this.headline('TraceCal in the field: may this instrument be used now, and may its values be relied on?');
  }

  boots(boots: readonly Boot[]): void {
    this.open('Instruments are switched on: a gate checks each before it starts, and asks nobody');
    this.#boots(boots);
  }

  shown(shown: readonly Shown[]): void {
    this.open('They measure: every value is corrected by the calibration report and signed by the instrument');
    for (const { device, measurements, shown: indicated, first } of shown) {
      this.lines(
        `${device}  ${counted(measurements, 'value')}; the first one: shown ${withUnit(indicated, first.unit)}, so it was ${valueOf(first)}`,
      );
    }
  }

  passage(passage: Passage): void {
    this.open('A filter stands before the control system: one value came twice, one was changed on its way');
    this.#passage(passage);
  }

  anchored(anchored: readonly Anchored[]): void {
    this.open('The values stay with their owners; the ledger holds one digest of each batch');
    for (const { owner, batch } of anchored) {
      this.lines(
        `${batch.channel}  ${owner}: ${counted(batch.size, 'value')} under ${batch.root.slice(0, 32)}…, in block ${batch.block ?? '?'}`,
      );
    }
  }

  proved(proved: Proved): void {
    this.open('One value is shown to an outsider, in one file that can be checked without a network');
    this.#proved(proved);
  }

  revoked({ device, owner, reason, committed }: Revocation): void {
    this.open(`The standard ${device} of ${owner} turns out to be bad`);
    const { style } = this.terminal;
    this.lines(`${style.red('✗')} ${owner} revokes it: ${reason}.`, ...this.receipt(committed));
  }

  bootsAfter(boots: readonly Boot[]): void {
    this.open('The instruments are switched on again');
    this.#boots(boots);
  }

  passageAfter(passage: Passage): void {
    this.open('Somebody lets both measure all the same');
    this.#passage(passage);
  }

  affected(affected: readonly Affected[]): void {
    this.open('Which of the values that were measured earlier have lost their support');
    const { red, green } = this.terminal.style;
    for (const { device, supported, unsupported } of affected) {
      const mark = unsupported > 0 ? red('✗') : green('✓');
      this.lines(`${mark} ${device}: ${counted(supported, 'value')} supported, ${unsupported} not any more`);
    }
  }

  provedAfter(proved: Proved): void {
    this.open('The same value, shown again with the records of now');
    this.#proved(proved);
  }

  end({ bootsAfter, affected }: FieldStory): void {
    this.open('Results');
    const stopped = bootsAfter.filter(({ started }) => !started).length;
    const lost = affected.reduce((sum, { unsupported }) => sum + unsupported, 0);
    const { hint } = this.terminal.style;
    this.lines(
      `After the revocation ${counted(stopped, 'instrument')} of ${bootsAfter.length} may not be used, and ${counted(lost, 'value')} lost their support. Next: ${hint('gate --help')}, ${hint('measurement --help')}.`,
    );
  }

  #boots(boots: readonly Boot[]): void {
    const { red, green, dim } = this.terminal.style;
    for (const { device, outcome, started, why } of boots) {
      const code = outcome in GATE_OUTCOMES ? GATE_OUTCOMES[outcome as keyof typeof GATE_OUTCOMES] : 0;
      const found = started
        ? green(`✓ ${device} starts`)
        : red(`✗ ${device} does not start: ${outcome}, exit code ${code}`);
      this.lines(found, `    ${dim(why)}`);
    }
  }

  #passage({ filtered: { read, passed }, dropped }: Passage): void {
    const { red, green, dim } = this.terminal.style;
    this.lines(`${green('✓')} ${passed} of ${counted(read, 'value')} passed.`);
    // Many may be dropped for one reason: the first tells it.
    const shown = dropped.slice(0, MOST_DROPS);
    this.lines(...shown.map((why) => `${red('✗')} ${why}`));
    if (dropped.length > shown.length) {
      this.lines(dim(`  and ${dropped.length - shown.length} more`));
    }
  }

  #proved({ bytes, report: { measurement, verdict, notChecked }, anchored }: Proved): void {
    const { red, green, dim } = this.terminal.style;
    const mark = verdict.status === 'TRACEABLE' ? green('✓ TRACEABLE') : red(`✗ ${verdict.status}`);
    this.lines(
      `${mark}  ${measurement.device}, value ${measurement.sequence}: ${valueOf(measurement)}, at ${measurement.time}`,
      `    ${verdict.reason}`,
      `    ${dim(`The file has ${Math.ceil(bytes / 1000)} kB and does not show ${notChecked.join('; ')}.`)}`,
      `    ${dim(anchored ? 'Asked about that root alone, the ledger of the site says that it holds it.' : 'The ledger of the site does not hold that root.')}`,
    );
  }
}

const MOST_DROPS = 2;

function valueOf({ value, unit, uncertainty }: Measurement): string {
  const text = withUnit(Number(value.toPrecision(7)), unit);
  return uncertainty
    ? `${text} ± ${Number(uncertainty.expanded.toPrecision(2))} (k = ${uncertainty.coverageFactor})`
    : text;
}
