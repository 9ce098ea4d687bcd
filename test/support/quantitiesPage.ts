import { EXACT_RELATIONS, KINDS, PUBLISHED_CONSTANTS, unitText } from '@tracecal/core/model';
import type { QuantityKind } from '@tracecal/core/model';

const AREAS: Readonly<Record<string, string>> = {
  AUV: 'Acoustics, ultrasound, vibration',
  EM: 'Electricity and magnetism',
  L: 'Length',
  M: 'Mass and related quantities',
  PR: 'Photometry and radiometry',
  QM: 'Chemistry',
  RI: 'Ionising radiation',
  T: 'Thermometry',
  TF: 'Time and frequency',
};

/** docs/quantities.md: the published vocabulary for people, made from its data. */
export function quantitiesPage(): string {
  const kinds = KINDS.filter(({ members }) => members.length === 0);
  const families = KINDS.filter(({ members }) => members.length > 0);
  return `${[
    INTRODUCTION,
    ...Object.entries(AREAS).map(([area, title]) =>
      section(
        `${title} (${area})`,
        kinds.filter(({ kcdb }) => kcdb?.area === area),
      ),
    ),
    section(
      'Without a service in the KCDB',
      kinds.filter(({ kcdb }) => kcdb === null),
    ),
    GENERAL_WORDS,
    table(
      ['word', 'may mean', 'also called'],
      families.map(({ name, members, aliases }) => [code(name), members.map(code).join(', '), aliases.join(', ')]),
    ),
    RELATIONS,
    table(
      ['from', 'to', 'relation'],
      EXACT_RELATIONS.filter((_, i) => i % 2 === 0).map(({ from, to, note }) => [code(from), code(to), escaped(note)]),
    ),
    CONSTANTS,
    table(
      ['constant', 'symbol', 'value', 'unit'],
      PUBLISHED_CONSTANTS.map(({ name, symbol, value, unit }) => [
        name,
        symbol,
        String(Number(value.toPrecision(10))),
        unitText(unit),
      ]),
    ),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Kinds of quantity

A result states what was measured, apart from its unit: torque and energy share the newton metre, and \`\\one\` may be a relative
humidity, a voltage ratio or a gauge factor. Results support each other within one kind, or between kinds with an exact relation.
This page lists the kinds by the areas of the BIPM key comparison database (KCDB). It is made from \`chaincode/core/src/model/kindTable\`,
and a test compares both; \`TRACECAL_WRITE_DOCS=1\` makes the test write it. The branch is where the KCDB lists calibration and
measurement capabilities for the kind, as a help for searching; the KCDB itself decides.

**Scale** says how values compare. On a _ratio_ scale zero means none of it, and relative uncertainties carry over. On an _additive_
scale only differences mean something. A _coefficient_ is a property of a device over its arguments, compared relatively.

**Values** say what a standard covers where it also states other arguments. Of a _range_ (a temperature at a depth, a voltage at a
frequency) it covers only the values that it was calibrated for at those arguments. A _finding_ (an error, an AC-DC difference over
frequency, a sensitivity) is whatever was found there, so any value may be found where the arguments are covered.

**Differences.** Every kind has a difference: its name with \`-difference\`, for example \`gauge-pressure-difference\`. A difference is
additive, a finding, and is stated in the units of its kind, without their zero points: 5 °C is then 5 K. A deviation, an
error or a correction that stands alone is a difference.

**Kinds that are not listed.** Any other lower-case words joined by hyphens name a kind, if they say what is measured and are not
a unit. Such a kind supports the same name only, in comparable units, and is additive: no row at zero goes without a reference, and
nothing is scaled from other values. Its values are a range. There is no kind "other". Wherever a person writes a kind (options of
the command line, mapping files, files of results and of scopes, certificates on paper) such a kind is written \`own:NAME\`, so that no
slip of the pen becomes a kind: \`temprature\` is refused, \`own:wobble\` means \`wobble\`. Reports and verdicts show the name alone.

**Units** are those of D-SI. The first is the coherent one; every unit of its dimension fits, except one whose words name another
kind: \`\\becquerel\` is never a frequency. Levels (\`\\decibel\`, \`\\bel\`, \`\\neper\`) have a dimension of their own, and are never compared
with \`\\one\`. Percent and parts per million are factors of one.`;

const GENERAL_WORDS = `## General words

These words leave open which kind is meant. A certificate that uses nothing else needs a mapping file or an answer; a record that
keeps the word supports the same word only.`;

const RELATIONS = `## Exact relations

These need no measured quantity, hold both ways, and are noted in the verdict. The standard uncertainty is interpolated in
the kind that the standard states, and converted to first order. Everything else (a mass from a conventional mass, a temperature from W,
rad/s from Hz) needs a declared model.`;

const CONSTANTS = `## Constants of nature

The defining constants of the SI, and what follows from them without a measurement. A constant of a declared product or sum that has
a unit is one of these (or one over it), by its value to nine digits and its unit, or it counts as a measured input.`;

function section(title: string, kinds: readonly QuantityKind[]): string {
  const rows = kinds.map(({ name, scale, values, units, kcdb, aliases, note }) => [
    code(name),
    scale,
    values,
    units.map(code).join(' '),
    kcdb?.branch ?? '',
    escaped([aliases.join(', '), ...(note === null ? [] : [note])].filter((text) => text !== '').join('. ')),
  ]);
  return `## ${title}\n\n${table(['kind', 'scale', 'values', 'units', 'KCDB branch', 'also called; notes'], rows)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function escaped(text: string): string {
  return text.replace(/[|*]/g, '\\$&');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
