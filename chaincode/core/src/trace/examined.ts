import { notSigned } from './checks/digest.js';
import { checks } from './checks/index.js';
import type { Link, TraceContext } from './checks/index.js';
import type { Edges } from './edges.js';
import { findings, told } from './examine.js';
import { givenOf } from './judge/given.js';
import { tooMuch } from './judge/limits.js';
import type { OpenReport } from './open/opened.js';
import type { Finding } from './verdict.js';

/** The findings at an edge: all of them, and those about the report itself. */
export interface Examined {
  readonly place: number;
  readonly all: readonly Finding[];
  readonly own: readonly Finding[];
}

interface Record {
  readonly edges: Edges;
  /** Whether the report is seen for the first time: then also what concerns the report alone is checked. */
  readonly isFirst: boolean;
}

/** Runs the checks over a link of the chain, and records its edge with what they find. */
export function examined(link: Link, context: TraceContext, { edges, isFirst }: Record): Examined {
  const { cited, report, path, reliant } = link;
  const affordable = !report.unread.some(({ why }) => why === 'too-many');
  const asked = checks.filter(({ about }) => about === 'citation' || isFirst);
  const found = asked.map((check) => ({ about: check.about, findings: findings(check, link, context) }));
  const all = [...(affordable ? [] : [tooMuch(report)]), ...found.flatMap((each) => each.findings)];
  const place = edges.record(
    path.length + 1,
    reliant,
    {
      report: cited.id,
      digest: report.said.digest,
      amendedBy: cited.id === report.id ? null : report.id,
      device: report.device.id,
      organisation: report.organisation,
      technician: report.payload.technician,
      ...(report.payload.certificate && { certificate: report.payload.certificate }),
      performed: report.payload.performed.end,
      registered: report.registered,
      gives: report.counted.filter(({ asFound }) => !asFound).map(givenOf),
    },
    all,
  );
  if (context.options.explain) {
    edges.tell(
      place,
      asked.flatMap((check) => told(check, link, context)),
    );
  }
  const own = found.flatMap((each) => (each.about === 'report' ? each.findings : []));
  return { place, all, own };
}

/** An amendment is compared with the cited report, and places where that was used are read by it. */
export function unreadIn(cited: OpenReport): readonly Finding[] {
  return cited.unread.map(({ quantity, why }) => (why === 'too-many' ? tooMuch(cited) : notSigned(cited, quantity)));
}
