import { readExactText } from '@tracecal/gateway-client/application';
import { compareAudits, MOST_AUDIT_BYTES, readAudit } from '@tracecal/gateway-client/audit';
import type { AuditComparison } from '@tracecal/gateway-client/audit';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import type { Style } from '../style.js';
import { counted } from '../view/counts.js';
import { noteLines } from '../view/noteLines.js';

export function auditCompare(host: Host): Command {
  return commandOf<object>(
    {
      usage: 'compare <one> <two>',
      description:
        'Compare two audits of one thing, made at different times: a ledger only grows, so the later one contains the earlier one unchanged. If not, one of them is forged (exit code 1).',
      example: 'audit compare spring.audit.json autumn.audit.json',
      acting: 'none',
      async run({ terminal }, [one = '', two = '']) {
        const read = async (file: string) => readAudit(await readExactText(file, MOST_AUDIT_BYTES));
        const files = [one, two] as const;
        const comparison = compareAudits(await read(one), await read(two));
        terminal.result({ files, ...comparison }, (style) => describe(files, comparison, style));
        return comparison.consistent ? EXIT.yes : EXIT.failed;
      },
    },
    host,
  );
}

function describe(
  files: readonly [string, string],
  { consistent, earlier, since, differences }: AuditComparison,
  style: Style,
): string {
  const [before, after] = earlier === 0 ? files : [files[1], files[0]];
  if (consistent) {
    return `${style.green('✓')} ${after} contains ${before} unchanged, and ${counted(since, 'transaction')} since.`;
  }
  return [
    style.red(`One of the two is forged: ${after} does not contain ${before} unchanged.`),
    ...differences.flatMap(({ txId, says }) =>
      noteLines(`  ${says}${txId === '' ? '' : ` (transaction ${txId})`}`, style),
    ),
    ...noteLines(
      'Have the evidence of both (`tracecal audit ID --evidence FILE`) checked with `tracecal proof verify`: only the honest one follows from blocks that the orderers signed.',
      style,
    ),
  ].join('\n');
}
